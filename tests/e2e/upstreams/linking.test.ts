/** The first time through an upstream: which account it belongs to is proved, or a new one asked for (design.md §4). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { snilsSealer } from '../../../provider/cli/import/sealed-snils.ts';
import { seedSnils } from '../../../sandbox/people/people.ts';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { leave, through } from '../../support/esia/through.ts';
import { PASSWORD, sharedSecrets } from '../../support/house.ts';
import { codeIn, type Mail, openMail } from '../../support/mail.ts';
import { dictation, thirdParty } from '../../support/portals.ts';
import type { RelyingParty, Started } from '../../support/relying-party.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { fillIn, signIn, toSignIn } from '../../support/walks.ts';

const CODE = /Код для связывания входа/;

let mail: Mail;
let scene: Federation;
let quiz: RelyingParty;
/** Lets in whoever is signed in, member or not. */
let open: RelyingParty;
beforeAll(async () => {
  mail = await openMail();
  scene = await openFederation({ environment: { SMTP_URL: mail.smtpUrl } });
  quiz = await dictation(scene.open);
  open = await thirdParty(scene.open);
});
afterAll(async () => {
  await scene.close();
  await mail.close();
});

const textOf = (page: Page) => page.html.querySelector('main')?.structuredText ?? '';
const actionsOn = (page: Page) =>
  page.html
    .querySelectorAll('main form')
    .map((form) => (form.getAttribute('action') ?? '').replace(/^\/interaction\/[^/]+/, ''));
const goOn = async (person: Visitor, page: Page, portal = quiz) => person.follow(page, portal.isCallback);
const subjectOf = async (started: Started, page: Page, portal = quiz) =>
  (await portal.finish(page.url, started)).claims()?.sub;
const byPassword = async (identifier: string) =>
  (await signIn(visitor(), quiz, { identifier })).tokens.claims()?.sub;
const linksOf = async (upstream: string, subject: string) => {
  const rows = await scene.open.house.stores.database.query<{ account_id: string }>(
    'select account_id from linked_identity where upstream = $1 and subject = $2',
    [upstream, subject],
  );
  return rows.length;
};

