/** From a portal to the account and back to the portal, in one browser that never types its password again. */
import { fetchUserInfo } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SimulatedRegistry, startRegistry } from '../../../sandbox/registry/registry.ts';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { codeIn, type Mail, openMail } from '../../support/mail.ts';
import { press } from '../../support/newcomers.ts';
import { dictation } from '../../support/portals.ts';
import { registeringAt } from '../../support/registering.ts';
import type { RelyingParty } from '../../support/relying-party.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { toSignIn } from '../../support/walks.ts';

const CODE = /код подтверждения/i;
const TOKEN = 'a token of some length';
const M05 = {
  ...{ family: 'Мамедов', given: 'Рашад', middle: 'Али оглы', birthdate: '30.11.1980' },
  ...{ ticket: '9900000000000052', union_pd: 'yes' },
};
const M29B = {
  ...{ family: 'Морозова', given: 'Ия', middle: 'Павловна', birthdate: '23.07.1971' },
  ...{ ticket: '9900 0000 0000 0318', union_pd: 'yes' },
};
const M15 = {
  ...{ family: 'Тихонова', given: 'Лидия', middle: 'Марковна', sex: 'female', birthdate: '11.11.1958' },
  ...{ phone: '89000000015', organisation_query: 'сош 15', unit: '', employment: 'worker' },
  ...{ purpose: 'enrolment', union_pd: 'yes', organisation: 'P-01' },
};

let mail: Mail;
let register: SimulatedRegistry | undefined;
let open: OpenHouse;
let quiz: RelyingParty;
let port: number;
beforeAll(async () => {
  mail = await openMail();
  port = await freePort();
  register = await startRegistry({ port, token: TOKEN });
  open = await openHouse({
    ...{ ...(await testStores()), SMTP_URL: mail.smtpUrl },
    ...{ REGISTRY_URL: `${register.url}/`, REGISTRY_TOKEN: TOKEN },
  });
  quiz = await dictation(open);
});
afterAll(async () => {
  await open.close();
  await register?.close();
  await mail.close();
});

const textOf = (page: Page) => page.html.querySelector('main')?.structuredText ?? '';
const sign = async (person: Visitor, overview: Page, email: string): Promise<Page> => {
  let page = overview;
  for (const form of overview.html.querySelectorAll('form[action$="/open"]')) {
    const text = await press(person, page, new RegExp(`^${form.getAttribute('action')}$`));
    page = await person.open(
      new URL(text.html.querySelector('main a.button')?.getAttribute('href') ?? '', text.url),
    );
  }
  const code = await press(person, page, /documents\/sign$/);
  return press(person, code, /^\/join\/code$/, { code: codeIn(await mail.take(email, CODE)) });
};
const query = (text: string, values: string[] = []) => open.house.stores.database.query(text, values);

describe('the whole way', () => {
  it('leads a member from the portal through the wizard, and back signed in', async () => {
    const person = visitor();
    const email = 'rashad@example.test';
    const { started, page } = await toSignIn(person, quiz);
    const create = page.html.querySelectorAll('a').find(({ text }) => text.trim() === 'Создать');
    const here = registeringAt(open.issuer, mail);
    const question = await here.register(
      person,
      { email },
      new URL(create?.getAttribute('href') ?? '', page.url).search,
    );
    // A key to the wizard is no session.
    expect((await person.open(`${open.issuer}/cabinet`)).url.pathname).toMatch(/^\/interaction\//);

    const form = await press(person, question, /^\/join\/question$/, { answer: 'yes' });
    expect(form.url.pathname).toBe('/join/ticket');
    const matched = await press(person, form, /^\/join\/ticket$/, M05);
    const done = await sign(person, await press(person, matched, /continue$/), email);
    expect(textOf(done)).toContain('Вернуться на портал «Профсоюзный диктант»');

    const back = await person.submit(done, /done\/portal$/);
    const arrived = await person.follow(back, quiz.isCallback);
    expect(quiz.isCallback(arrived.url)).toBe(true);
    const tokens = await quiz.finish(arrived.url, started);
    const claims = await fetchUserInfo(quiz.config, tokens.access_token, tokens.claims()!.sub);
    expect(claims).toMatchObject({ given_name: 'Рашад', membership: 'member' });

    // The wizard is closed behind her.
    expect((await person.open(`${open.issuer}/join/done`)).url.pathname).toBe('/join/done');
  });

  it('keeps the code and the documents while the register is away at the moment of signing', async () => {
    const person = visitor();
    const email = 'iya@example.test';
    const question = await registeringAt(open.issuer, mail).register(person, { email });
    const form = await press(person, question, /^\/join\/question$/, { answer: 'yes' });
    const matched = await press(person, form, /^\/join\/ticket$/, M29B);
    const documents = await press(person, matched, /continue$/);
    await press(person, documents, /\/open$/);
    const code = await press(person, documents, /documents\/sign$/);
    const digits = codeIn(await mail.take(email, CODE));

    await register?.close();
    register = undefined;
    const away = await person.submit(code, /^\/join\/code$/, { code: digits });
    expect(away.status).toBe(422);
    expect(away.html.querySelector('.summary a')?.text).toMatch(/^Единый реестр сейчас не отвечает/);
    register = await startRegistry({ port, token: TOKEN });
    const attempt = async () =>
      (await person.submit(code, /^\/join\/code$/, { code: digits })).headers.get('location');
    // The gateway asks a register that failed again after a rest.
    await expect.poll(attempt, { timeout: 20_000, interval: 500 }).toBe('/join/done');
  });

  it('takes an application while the register is away, and brings it there once', async () => {
    const person = visitor();
    const email = 'lidia@example.test';
    const question = await registeringAt(open.issuer, mail).register(person, { email });
    const form = await press(person, question, /^\/join\/question$/, { answer: 'no' });
    const review = await press(person, form, /^\/join\/application$/, M15);
    expect(review.url.pathname).toBe('/join/review');
    await register?.close();
    register = undefined;
    const done = await sign(person, review, email);
    expect(done.html.querySelector('h1')?.text).toBe('Ваше заявление получено');
    expect(textOf(done)).toContain('если реестр сейчас недоступен, передадим сами');
    const home = await press(person, done, /done\/cabinet$/);
    expect(home.url.pathname).toBe('/cabinet');

    // an applicant takes part at once.
    const started = await quiz.start();
    const arrived = await person.follow(await person.request(started.url), quiz.isCallback);
    const tokens = await quiz.finish(arrived.url, started);
    const claims = await fetchUserInfo(quiz.config, tokens.access_token, tokens.claims()!.sub);
    expect(claims).toMatchObject({ membership: 'applicant' });

    const mine = `select state from application
      where account_id = (select account_id from identifier where kind = 'email' and value = $1)`;
    const state = async () => (await query(mine, [email]))[0]?.state;
    expect(await state()).toBe('signed');
    register = await startRegistry({ port, token: TOKEN });
    await expect.poll(state, { timeout: 20_000, interval: 200 }).toMatch(/^(delivered|received)$/);
    const told = await person.open(`${open.issuer}/join/done`);
    expect(textOf(told)).toContain('Оно передано в АИС');
  });
});
