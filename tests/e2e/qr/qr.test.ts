/** A phone signs a computer in: the way, the refusals, and what somebody would try with a picture of a code. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markOf } from '../../../provider/qr/qr-sign-ins.ts';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { dictation } from '../../support/portals.ts';
import type { RelyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { fillIn, signIn, toSignIn } from '../../support/walks.ts';

const MARIA = 'ivanova@example.test';

let open: OpenHouse;
let quiz: RelyingParty;
beforeAll(async () => {
  open = await openHouse(await testStores());
  quiz = await dictation(open);
});
afterAll(() => open.close());

const title = (page: Page) => page.html.querySelector('h1')?.text;
const cookieOf = async ({ jar }: Visitor, url: string, name: string): Promise<string> =>
  (await jar.getCookies(url)).find(({ key }) => key === name)?.value ?? '';

/** A computer that shows a code. */
async function toCode(parameters?: Record<string, string>) {
  const computer = visitor();
  const { started, page } = await toSignIn(computer, quiz, parameters);
  const shown = await computer.follow(await computer.submit(page, /\/qr$/));
  const [secret = ''] = (await cookieOf(computer, shown.url.href, 'qr')).split('.');
  const number = shown.html.querySelector('.qr-number')?.text ?? '';
  const code = shown.html.querySelector('.user-code')?.text ?? '';
  return { computer, started, page, shown, secret, number, code, link: `${open.issuer}/qr/${secret}` };
}

async function phoneOf(email: string): Promise<Visitor> {
  const phone = visitor({ 'user-agent': 'Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile' });
  await signIn(phone, quiz, { identifier: email });
  return phone;
}
const answer = async (phone: Visitor, question: Page, given: string) =>
  phone.submit(question, /^\/qr$/, { answer: given });
const numbersOn = (page: Page) =>
  page.html.querySelectorAll('button[name=answer]').map((button) => button.getAttribute('value') ?? '');
const state = async ({ computer, shown }: Awaited<ReturnType<typeof toCode>>) =>
  (await computer.open(`${shown.url.href}/state`)).body;

describe('the way', () => {
  it('computer shows, phone names the number, the computer goes on as her with the level of the phone', async () => {
    const asked = await toCode();
    const { computer, started, shown, number, link } = asked;
    const picture = await computer.open(
      new URL(shown.html.querySelector('img.qr')?.getAttribute('src') ?? '', shown.url),
    );
    expect(picture.headers.get('content-type')).toBe('image/svg+xml');
    expect(picture.headers.get('cache-control')).toBe('no-store');
    expect(shown.html.querySelector('noscript')?.innerHTML).toContain('refresh');
    expect(await state(asked)).toBe('waiting');

    const phone = await phoneOf(MARIA);
    const question = await phone.open(link);
    expect(question.url.pathname).toBe('/qr');
    expect(title(question)).toBe('Это Вы входите на компьютере?');
    expect(question.body).toContain('Firefox · Linux');
    expect(question.body).toContain('Профсоюзный диктант');
    expect(numbersOn(question)).toContain(number);
    expect(title(await phone.follow(await answer(phone, question, number)))).toBe('Вход подтверждён');

    expect(await state(asked)).toBe('over');
    const arrived = await computer.follow(await computer.request(shown.url), quiz.isCallback);
    const claims = (await quiz.finish(arrived.url, started)).claims();
    expect(claims).toMatchObject({ acr: 'urn:opo:loa:1', amr: ['qr', 'pwd'] });
    const session = await cookieOf(phone, open.issuer, 'session');
    const onPhone = await open.house.gateway.provider().Session.find(session);
    expect(claims?.auth_time).toBe(onPhone?.loginTs);
    const events = await open.house.stores.database.query<{ reason: string }>(
      `select reason from audit where event = 'qr_answer'`,
    );
    expect(events.map(({ reason }) => reason)).toContain('confirmed');
  });

  it('a phone that is not signed in signs in first, and is asked then', async () => {
    const { number, link } = await toCode();
    const phone = visitor();
    const page = await phone.open(link);
    expect(title(page)).toBe('Вход');
    const question = await fillIn(phone, quiz, page, { identifier: MARIA });
    expect(numbersOn(question)).toContain(number);
  });

  it('a code typed in other letters leads to the same question', async () => {
    const { code, number } = await toCode();
    const phone = await phoneOf(MARIA);
    const page = await phone.open(`${open.issuer}/qr`);
    const alike: Record<string, string> = { B: 'в', C: 'с', H: 'н', K: 'к', M: 'м', P: 'р', T: 'т', X: 'х' };
    const typed = [...code.replace('-', '')].map((letter) => alike[letter] ?? letter.toLowerCase()).join(' ');
    const question = await phone.follow(await phone.submit(page, /\/code$/, { code: typed }));
    expect(numbersOn(question)).toContain(number);
    const wrong = await phone.submit(page, /\/code$/, { code: 'BBBB-BBBB' });
    expect(wrong.status).toBe(422);
  });

  it('where a new sign-in is demanded, the phone signs in anew', async () => {
    const phone = await phoneOf(MARIA);
    const { Session } = open.house.gateway.provider();
    const session = await Session.find(await cookieOf(phone, open.issuer, 'session'));
    Object.assign(session ?? {}, { loginTs: Math.floor(Date.now() / 1_000) - 60 });
    await session?.persist();
    const { link } = await toCode({ prompt: 'login' });
    expect(title(await phone.open(link))).toBe('Вход');
  });
});