describe('by the password of the account she has', () => {
  it('by e-mail; the next time she is in at once (M-02)', async () => {
    const person = visitor();
    const first = await through(scene, person, quiz, 'esia', 'fedorov@example.test');
    expect(first.page.url.pathname).toMatch(/\/link$/);
    expect(textOf(first.page)).toContain(
      'Вход через Госуслуги выполнен. Осталось связать его с Вашим личным кабинетом',
    );
    const wrong = await person.submit(first.page, /\/link\/password$/, {
      identifier: 'fedorov@example.test',
      password: 'не тот пароль, но длинный',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.html.querySelector('.summary')?.text).toContain('Неверный E-mail или пароль');
    expect(wrong.html.querySelector('#identifier')?.getAttribute('value')).toBe('fedorov@example.test');

    const linked = await goOn(
      person,
      await person.submit(wrong, /\/link\/password$/, {
        identifier: 'fedorov@example.test',
        password: PASSWORD,
      }),
    );
    const claims = (await quiz.finish(linked.url, first.started)).claims();
    expect(claims).toMatchObject({ acr: 'urn:opo:loa:3', amr: ['fed', 'urn:opo:door:esia'] });

    const again = await through(scene, visitor(), quiz, 'esia', 'fedorov@example.test');
    expect(await subjectOf(again.started, again.page)).toBe(claims?.sub);
    expect(await byPassword('fedorov@example.test')).toBe(claims?.sub);
    await mail.take('fedorov@example.test', /Госуслуги|способ входа/i);
  });

  it('by ticket, through РСАА (M-12)', async () => {
    const person = visitor();
    const { started, page } = await through(scene, person, quiz, 'rsaa', 'lapteva_zf');
    const byTicket = await person.open(new URL(`${page.url.pathname}?by=ticket`, page.url));
    const linked = await goOn(
      person,
      await person.submit(byTicket, /\/link\/password$/, {
        identifier: '9900 0000 0000 0144',
        password: PASSWORD,
      }),
    );
    expect(await subjectOf(started, linked)).toBe(await byPassword('lapteva@example.test'));
    expect(await linksOf('rsaa', 'rsaa-m-12')).toBe(1);
  });

  it('of somebody else: a case with a number and kinds, and no link', async () => {
    const person = visitor();
    const { page } = await through(scene, person, quiz, 'esia', 'vasilyeva@example.test');
    const refused = await person.submit(page, /\/link\/password$/, {
      identifier: 'timur@example.test',
      password: PASSWORD,
    });
    expect(refused.status).toBe(200);
    expect(textOf(refused)).toMatch(/Номер обращения\s+\d{4}-\d{6}/);
    expect(textOf(refused)).toContain('Фамилия – не совпадает');
    expect(textOf(refused)).not.toMatch(/Ахметов|Васильева/);
    expect(await linksOf('esia', '1000000122')).toBe(0);
    const back = await person.open(
      new URL(refused.html.querySelector('.actions a')?.getAttribute('href') ?? '', refused.url),
    );
    expect(back.html.querySelector('input[type=password]')).not.toBeNull();
  });

  it('guesses are counted together with those at the sign-in', async () => {
    const person = visitor();
    const { page } = await through(scene, person, quiz, 'esia', '+79000000605');
    let answer = page;
    for (let guess = 0; guess < 12 && answer.status !== 429; guess += 1) {
      answer = await person.submit(page, /\/link\/password$/, {
        identifier: 'tikhonova@example.test',
        password: `догадка номер ${guess} и ещё`,
      });
    }
    expect(answer.status).toBe(429);
    expect(textOf(answer)).toContain('Слишком много попыток');
    const elsewhere = visitor();
    const { page: signInPage } = await toSignIn(elsewhere, quiz);
    const locked = await fillIn(elsewhere, quiz, signInPage, { identifier: 'tikhonova@example.test' });
    expect(locked.status).toBe(429);
  });
});

describe('by a code to the address that both sides know', () => {
  it('says where it went, masked, and takes it once (M-22)', async () => {
    const person = visitor();
    const { started, page } = await through(scene, person, quiz, 'esia', 'vasilyeva@example.test');
    expect(actionsOn(page)).toEqual(['/link/password', '/link/code', '/link/cancel']);
    const asked = await person.follow(await person.submit(page, /\/link\/code$/));
    expect(textOf(asked)).toContain('v•••@example.test');
    expect(asked.body).not.toContain('vasilyeva@');
    const letter = await mail.take('vasilyeva@example.test', CODE);

    const empty = await person.submit(asked, /\/code\/check$/, { code: '' });
    expect(empty.status).toBe(422);
    const wrong = await person.submit(empty, /\/code\/check$/, { code: '000000' });
    expect(textOf(wrong)).toContain('Код не подошёл');

    const linked = await goOn(
      person,
      await person.submit(wrong, /\/code\/check$/, { code: ` ${codeIn(letter)} ` }),
    );
    expect(await subjectOf(started, linked)).toBe(await byPassword('vasilyeva@example.test'));
    const repeated = await person.submit(wrong, /\/code\/check$/, { code: codeIn(letter) });
    expect(repeated.status).toBe(410);
  });

  it('five wrong ones end it, and one that somebody else asked for proves nothing here', async () => {
    const person = visitor();
    const { page } = await through(scene, person, quiz, 'rsaa', 'morozov_il');
    expect(actionsOn(page)).toContain('/link/code');
    const asked = await person.follow(await person.submit(page, /\/link\/code$/));
    await mail.take('morozov@example.test', CODE);

    const another = visitor();
    const elsewhere = await through(scene, another, quiz, 'rsaa', 'morozov_il');
    const askedAgain = await another.follow(await another.submit(elsewhere.page, /\/link\/code$/));
    const second = codeIn(await mail.take('morozov@example.test', CODE));
    const crossed = await person.submit(asked, /\/code\/check$/, { code: second });
    expect(crossed.status).toBe(422);

    for (const code of ['000001', '000002', '000003', '000004']) {
      const answer = await another.submit(askedAgain, /\/code\/check$/, { code });
      expect(answer.status).toBe(422);
    }
    const late = await another.submit(askedAgain, /\/code\/check$/, { code: second });
    expect(late.status).toBe(422);
    expect(textOf(late)).toContain('больше не действует');
    expect(await linksOf('rsaa', 'rsaa-m-29a')).toBe(0);
  });
});

describe('whoever has no account', () => {
  it('gets one, and is the same the next time (E-01)', async () => {
    const person = visitor();
    const { started, page } = await through(scene, person, open, 'esia', 'e01@example.test');
    expect(actionsOn(page)).toEqual(['/link/password', '/link/create', '/link/cancel']);
    const created = await person.submit(page, /\/link\/create$/);
    const consented = await person.submit(await goOn(person, created, open), /\/consent$/);
    const arrived = await goOn(person, consented, open);
    const subject = await subjectOf(started, arrived, open);

    const again = await through(scene, visitor(), open, 'esia', 'e01@example.test');
    expect(await subjectOf(again.started, again.page, open)).toBe(subject);
    const repeated = await person.submit(page, /\/link\/create$/);
    expect(repeated.status).toBe(410);
  });

  it('an address that nobody has confirmed leads to nobody (E-06)', async () => {
    const person = visitor();
    const { page } = await through(scene, person, open, 'esia', '000-000-600 06');
    expect(actionsOn(page)).toEqual(['/link/password', '/link/create', '/link/cancel']);
    expect(page.body).not.toContain('ivanova');
  });

  it('«Отмена» leads back to «Вход», and what waited is gone', async () => {
    const person = visitor();
    const { page } = await through(scene, person, open, 'esia', 'e04@example.test');
    const back = await person.follow(await person.submit(page, /\/link\/cancel$/));
    expect(back.html.querySelector('h1')?.text).toBe('Вход');
    expect((await person.open(page.url)).url.pathname).not.toMatch(/\/link$/);
    const late = await person.follow(await person.submit(page, /\/link\/create$/));
    expect(late.html.querySelector('h1')?.text).toBe('Вход');
    expect(await linksOf('esia', '1000000604')).toBe(0);
  });

  it('who asks in five windows at once gets one', async () => {
    const person = visitor();
    const { page } = await through(scene, person, open, 'esia', 'e07@example.test');
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => person.submit(page, /\/link\/create$/)),
    );
    const told = answers.map(({ status, headers }) => `${status} ${headers.get('location')}`);
    expect(
      told.filter((each) => each.includes('/auth/')),
      told.join(),
    ).toHaveLength(1);
    expect(await linksOf('esia', '1000000607')).toBe(1);
  });
});

