import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { linkIn, type Mail, openMail } from '../../support/mail.ts';
import { dictation } from '../../support/portals.ts';
import { heading, problems, registeringAt } from '../../support/registering.ts';
import type { RelyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Visitor, visitor } from '../../support/visitor.ts';
import { fillIn, toSignIn } from '../../support/walks.ts';

const QUESTION = 'У Вас есть электронный профсоюзный билет?';
const PHONE = 'Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36';

let open: OpenHouse;
let mail: Mail;
let quiz: RelyingParty;
let walk: ReturnType<typeof registeringAt>;
let count = 0;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
  quiz = await dictation(open);
  walk = registeringAt(open.issuer, mail);
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const fresh = (): string => {
  count += 1;
  return `newcomer-${count}@example.test`;
};
const at = (path: string): string => `${open.issuer}${path}`;
const signsIn = async (identifier: string, password = PASSWORD, person: Visitor = visitor()) => {
  const { page } = await toSignIn(person, quiz);
  return fillIn(person, quiz, page, { identifier, password });
};
const accountsWith = (email: string) =>
  open.house.stores.database.query<{ account_id: string }>(
    `select account_id from identifier where kind = 'email' and value = $1`,
    [email],
  );

describe('creating an account', () => {
  it('begins on the start page, and its logo leads back there from everywhere', async () => {
    const person = visitor();
    const start = await person.open(at('/'));
    const doors = start.html.querySelectorAll('main a').map((each) => [each.text, each.getAttribute('href')]);
    expect(doors).toEqual([
      ['Войти', '/cabinet'],
      ['Создать', '/join'],
    ]);
    const form = await person.open(at('/join'));
    expect(form.html.querySelector('label[for=email]')?.text).toBe('Email');
    expect(form.html.querySelector('label[for=terms]')?.text).toBe(
      'условия использования аналога собственноручной подписи',
    );
    expect(form.html.querySelector('#password')?.getAttribute('autocomplete')).toBe('new-password');
    expect(form.html.querySelector('main form button')?.text).toBe('Создать личный кабинет');
    expect(form.html.querySelector('a.brand')?.getAttribute('href')).toBe('/');
  });

  it('goes from the form by the letter to the question, and then the password signs in', async () => {
    const person = visitor();
    const email = fresh();
    const asked = await walk.ask(person, { email: email.replace('newcomer', 'NewComer') });
    expect(asked.headers.get('location')).toBe('/join/letter');
    const waiting = await person.follow(asked);
    expect(waiting.body).toContain(
      'Для завершения регистрации перейдите по ссылке, отправленной на Ваш email.',
    );
    expect(waiting.body).toContain(email.replace('newcomer', 'NewComer'));
    expect(await accountsWith(email)).toEqual([]);

    const link = await walk.linkFor(email.replace('newcomer', 'NewComer'));
    const question = await person.follow(await walk.confirm(person, link));
    expect(heading(question)).toBe(QUESTION);
    expect(question.html.querySelectorAll('.answers button').map(({ text }) => text)).toEqual(['ДА', 'НЕТ']);
    expect(await accountsWith(email)).toHaveLength(1);
    // The link is no sign-in.
    expect((await person.request(at('/cabinet'))).status).toBe(303);
    expect(heading(await person.open(at('/cabinet')))).toBe('Вход');
    // Refused by the quiz alone, which is for members: the password was right.
    expect(heading(await signsIn(email))).toBe('Этот портал – для членов Профсоюза');

    const audit = await open.house.stores.database.query<{ event: string; detail: object | null }>(
      'select event, detail from audit where account_id = $1 order by id',
      [String((await accountsWith(email))[0]?.account_id)],
    );
    expect(audit.slice(0, 2)).toEqual([
      { event: 'registration', detail: { terms: expect.stringMatching(/^\d+$/) } },
      { event: 'registration_confirm', detail: null },
    ]);
    expect(
      await open.house.stores.database.query('select version from terms_acceptance where account_id = $1', [
        String((await accountsWith(email))[0]?.account_id),
      ]),
    ).toHaveLength(1);
  });

  it('leads on from the answer', async () => {
    const person = visitor();
    const question = await walk.register(person, { email: fresh() });
    const yes = await person.submit(question, /^\/join\/question$/, { answer: 'yes' });
    expect(yes.headers.get('location')).toBe('/join/ticket');
    const again = await person.open(at('/join/question'));
    expect(again.html.querySelector('.aside a')?.getAttribute('href')).toBe('/join/ticket');
    const no = await person.submit(again, /^\/join\/question$/, { answer: 'no' });
    expect(no.headers.get('location')).toBe('/join/application');
    // «Создать» once more: the unfinished wizard is found.
    expect((await person.request(at('/join'))).headers.get('location')).toBe('/join/question');
    const left = await person.submit(again, /^\/join\/leave$/);
    expect(left.headers.get('location')).toBe('/');
    expect(heading(await person.open(at('/join')))).toBe('Создание личного кабинета');
  });

  it('shows the terms that are ticked, by version', async () => {
    const person = visitor();
    const current = await person.open(at('/join/terms'));
    expect(current.html.querySelector('article h1')?.text).toMatch(/аналог/);
    const version = /Версия (\d+)/.exec(current.body)?.[1];
    expect((await person.open(at(`/join/terms/${version}`))).status).toBe(200);
    const former = await person.open(at('/join/terms/1'));
    expect(former.status).toBe(200);
    for (const unknown of ['0', '99', 'v1', '%00', '..%2f1', '__proto__']) {
      expect((await person.open(at(`/join/terms/${unknown}`))).status, unknown).toBe(404);
    }
  });
});