describe('refusals', () => {
  it('«Это не я» ends it, tells the computer and is noted', async () => {
    const asked = await toCode();
    const phone = await phoneOf(MARIA);
    const question = await phone.open(asked.link);
    expect(title(await phone.follow(await answer(phone, question, 'refuse')))).toBe('Вход отклонён');
    expect(title(await asked.computer.open(asked.shown.url))).toBe('На телефоне отказались');
    expect((await phone.open(asked.link)).status).toBe(410);
  });

  it('a wrong number ends it: there is one guess', async () => {
    const asked = await toCode();
    const phone = await phoneOf(MARIA);
    const question = await phone.open(asked.link);
    const wrong = numbersOn(question).find((each) => each !== asked.number && each !== 'refuse') ?? '';
    expect(title(await phone.follow(await answer(phone, question, wrong)))).toBe('Число не совпало');
    expect((await answer(phone, question, asked.number)).status).toBe(410);
    expect(title(await asked.computer.open(asked.shown.url))).toBe('Число не совпало');
  });
});

describe('attacks', () => {
  it('of twenty confirmations at once one counts, and of twenty computers one goes on', async () => {
    const asked = await toCode();
    const phone = await phoneOf(MARIA);
    const question = await phone.open(asked.link);
    const many = Array.from({ length: 20 });
    // The cookie goes with the first answer; the others are sent as it was.
    const cookie = await phone.jar.getCookieString(`${open.issuer}/qr`);
    const csrf = question.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
    const body = { csrf, question: markOf(asked.secret), answer: asked.number };
    const answers = await Promise.all(
      many.map(() =>
        fetch(`${open.issuer}/qr`, {
          method: 'POST',
          redirect: 'manual',
          headers: { cookie, origin: open.issuer, 'sec-fetch-site': 'same-origin' },
          body: new URLSearchParams(body),
        }),
      ),
    );
    expect(answers.filter(({ headers }) => headers.get('location') === '/qr/confirmed')).toHaveLength(1);
    const pickups = await Promise.all(many.map(() => asked.computer.request(asked.shown.url)));
    expect(pickups.filter((page) => page.status === 303)).toHaveLength(1);
  });

  it('who knows the picture, even with the interaction, is not the computer', async () => {
    const asked = await toCode();
    const phone = await phoneOf(MARIA);
    await answer(phone, await phone.open(asked.link), asked.number);
    const thief = visitor();
    const uid = asked.shown.url.pathname.split('/')[2];
    const interaction = await cookieOf(asked.computer, asked.shown.url.href, 'interaction');
    await thief.jar.setCookie(`interaction=${interaction}; Path=/interaction/${uid}`, asked.shown.url.href);
    const signature = await cookieOf(asked.computer, asked.shown.url.href, 'interaction.sig');
    await thief.jar.setCookie(`interaction.sig=${signature}; Path=/interaction/${uid}`, asked.shown.url.href);
    expect((await thief.request(asked.shown.url)).status).toBe(410);
    const forged = `qr=${asked.secret}.${'A'.repeat(43)}; Path=/interaction/${uid}`;
    await thief.jar.setCookie(forged, asked.shown.url.href);
    expect((await thief.request(asked.shown.url)).status).toBe(410);
    expect((await asked.computer.request(asked.shown.url)).status).toBe(303);
  });

  it("an answer does not pass to another of the computer's interactions", async () => {
    const asked = await toCode();
    const phone = await phoneOf(MARIA);
    await answer(phone, await phone.open(asked.link), asked.number);
    const { page } = await toSignIn(asked.computer, quiz);
    const value = await cookieOf(asked.computer, asked.shown.url.href, 'qr');
    await asked.computer.jar.setCookie(`qr=${value}; Path=${page.url.pathname}`, page.url.href);
    expect((await asked.computer.request(`${page.url.href}/qr`)).status).toBe(410);
  });

  it('a form of the phone answers the question it showed, and none that was slipped in since', async () => {
    const [first, second] = [await toCode(), await toCode()];
    const phone = await phoneOf(MARIA);
    const question = await phone.open(first.link);
    await phone.open(second.link);
    const sent = await answer(phone, question, second.number);
    expect(sent.headers.get('location')).toBe('/qr');
    expect(await state(second)).toBe('waiting');
  });

  it('a foreign page cannot confirm, and a made-up secret leads nowhere', async () => {
    const asked = await toCode();
    const phone = await phoneOf(MARIA);
    await phone.open(asked.link);
    const forged = await phone.request(`${open.issuer}/qr`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ question: markOf(asked.secret), answer: asked.number }),
    });
    expect(forged.status).toBe(403);
    const gone = await phone.open(`${open.issuer}/qr/${'A'.repeat(43)}`);
    expect(gone.status).toBe(410);
    expect((await phone.open(`${open.issuer}/qr/short`)).status).toBe(410);
  });

  it('an account that signs out everywhere after its answer does not sign the computer in', async () => {
    const asked = await toCode();
    const phone = await phoneOf('sofia@example.test');
    await answer(phone, await phone.open(asked.link), asked.number);
    await open.house.stores.database.query(
      `update account set signed_out_at = now() + interval '2 seconds'
        where id = (select account_id from identifier where value = 'sofia@example.test')`,
    );
    const arrived = await asked.computer.follow(
      await asked.computer.request(asked.shown.url),
      quiz.isCallback,
    );
    expect(title(arrived)).toBe('Вход');
  });

  it('leaves no secret in the log', async () => {
    const { secret, link } = await toCode();
    await visitor().open(link);
    expect(open.logged()).not.toContain(secret);
  });
});