it('an address of another person leads to nobody, and says nothing of whose it is (R-01)', async () => {
  const { page } = await through(scene, visitor(), quiz, 'rsaa', 'petrov_other');
  expect(page.status).toBe(200);
  expect(page.url.pathname).toMatch(/\/link$/);
  expect(textOf(page)).toContain('Создать личный кабинет');
  expect(textOf(page)).not.toMatch(/petrov|Петров|Получить код/);
  expect(await linksOf('rsaa', 'rsaa-r-01')).toBe(0);
});

describe('the page', () => {
  it("is nobody else's", async () => {
    const person = visitor();
    const { page } = await through(scene, person, open, 'esia', 'e08@example.test');
    const stranger = visitor();
    expect((await stranger.request(page.url)).status).toBe(410);
    const own = await toSignIn(stranger, open);
    const crossed = await stranger.open(own.page.url.href.replace(/\/?$/, '/link'));
    expect(crossed.html.querySelector('h1')?.text).toBe('Вход');
  });

  it('is not theirs who had the browser before her, and the cookies it had then', async () => {
    const person = visitor();
    const before = visitor();
    const { page } = await toSignIn(person, open);
    for (const cookie of await person.jar.getCookies(page.url.href)) {
      await before.jar.setCookie(cookie, page.url.href);
    }
    const callback = await scene.signInAt('esia', await leave(person, page, 'esia'), '+79000000605');
    const waiting = await person.follow(await person.request(callback));
    expect(waiting.url.pathname).toMatch(/\/link$/);
    expect((await before.open(waiting.url)).html.querySelector('h1')?.text).toBe('Вход');
    const token = waiting.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
    const created = await before.request(new URL(`${waiting.url.pathname}/create`, waiting.url), {
      method: 'POST',
      headers: { origin: waiting.url.origin, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ csrf: token }),
    });
    expect(created.headers.get('location')).toBe(page.url.pathname);
    expect((await person.open(waiting.url)).url.pathname).toMatch(/\/link$/);
  });

  it.each(['password', 'code', 'code/check', 'create', 'cancel'])(
    '/link/%s needs the token of its page',
    async (form) => {
      const person = visitor();
      const { page } = await through(scene, person, open, 'esia', 'e09@example.test');
      for (const body of ['', 'csrf=made-up']) {
        const answer = await person.request(new URL(`${page.url.pathname}/${form}`, page.url), {
          method: 'POST',
          headers: { origin: page.url.origin, 'sec-fetch-site': 'same-origin' },
          body: new URLSearchParams(body),
        });
        expect(answer.status).toBe(403);
      }
    },
  );

  it('speaks English, too', async () => {
    const person = visitor({ 'accept-language': 'en' });
    const { page } = await through(scene, person, open, 'esia', 'e04@example.test');
    expect(textOf(page)).toContain('You have signed in with Gosuslugi');
  });
});

it('the register knows the SNILS: linked by itself, at once (M-03)', async () => {
  const { ENCRYPTION_KEYS, PAIRWISE_SALT } = sharedSecrets;
  const key = Buffer.from(ENCRYPTION_KEYS.split(':')[1] ?? '', 'base64url');
  const seal = snilsSealer(aesGcm([{ id: 't1', key }]), Buffer.from(PAIRWISE_SALT, 'base64url'));
  await seedSnils(scene.open.house.stores.database, seal);
  const { started, page } = await through(scene, visitor(), quiz, 'esia', 'sofia@example.test');
  expect(quiz.isCallback(page.url), textOf(page)).toBe(true);
  expect(await subjectOf(started, page)).toBe(await byPassword('sofia@example.test'));
});