describe('the form', () => {
  it('says everything that is wrong with it, and keeps the address', async () => {
    const page = await walk.ask(visitor(), { email: 'Somebody@', password: 'пароль', terms: '' });
    expect(page.status).toBe(422);
    expect(problems(page)).toEqual([
      'Введите адрес полностью, например name@example.ru',
      'Пароль слишком короткий: нужно не меньше 12 знаков',
      'Чтобы создать личный кабинет, примите условия использования аналога собственноручной подписи',
    ]);
    expect(page.html.querySelector('#email')?.getAttribute('value')).toBe('Somebody@');
    expect(page.html.querySelector('#password')?.hasAttribute('value')).toBe(false);
    expect(page.body).toContain('Похоже, включена русская раскладка');
  });

  it('creates nothing without the tick, whatever stands in its place', async () => {
    const email = fresh();
    expect((await walk.ask(visitor(), { email, terms: '' })).status).toBe(422);
    expect((await walk.ask(visitor(), { email, terms: 'no' })).status).toBe(400);
    const rows = await open.house.stores.database.query('select from registration where email_key = $1', [
      email,
    ]);
    expect(rows).toEqual([]);
    expect(await mail.all(email)).toEqual([]);
  });

  it('takes no password of the address itself', async () => {
    const page = await walk.ask(visitor(), {
      email: 'kotofeeva@example.test',
      password: 'kotofeeva@example',
    });
    expect(problems(page)).toEqual(['Не составляйте пароль из своего имени, адреса или номера билета']);
  });

  it.each([
    '"e@attacker.test"@example.test',
    'victim@example.test\r\nBcc: thief@attacker.test',
    'victim@example.test,thief@attacker.test',
    'victim@example.test thief@attacker.test',
    '<victim@example.test>',
    'victim@example.test\u0000@attacker.test',
    'victim@[127.0.0.1]',
    '@attacker.test:victim@example.test',
    'victim%attacker.test@example.test',
    `${'a'.repeat(300)}@example.test`,
  ])('writes to no such address: %j', async (email) => {
    const before = (await mail.all()).length;
    expect((await walk.ask(visitor(), { email })).status).toBe(422);
    expect((await mail.all()).length).toBe(before);
  });

  it('refuses two recipients, and fields that are none of it', async () => {
    const person = visitor();
    const form = await person.open(at('/join'));
    const csrf = form.html.querySelector('main input[name=csrf]')?.getAttribute('value') ?? '';
    const post = (fields: [string, string][]) =>
      person.request(at('/join'), {
        method: 'POST',
        headers: { origin: open.issuer, 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams([['csrf', csrf], ['password', PASSWORD], ['terms', 'yes'], ...fields]),
      });
    const victim: [string, string] = ['email', fresh()];
    for (const fields of [
      [victim, ['email', 'thief@attacker.test']],
      [['email[]', 'thief@attacker.test']],
      [victim, ['confirmed_at', 'now']],
      [victim, ['account_id', 'x']],
      [victim, ['from', 'x'.repeat(65)]],
    ] as [string, string][][]) {
      expect((await post(fields)).status, JSON.stringify(fields)).toBe(400);
    }
    expect(await mail.all('thief@attacker.test')).toEqual([]);
  });

  it('counts letters to one address from one place, and says how long to wait', async () => {
    const email = fresh();
    const answers = [];
    for (let tries = 0; tries < 6; tries += 1) answers.push((await walk.ask(visitor(), { email })).status);
    expect(answers).toEqual([303, 303, 303, 303, 303, 429]);
  });
});

describe('an address that is taken (C-06)', () => {
  it('is said near the field and above, with a way to sign in', async () => {
    const page = await walk.ask(visitor(), { email: 'Ivanova@Example.test' });
    expect(page.status).toBe(422);
    expect(problems(page)).toEqual(['Данный email уже зарегистрирован в системе']);
    expect(page.html.querySelector('#email-problem')?.text).toContain(
      'Данный email уже зарегистрирован в системе',
    );
    const ways = page.html.querySelectorAll('nav.actions a');
    expect(ways.map((each) => [each.text, each.getAttribute('href')])).toEqual([
      ['Войти', '/cabinet'],
      ['Забыли пароль?', '/recovery'],
    ]);
  });

  it('is said a few times; then the page is that of any other address and the owner gets a letter', async () => {
    const email = 'sofia@example.test';
    const told = [];
    for (let tries = 0; tries < 6; tries += 1) {
      told.push(await walk.ask(visitor(), { email }));
      // What one place may ask about one address is another limit.
      await open.house.stores.redis?.client.del(
        ...(await open.house.stores.redis.client.keys('*register-pair*')),
      );
    }
    expect(told.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 303]);
    await mail.take(email, /Личный кабинет уже есть/);
    const rows = await open.house.stores.database.query(
      `select from audit where event = 'registration' and reason = 'email_taken'`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(6);
  });

  it('is not said of an address that somebody has only asked for', async () => {
    const email = fresh();
    await walk.ask(visitor(), { email });
    expect((await walk.ask(visitor(), { email })).headers.get('location')).toBe('/join/letter');
  });
});

describe('the link', () => {
  it('survives whatever opens it in advance', async () => {
    const person = visitor();
    const email = fresh();
    await walk.ask(person, { email });
    const link = await walk.linkFor(email);
    const scanner = visitor({ 'user-agent': 'LinkScanner/1.0' });
    for (const method of ['GET', 'HEAD', 'GET', 'HEAD', 'GET', 'HEAD']) {
      expect((await scanner.request(link, { method })).status).toBe(200);
    }
    expect(heading(await person.follow(await walk.confirm(person, link)))).toBe(QUESTION);
  });

  it('confirms on another device, where the computer’s page then leads on', async () => {
    const computer = visitor();
    const phone = visitor({ 'user-agent': PHONE });
    const email = fresh();
    const waiting = await computer.follow(await walk.ask(computer, { email }));
    const opened = await phone.open(await walk.linkFor(email));
    // Whose it is, masked; where and when it was begun; a way to say no.
    expect(opened.body).toContain('n•••@example.test');
    expect(opened.body).not.toContain(email);
    expect(opened.body).toContain('Firefox · Linux');
    expect(opened.html.querySelectorAll('main button').map(({ text }) => text)).toEqual([
      'Подтвердить адрес',
      'Это не я',
    ]);
    expect((await computer.request(waiting.url)).status).toBe(200);
    expect(heading(await phone.follow(await phone.submit(opened, /\/confirm\/[\w-]+$/)))).toBe(QUESTION);

    // Looking is no moving on.
    expect((await computer.request(waiting.url, { method: 'HEAD' })).status).toBe(303);
    expect(heading(await computer.open(waiting.url))).toBe(QUESTION);
    // Both have the wizard now, and nobody else.
    expect(heading(await phone.open(at('/join/question')))).toBe(QUESTION);
    expect(heading(await visitor().open(at('/join/question')))).toBe('Вход');
  });

  it('has no «Это не я» in the browser that asked', async () => {
    const person = visitor();
    const email = fresh();
    await walk.ask(person, { email });
    const page = await person.open(await walk.linkFor(email));
    expect(page.html.querySelectorAll('main button').map(({ text }) => text)).toEqual(['Подтвердить адрес']);
  });

  it('is worth nothing after «Это не я»', async () => {
    const stranger = visitor();
    const email = fresh();
    await walk.ask(stranger, { email });
    const link = await walk.linkFor(email);
    const owner = visitor({ 'user-agent': PHONE });
    const done = await owner.submit(await owner.open(link), /\/disown$/);
    expect(heading(done)).toBe('Личный кабинет не создан');
    expect((await owner.open(link)).status).toBe(410);
    expect((await stranger.request(at('/join/letter'))).headers.get('location')).toBe('/join');
    expect(await accountsWith(email)).toEqual([]);
  });

  it('clicked five times at once makes one account, and every click leads to the question', async () => {
    const email = fresh();
    const phone = visitor({ 'user-agent': PHONE });
    await walk.ask(visitor(), { email });
    const page = await phone.open(await walk.linkFor(email));
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => phone.submit(page, /\/confirm\/[\w-]+$/)),
    );
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual(Array(5).fill('/join/question'));
    expect(await accountsWith(email)).toHaveLength(1);
    // Somebody else with the same link and the same hidden field comes too late.
    const thief = visitor();
    const other = await thief.open(at('/join'));
    const csrf = other.html.querySelector('main input[name=csrf]')?.getAttribute('value') ?? '';
    const registration = page.html.querySelector('input[name=registration]')?.getAttribute('value') ?? '';
    const late = await thief.request(page.url, {
      method: 'POST',
      headers: { origin: open.issuer, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ csrf, registration }),
    });
    expect(late.status).toBe(410);
    expect((await thief.request(at('/join/question'))).headers.get('location')).not.toBe('/join/question');
  });

  it('answers the same whether it was used, is old, was replaced, or never was', async () => {
    const { database } = open.house.stores;
    const used = fresh();
    await walk.ask(visitor(), { email: used });
    const usedLink = await walk.linkFor(used);
    await walk.confirm(visitor(), usedLink);

    const old = fresh();
    await walk.ask(visitor(), { email: old });
    const oldLink = await walk.linkFor(old);
    await database.query(
      `update one_time_secret set expires_at = now() - interval '1 second'
        where subject in (select id from registration where email_key = $1)`,
      [old],
    );
    const never = at(`/join/confirm/${'A'.repeat(43)}`);
    const pages = [];
    for (const link of [usedLink, oldLink, never, at('/join/confirm/short'), at('/join/confirm/%00')]) {
      const page = await visitor().open(link);
      expect(page.status, link).toBe(410);
      pages.push(page.html.querySelector('main')?.toString());
    }
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('/cabinet');
    expect(await accountsWith(old)).toEqual([]);
  });

  it('is in no log, no audit and no other page’s address', async () => {
    const person = visitor();
    const email = fresh();
    await walk.ask(person, { email });
    const link = await walk.linkFor(email);
    const token = link.split('/').at(-1) ?? '';
    const page = await person.open(link);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    const question = await person.follow(await walk.confirm(person, link));
    expect(question.url.href).not.toContain(token);
    expect(open.logged()).not.toContain(token);
    expect(open.logged()).not.toContain(email);
    const audit = await open.house.stores.database.query('select * from audit');
    expect(JSON.stringify(audit)).not.toMatch(new RegExp(`${token}|${email}`));
  });
});

