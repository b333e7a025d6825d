import { fetchUserInfo, refreshTokenGrant } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse, PASSWORD } from '../support/house.ts';
import { linkIn, type Mail, openMail } from '../support/mail.ts';
import { dictation, thirdParty } from '../support/portals.ts';
import type { RelyingParty } from '../support/relying-party.ts';
import { testStores } from '../support/stores.ts';
import { type Page, type Visitor, visitor } from '../support/visitor.ts';
import { fillIn, toSignIn } from '../support/walks.ts';

const SUBJECT = /^ЛК ОПО\. Восстановление пароля\.$/;
const FRESH = 'камыш у старой мельницы';

let mail: Mail;
let open: OpenHouse;
let quiz: RelyingParty;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
  quiz = await dictation(open);
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const ask = async (email: string, person: Visitor = visitor()): Promise<Page> =>
  person.submit(await person.open(`${open.issuer}/recovery`), /^\/recovery/, { email });
const letterTo = async (email: string, person?: Visitor): Promise<string> => {
  expect((await ask(email, person)).status).toBe(200);
  return linkIn(await mail.take(email, SUBJECT), '/recovery/');
};
const save = async (link: string, fresh = FRESH, person: Visitor = visitor(), repeated = fresh) =>
  person.submit(await person.open(link), /^\/recovery\//, { fresh, repeated });
const tries = async (identifier: string, password: string): Promise<number> => {
  const person = visitor();
  const page = await person.open(`${open.issuer}/cabinet`);
  return (await person.submit(page, /\/password$/, { by: 'email', identifier, password })).status;
};
const audited = (event: string) =>
  open.house.stores.database.query<{ account_id: string }>(
    'select account_id, detail, reason from audit where event = $1',
    [event],
  );

describe('«Забыли пароль?»', () => {
  it('stands on both tabs, and knows where the person was on the way to', async () => {
    const { page } = await toSignIn(visitor(), quiz);
    const uid = page.url.pathname.split('/')[2];
    const link = (shown: Page) =>
      shown.html
        .querySelectorAll('a')
        .find((each) => each.text === 'Забыли пароль?')
        ?.getAttribute('href');
    expect(link(page)).toBe(`/recovery?from=${uid}&client=dictation`);
    const person = visitor();
    const byEmail = (await toSignIn(person, quiz)).page;
    const byTicket = await person.open(new URL('?by=ticket', byEmail.url));
    expect(link(byTicket)).toBe(link(byEmail));
  });

  it.each([
    ['', 'Введите адрес E-mail'],
    ['иванова', 'Введите адрес полностью'],
    ['ivanova@example.test@evil.test', 'Введите адрес полностью'],
  ])('says what is wrong with «%s»', async (email, sentence) => {
    const page = await ask(email);
    expect(page.status).toBe(422);
    expect(page.body).toContain(sentence);
    expect(page.html.querySelector('#email')?.getAttribute('value')).toBe(email);
  });

  it('forgets a way back that is none', async () => {
    for (const query of ['from=..%2F..%2Fevil&client=x', 'from=a', 'client=a', 'from=a&from=b&client=c']) {
      const page = await visitor().open(`${open.issuer}/recovery?${query}`);
      expect(page.html.querySelector('main form')?.getAttribute('action'), query).toBe('/recovery');
    }
  });

  it('sends nothing to strangers, locked, closed and unconfirmed ones, in the same words', async () => {
    const { database } = open.house.stores;
    const owner = async (email: string) =>
      (
        await database.query<{ account_id: string }>('select account_id from identifier where value = $1', [
          email,
        ])
      )[0]?.account_id ?? '';
    const silent = ['petrov@example.test', 'novikov@example.test', 'sofia@example.test'] as const;
    await database.query("update account set status = 'locked' where id = $1", [await owner(silent[0])]);
    await database.query("update account set status = 'closed' where id = $1", [await owner(silent[1])]);
    await database.query('update identifier set confirmed_at = null where value = $1', [silent[2]]);
    const known = 'long@example.test';
    const shown = new Set<string>();
    for (const email of ['nobody@example.test', ...silent, known]) {
      const { status, body } = await ask(email);
      shown.add(`${status} ${body.replaceAll(email, 'EMAIL').replace(/name="csrf" value="[^"]*"/g, '')}`);
    }
    expect([...shown]).toHaveLength(1);
    expect([...shown][0]).toContain('Если такой адрес есть в системе, мы отправили на него ссылку');
    // The queue keeps the order, so whoever was to get one before has got it.
    await mail.take(known, SUBJECT);
    for (const email of ['nobody@example.test', ...silent]) expect(await mail.all(email)).toEqual([]);
    await database.query("update account set status = 'confirmed'");
    await database.query('update identifier set confirmed_at = now()');
  });
});

describe('the link', () => {
  it('does no harm to be opened, by whatever opens links, and works afterwards', async () => {
    const link = await letterTo('ivanova@example.test');
    for (const method of ['GET', 'HEAD', 'GET', 'HEAD', 'GET']) {
      const page = await visitor().request(link, { method });
      expect(page.status).toBe(200);
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
      expect(page.headers.get('cache-control')).toBe('no-store');
    }
    const person = visitor();
    const page = await person.open(link);
    expect(page.html.querySelector('#username')?.getAttribute('value')).toBe('ivanova@example.test');
    expect(page.html.querySelector('#fresh')?.getAttribute('autocomplete')).toBe('new-password');
    for (const [fresh, repeated, sentence] of [
      ['коротко', 'коротко', 'слишком короткий'],
      ['ivanova@example.test', 'ivanova@example.test', 'Не составляйте пароль'],
      [FRESH, 'другое', 'Пароли не совпали'],
    ] as const) {
      const again = await person.submit(page, /^\/recovery\//, { fresh, repeated });
      expect(again.status).toBe(422);
      expect(again.body).toContain(sentence);
    }
    const saved = await save(link, FRESH, person);
    expect(saved.status).toBe(303);
    const signIn = await person.follow(saved);
    expect(signIn.html.querySelector('h1')?.text).toBe('Вход');
    expect(signIn.body).toContain('Пароль изменён');
    expect((await person.request(signIn.url)).body).not.toContain('Пароль изменён');
    const names = (await person.jar.getCookies(open.issuer)).map(({ key }) => key);
    expect(names.some((name) => name.includes('session'))).toBe(false);
    expect(await tries('ivanova@example.test', PASSWORD)).toBe(422);
    expect(await tries('ivanova@example.test', FRESH)).toBe(303);
    await mail.take('ivanova@example.test', /Пароль изменён/);
  });

  it('works once, the newest alone, and says so on one page that offers another', async () => {
    const first = await letterTo('long@example.test');
    const second = await letterTo('long@example.test');
    const pages = [
      await visitor().open(first),
      await visitor().open(`${open.issuer}/recovery/${'A'.repeat(43)}`),
    ];
    expect((await save(second)).status).toBe(303);
    pages.push(await visitor().open(second), await visitor().open(`${open.issuer}/recovery/x`));
    for (const page of pages) {
      expect(page.status).toBe(410);
      expect(page.html.querySelector('h1')?.text).toBe('Ссылка больше не действует');
      expect(page.html.querySelector('main a.button')?.getAttribute('href')).toBe('/recovery');
    }
  });

  it('used five times in parallel has one effect', async () => {
    const link = await letterTo('long@example.test');
    const before = (await audited('password_reset')).length;
    const people = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const person = visitor();
        return { person, page: await person.open(link) };
      }),
    );
    const answers = await Promise.all(
      people.map(({ person, page }, at) => {
        const fresh = `${FRESH} номер ${at}`;
        return person.submit(page, /^\/recovery\//, { fresh, repeated: fresh });
      }),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410, 410]);
    const winner = answers.findIndex(({ status }) => status === 303);
    expect(await tries('long@example.test', `${FRESH} номер ${winner}`)).toBe(303);
    expect((await audited('password_reset')).length).toBe(before + 1);
  });

  it('changes nothing without its secret', async () => {
    const link = await letterTo('long@example.test');
    const hashes = () => open.house.stores.database.query('select account_id, hash from password order by 1');
    const before = await hashes();
    const person = visitor();
    const page = await person.open(link);
    const csrf = page.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
    const form = { csrf, fresh: FRESH, repeated: FRESH };
    for (const [path, extra] of [
      ['/recovery', {}],
      ['/recovery/', {}],
      ['/recovery/undefined', {}],
      [`/recovery/${'A'.repeat(43)}`, {}],
      [`${new URL(link).pathname.slice(0, -1)}`, {}],
      [`${new URL(link).pathname}`, { account: 'somebody' }],
      [`${new URL(link).pathname.toUpperCase()}`, {}],
    ] as const) {
      const answer = await person.request(new URL(path, open.issuer), {
        method: 'POST',
        headers: { origin: open.issuer, 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ ...form, ...extra }),
      });
      expect(answer.status, path).toBeGreaterThanOrEqual(400);
      expect(answer.status, path).toBeLessThan(500);
    }
    expect(await hashes()).toEqual(before);
  });

  it('is in no log and no audit entry', async () => {
    const link = await letterTo('long@example.test');
    const secret = new URL(link).pathname.split('/').at(-1) ?? '';
    expect((await save(link)).status).toBe(303);
    expect(open.logged()).not.toContain(secret);
    expect(open.logged()).not.toContain('long@example.test');
    expect(open.logged()).toContain('/recovery/:link');
    const audit = await open.house.stores.database.query<{ row: string }>(
      'select audit::text as row from audit',
    );
    expect(audit.some(({ row }) => row.includes(secret) || row.includes('long@'))).toBe(false);
  });
});

describe('after the new password', () => {
  it('every session, grant and token from before is worth nothing', async () => {
    const acme = await thirdParty(open);
    const email = 'sofia@example.test';
    const portal = visitor();
    const { started, page } = await toSignIn(portal, acme, {
      scope: 'openid email offline_access',
      prompt: 'consent',
    });
    const asked = await fillIn(portal, acme, page, { identifier: email });
    const arrived = await portal.follow(await portal.submit(asked, /\/consent$/), acme.isCallback);
    const tokens = await acme.finish(arrived.url, started);
    expect((await portal.request(`${open.issuer}/cabinet`)).status).toBe(200);

    expect((await save(await letterTo(email), FRESH)).status).toBe(303);
    expect((await portal.request(`${open.issuer}/cabinet`)).status).toBe(303);
    const sub = tokens.claims()?.sub ?? '';
    await expect(fetchUserInfo(acme.config, tokens.access_token, sub)).rejects.toThrow();
    await expect(refreshTokenGrant(acme.config, tokens.refresh_token ?? '')).rejects.toThrow();
  });

  it('a sign-in half done with the old one leads nowhere', async () => {
    const acme = await thirdParty(open);
    const email = 'sofia@example.test';
    const thief = visitor();
    const { page } = await toSignIn(thief, acme, { scope: 'openid email', prompt: 'consent' });
    const asked = await fillIn(thief, acme, page, { identifier: email, password: FRESH });
    expect(asked.html.querySelector('form[action$="/consent"]')).not.toBeNull();
    // The second of the new password itself is not told from the one before.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await save(await letterTo(email), `${FRESH} дважды`)).status).toBe(303);
    const after = await thief.follow(await thief.submit(asked, /\/consent$/), acme.isCallback);
    expect(acme.isCallback(after.url)).toBe(false);
    expect((await thief.open(`${open.issuer}/cabinet`)).html.querySelector('h1')?.text).toBe('Вход');
  });

  it('none of that waits for the clearing away: it holds when the process dies after the commit', async () => {
    const acme = await thirdParty(open);
    const email = 'sofia@example.test';
    const door = { identifier: email, password: `${FRESH} дважды` };
    const scope = { scope: 'openid email offline_access', prompt: 'consent' };
    const portal = visitor();
    const { started, page } = await toSignIn(portal, acme, scope);
    const asked = await fillIn(portal, acme, page, door);
    const arrived = await portal.follow(await portal.submit(asked, /\/consent$/), acme.isCallback);
    const tokens = await acme.finish(arrived.url, started);
    const thief = visitor();
    const waiting = await fillIn(thief, acme, (await toSignIn(thief, acme, scope)).page, door);
    expect(waiting.html.querySelector('form[action$="/consent"]')).not.toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await open.house.stores.database.query(
      `update account set signed_out_at = now() where id = (select account_id from identifier where value = $1)`,
      [email],
    );
    const sub = tokens.claims()?.sub ?? '';
    await expect(fetchUserInfo(acme.config, tokens.access_token, sub)).rejects.toThrow();
    await expect(refreshTokenGrant(acme.config, tokens.refresh_token ?? '')).rejects.toThrow();
    expect((await portal.request(`${open.issuer}/cabinet`)).status).toBe(303);
    const after = await thief.follow(await thief.submit(waiting, /\/consent$/), acme.isCallback);
    expect(acme.isCallback(after.url)).toBe(false);
    expect(after.html.querySelector('h1')?.text).toBe('Вход');
  });

  it('guesses are forgotten, so that a lock keeps nobody out', async () => {
    const email = 'sofia@example.test';
    for (let guess = 0; guess < 6; guess += 1) await tries(email, 'не тот пароль вовсе');
    expect(await tries(email, FRESH)).toBe(429);
    expect((await save(await letterTo(email), `${FRESH}!`)).status).toBe(303);
    expect(await tries(email, `${FRESH}!`)).toBe(303);
  });

  it('the portal the person was on the way to is not forgotten', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, quiz);
    const way = page.html.querySelectorAll('a').find((each) => each.text === 'Забыли пароль?');
    const form = await person.open(new URL(way?.getAttribute('href') ?? '', open.issuer));
    await person.submit(form, /^\/recovery/, { email: 'ivanova@example.test' });
    const link = linkIn(await mail.take('ivanova@example.test', SUBJECT), '/recovery/');
    const saved = await save(link, `${FRESH}?`, person);
    const uid = page.url.pathname.split('/')[2];
    expect(saved.headers.get('location')).toBe(`/interaction/${uid}/return?client=dictation`);
  });
});