describe('who asks first in another person’s name', () => {
  it('wins nothing: the one who confirms her own letter has the account, with her own password', async () => {
    const email = fresh();
    const attacker = visitor();
    await walk.ask(attacker, { email, password: 'пароль нападающего человека' });
    const attackersLink = await walk.linkFor(email);
    const owner = visitor();
    await walk.ask(owner, { email });
    await walk.confirm(owner, await walk.linkFor(email));

    expect((await visitor().open(attackersLink)).status).toBe(410);
    expect((await attacker.request(at('/join/letter'))).headers.get('location')).toBe('/join');
    expect((await attacker.request(at('/join/question'))).headers.get('location')).not.toBe('/join/question');
    expect(problems(await signsIn(email, 'пароль нападающего человека'))).toEqual([
      'Неверный E-mail или пароль',
    ]);
    expect(heading(await signsIn(email))).toBe('Этот портал – для членов Профсоюза');
  });

  it('has nothing before it is confirmed: no sign-in, no wizard, no step of it', async () => {
    const person = visitor();
    const email = fresh();
    await walk.ask(person, { email });
    for (const room of ['question', 'ticket', 'application', 'documents', 'code', 'done']) {
      const page = await person.open(at(`/join/${room}`));
      expect(heading(page), room).toBe('Вход');
    }
    const form = await person.open(at('/join'));
    const csrf = form.html.querySelector('main input[name=csrf]')?.getAttribute('value') ?? '';
    const post = (path: string, fields: Record<string, string> = {}) =>
      person.request(at(path), {
        method: 'POST',
        headers: { origin: open.issuer, 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ csrf, ...fields }),
      });
    const answered = await post('/join/question', { answer: 'yes' });
    expect(answered.headers.get('location')).toMatch(/^\/auth\?|\/auth\?/);
    expect((await post(`/join/confirm/${'B'.repeat(43)}`)).status).toBe(410);
    expect(await accountsWith(email)).toEqual([]);
  });
});

describe('waiting for the letter', () => {
  it('another one may be had after a minute, and voids the one before', async () => {
    const person = visitor();
    const email = fresh();
    const waiting = await person.follow(await walk.ask(person, { email }));
    const first = await walk.linkFor(email);
    const tooSoon = await person.submit(waiting, /\/again$/);
    expect(tooSoon.status).toBe(429);
    expect(Number(tooSoon.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(problems(tooSoon)[0]).toMatch(/^Новое письмо можно отправить через \d+ секунд/);
    await open.house.stores.redis?.client.del(
      ...(await open.house.stores.redis.client.keys('*register-pause*')),
    );
    const again = await person.follow(await person.submit(waiting, /\/again$/));
    expect(again.body).toContain('Письмо отправлено ещё раз');
    const second = await walk.linkFor(email);
    expect((await visitor().open(first)).status).toBe(410);
    expect((await visitor().open(second)).status).toBe(200);
  });

  it('a mistyped address is corrected, and its link is void', async () => {
    const person = visitor();
    const [wrong, right] = [fresh(), fresh()];
    const waiting = await person.follow(await walk.ask(person, { email: wrong }));
    const wrongLink = await walk.linkFor(wrong);
    const refused = await person.submit(waiting, /\/address$/, { email: 'nowhere' });
    expect(refused.status).toBe(422);
    expect(refused.html.querySelector('#email')?.getAttribute('value')).toBe('nowhere');
    const taken = await person.submit(waiting, /\/address$/, { email: 'timur@example.test' });
    expect(problems(taken)).toEqual(['Данный email уже зарегистрирован в системе']);
    const corrected = await person.follow(await person.submit(waiting, /\/address$/, { email: right }));
    expect(corrected.body).toContain(right);
    expect((await visitor().open(wrongLink)).status).toBe(410);
    expect(heading(await person.follow(await walk.confirm(person, await walk.linkFor(right))))).toBe(
      QUESTION,
    );
    expect(await accountsWith(wrong)).toEqual([]);
    expect(await accountsWith(right)).toHaveLength(1);
  });

  it('is nobody else’s to look at', async () => {
    await walk.ask(visitor(), { email: fresh() });
    expect((await visitor().request(at('/join/letter'))).headers.get('location')).toBe('/join');
  });

  it('warns of a mailbox abroad, and sends the letter all the same', async () => {
    const person = visitor();
    const email = 'somebody.new@gmail.com';
    const waiting = await person.follow(await walk.ask(person, { email }));
    expect(waiting.body).toContain('за пределами России');
    await walk.linkFor(email);
  });
});

describe('signing in before the address is confirmed', () => {
  it('with the right password leads to where the letter can be sent again', async () => {
    const email = fresh();
    await walk.ask(visitor(), { email });
    const page = await signsIn(email);
    expect(page.url.pathname).toBe('/join/letter');
    expect(page.body).toContain('адрес ещё не подтверждён');
    expect(page.html.querySelector('form[action="/join/letter/again"]')).not.toBeNull();
  });

  it('with a wrong one says what it says of anybody', async () => {
    const email = fresh();
    await walk.ask(visitor(), { email });
    const page = await signsIn(email, 'none of ours, whatever it is');
    expect(page.status).toBe(422);
    expect(problems(page)).toEqual(['Неверный E-mail или пароль']);
  });
});

describe('the way back to the portal', () => {
  it('is kept from «Вход» through the wizard, and found by the browser that had it', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, quiz);
    const create = page.html.querySelectorAll('a').find(({ text }) => text === 'Создать');
    const uid = page.url.pathname.split('/')[2];
    expect(create?.getAttribute('href')).toBe(`/join?from=${uid}&client=dictation`);
    const email = fresh();
    await walk.register(person, { email }, `?from=${uid}&client=dictation`);
    const [draft] = await open.house.stores.database.query(
      `select interaction, client_id from draft join identifier using (account_id) where value = $1`,
      [email],
    );
    expect(draft).toEqual({ interaction: uid, client_id: 'dictation' });

    const back = await person.request(at(`/interaction/${uid}/return?client=dictation`));
    const location = new URL(back.headers.get('location') ?? '', open.issuer);
    expect(location.pathname).toBe('/auth');
    expect(location.searchParams.get('state')).toBeTruthy();
    expect(heading(await person.open(back.url))).toBe('Вход');
  });

  it('leads another browser to the portal’s own beginning, as registered, or to the cabinet', async () => {
    const { clients } = open.house;
    const metadata = (id: string, more: object) => ({
      client_id: id,
      redirect_uris: ['https://portal.example.test/callback'],
      token_endpoint_auth_method: 'none' as const,
      scope: 'openid',
      ...more,
    });
    await clients.save(
      metadata('beginner', {
        initiate_login_uri: 'https://portal.example.test/begin',
        client_uri: 'https://portal.example.test/',
      }),
      'test',
    );
    await clients.save(metadata('fronted', { client_uri: 'https://front.example.test/' }), 'test');
    await clients.save(metadata('sly', { client_uri: 'javascript:alert(1)' }), 'test');
    const to = async (query: string) =>
      (await visitor().request(at(`/interaction/any/return${query}`))).headers.get('location');
    expect(await to('?client=beginner')).toBe('https://portal.example.test/begin');
    expect(await to('?client=fronted')).toBe('https://front.example.test/');
    for (const query of [
      '?client=sly',
      '?client=nobody',
      '',
      '?client=https://evil.test/',
      '?client=beginner&client=evil',
      '?client=%00',
      '?return_to=https://evil.test/',
    ]) {
      expect(await to(query), query).toMatch(/^(http:\/\/localhost:\d+)?\/cabinet$/);
    }
  });

  it('takes nothing for it that is not exactly that', async () => {
    const person = visitor();
    for (const query of ['?from=a/b&client=dictation', '?from=https://evil.test&client=x', '?from=x']) {
      const form = await person.open(at(`/join${query}`));
      expect(form.html.querySelector('input[name=from]'), query).toBeNull();
    }
  });

  it('is offered where a portal is for members alone', async () => {
    const person = visitor();
    const refused = await signsIn('fomina@example.test', PASSWORD, person);
    expect(refused.html.querySelectorAll('main button').map(({ text }) => text)).toContain(
      'Подтвердить членство или вступить',
    );
    const on = await person.submit(refused, /\/join$/);
    expect(on.headers.get('location')).toBe('/join/question');
    expect(heading(await person.follow(on))).toBe(QUESTION);
    const [draft] = await open.house.stores.database.query(
      `select client_id from draft join identifier using (account_id) where value = 'fomina@example.test'`,
    );
    expect(draft).toEqual({ client_id: 'dictation' });
    const home = await person.open(at('/cabinet'));
    expect(home.html.querySelector('.standing a')?.getAttribute('href')).toBe('/join/question');
  });
});

it('a link of a letter leads to the issuer, whatever the request says', async () => {
  const person = visitor({ 'x-forwarded-host': 'evil.test' });
  const email = fresh();
  await walk.ask(person, { email });
  const letter = await mail.take(email, /Завершение регистрации/);
  expect(linkIn(letter, '/join/confirm/').startsWith(`${open.issuer}/`)).toBe(true);
  expect(letter.text).not.toContain('evil.test');
});
