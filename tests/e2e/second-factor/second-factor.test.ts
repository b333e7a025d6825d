/** A second factor from its enrolment to its loss: shown, confirmed, asked for, replayed, guessed at, removed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import { appCode, nextAppCode } from '../../support/app-code.ts';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { codeIn, linkIn, type Mail, openMail } from '../../support/mail.ts';
import {
  CODE_LETTER,
  enrolApp,
  mayChange,
  PROTECTION,
  recoveryCodes,
  typePassword,
} from '../../support/protection.ts';
import { staffRouteTable } from '../../support/staff-routes.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { accountOf, enterWorkplace, giveCodeApp, postAs } from '../../support/workplace.ts';

/** Any page of the operators will do. */
const OPERATOR_PAGE =
  staffRouteTable().find(
    ({ rule, method, path }) =>
      rule.scope === 'union' &&
      rule.roles.includes('union_operator') &&
      method === 'GET' &&
      !path.includes(':'),
  )?.path ?? '';

let mail: Mail;
let open: OpenHouse;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const title = (page: Page) => page.html.querySelector('h1')?.text;
const problem = (page: Page) => page.html.querySelector('.summary p')?.text.trim();
const inCabinet = async (person: Visitor) => (await person.request(`${open.issuer}/cabinet`)).status === 200;

/** A person who is always asked, with an application and paper. */
async function alwaysAsked(email: string): Promise<{ secret: string; paper: string }> {
  const accountId = await accountOf(open, email);
  const secret = await giveCodeApp(open, accountId);
  await open.house.stores.database.query(
    `insert into account_protection (account_id, user_handle, always_asked_at) values ($1, $1, now())
     on conflict (account_id) do update set always_asked_at = now(), mail_counts_at = null`,
    [accountId],
  );
  return { secret, paper: '7K2QXM4T9B' };
}

describe('«Защита входа»', () => {
  it('shows nothing to be changed before she has proved herself, and takes nothing', async () => {
    const { person, page } = await typePassword(open, 'ivanova@example.test');
    expect(title(page)).toBe('Защита входа');
    expect(page.html.querySelectorAll('form[action$=new], form[action$=always]')).toHaveLength(0);
    for (const path of ['app/new', 'passkeys/options', 'recovery', 'always']) {
      const fields = path === 'always' ? { wanted: 'yes' } : {};
      const answer = await postAs(person, page, `${PROTECTION}/${path}`, fields);
      expect([answer.status, answer.headers.get('location')], path).toEqual([303, PROTECTION]);
    }
  });

  it('adds an application after a mailed code, tells by letter, and asks for its codes from then on', async () => {
    const email = 'belova@example.test';
    const { person, page } = await mayChange(open, mail, email);
    const asked = await person.follow(await person.submit(page, /\/app\/new$/));
    const picture = await person.request(`${open.issuer}${PROTECTION}/app.svg`);
    expect([picture.headers.get('content-type'), picture.headers.get('cache-control')]).toEqual([
      'image/svg+xml',
      'no-store',
    ]);
    const wrong = await person.submit(asked, /\/app$/, { code: '000000', name: 'Телефон' });
    expect(wrong.status).toBe(422);
    expect(wrong.html.querySelector('input[name=code]')?.getAttribute('value') ?? '').toBe('');
    const secret = (wrong.html.querySelector('.user-code')?.text ?? '').replace(/\s/g, '');
    const fields = { code: appCode(secret), name: ' Мой  телефон ' };
    const added = await person.follow(await person.submit(wrong, /\/app$/, fields));
    expect(added.body).toContain('Мой телефон');
    const letter = await mail.take(email, /Добавлена защита входа/);
    expect(letter.text).toContain('Приложение с кодами «Мой телефон»');
    expect(letter.text).not.toContain(secret);

    const [kept] = await open.house.stores.database.query<{ secret: string }>(
      'select secret from code_app where account_id = $1',
      [await accountOf(open, email)],
    );
    expect(kept?.secret).not.toContain(secret);
    // Elsewhere her mailbox is no proof any more: what protects her protects itself.
    const elsewhere = await typePassword(open, email);
    expect(elsewhere.page.html.querySelectorAll('form[action$=send]')).toHaveLength(0);
    const refused = await elsewhere.person.submit(elsewhere.page, /\/prove\/app$/, { code: fields.code });
    expect(problem(refused)).toContain('уже использован');
    const right = { code: nextAppCode(secret) };
    const proved = await elsewhere.person.follow(
      await elsewhere.person.submit(refused, /\/prove\/app$/, right),
    );
    expect(proved.html.querySelector('.notice')?.text).toContain('Подтверждено');
  });

  it('gives ten codes once, and ten others instead', async () => {
    const { person, page } = await mayChange(open, mail, 'zhukov@example.test');
    const first = await recoveryCodes(person, page);
    const second = await recoveryCodes(person, page);
    expect([new Set(first).size, new Set([...first, ...second]).size]).toEqual([10, 20]);
    const back = await person.open(`${open.issuer}${PROTECTION}`);
    expect(back.body).toContain('Не использовано 10 кодов');
    for (const code of second) expect(back.body).not.toContain(code);
  });
});

describe('«Всегда спрашивать второй фактор»', () => {
  it('is switched on only by whoever outlives the loss of one thing, and ends other sessions', async () => {
    const email = 'sorokina@example.test';
    const other = await typePassword(open, email, '/cabinet');
    expect(await inCabinet(other.person)).toBe(true);
    const { person, page } = await mayChange(open, mail, email);
    const app = await enrolApp(person, page);
    const early = await postAs(person, app.page, `${PROTECTION}/always`, { wanted: 'yes' });
    expect([early.status, problem(early)?.slice(0, 32)]).toEqual([422, 'Чтобы не остаться без входа, есл']);
    await recoveryCodes(person, app.page);
    const ready = await person.open(`${open.issuer}${PROTECTION}`);
    const on = await person.follow(await person.submit(ready, /\/always$/));
    // She herself has come in by a password: her own session is asked, too.
    expect(title(on)).toBe('Подтвердите вход');
    expect(await inCabinet(other.person)).toBe(false);
    await mail.take(email, /Второй фактор включён/);
    const raised = await person.submit(on, /\/step-up\/app$/, { code: nextAppCode(app.secret) });
    expect(title(await person.follow(raised))).toBe('Защита входа');
  });

  it('a password alone opens nothing: neither the cabinet, nor a silent answer, nor other pages of ours', async () => {
    await alwaysAsked('orlova@example.test');
    const { person, page } = await typePassword(open, 'orlova@example.test', '/cabinet');
    expect(title(page)).toBe('Подтвердите вход');
    expect(page.html.querySelectorAll('form[action$=send]')).toHaveLength(0);
    for (const path of ['/cabinet', '/cabinet/data', '/staff', '/cases', '/join/question']) {
      const answer = await person.request(`${open.issuer}${path}`);
      expect([answer.status, answer.headers.get('location')?.split('?')[0]], path).toEqual([
        303,
        expect.any(String),
      ]);
    }
    // By the addresses of the next steps, too.
    for (const path of ['step-up/send', 'step-up/later']) {
      const answer = await postAs(person, page, `${page.url.pathname}/${path}`);
      expect([400, 303], path).toContain(answer.status);
      expect(await inCabinet(person), path).toBe(false);
    }
  });

  it('of twenty right codes at once one counts, and a code that was used is refused elsewhere', async () => {
    const { secret } = await alwaysAsked('fedorov@example.test');
    const doors = await Promise.all(
      Array.from({ length: 4 }, () => typePassword(open, 'fedorov@example.test', '/cabinet')),
    );
    const code = appCode(secret);
    const answers = await Promise.all(
      doors.map(({ person, page }) => person.submit(page, /\/step-up\/app$/, { code })),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(3);
  });

  it('five wrong codes close the way by the application, and leave that by paper', async () => {
    const { secret, paper } = await alwaysAsked('grishin@example.test');
    const { person, page } = await typePassword(open, 'grishin@example.test', '/cabinet');
    let last = page;
    for (let guess = 0; guess < 5; guess += 1) {
      last = await person.submit(last, /\/step-up\/app$/, { code: String(guess).padStart(6, '0') });
    }
    const shut = await person.submit(last, /\/step-up\/app$/, { code: appCode(secret) });
    expect(shut.status).toBe(429);
    const form = await person.open(`${page.url.href}/step-up/recovery`);
    const typed = paper.toLowerCase().replace(/^(.{5})/, '$1 - ');
    const inside = await person.follow(await person.submit(form, /\/recovery$/, { code: typed }));
    expect(inside.url.pathname).toBe('/cabinet');
    const letter = await mail.take('grishin@example.test', /Использован резервный код/);
    expect(letter.text).toContain('Осталось кодов: 0');
    const again = await typePassword(open, 'grishin@example.test', '/cabinet');
    const spent = await postAs(again.person, again.page, `${again.page.url.pathname}/step-up/recovery`, {
      code: paper,
    });
    expect(spent.status).toBe(400);
  });

  it('is not skipped by a new password', async () => {
    const email = 'zaitsev@example.test';
    await alwaysAsked(email);
    const person = visitor();
    const ask = await person.open(`${open.issuer}/recovery`);
    await person.follow(await person.submit(ask, /\/recovery/, { email }));
    const link = linkIn(await mail.take(email, /Восстановление пароля/), '/recovery/');
    const fresh = 'семь тихих гаваней';
    const form = await person.open(link);
    const done = await person.follow(await person.submit(form, /\/recovery\//, { fresh, repeated: fresh }));
    expect(done.status).toBe(200);
    const door = await person.open(`${open.issuer}/cabinet`);
    const typed = { by: 'email', identifier: email, password: fresh };
    expect(title(await person.follow(await person.submit(door, /\/password$/, typed)))).toBe(
      'Подтвердите вход',
    );
    expect(await inCabinet(person)).toBe(false);
  });

  it('whoever has lost everything waits a day, and whoever proves herself meanwhile stops it', async () => {
    const email = 'krylov@example.test';
    const { secret } = await alwaysAsked(email);
    const accountId = await accountOf(open, email);
    const { person, page } = await typePassword(open, email, '/cabinet');
    const lost = await person.open(`${page.url.href}/step-up/lost`);
    const sent = await person.follow(await person.submit(lost, /\/lost$/));
    const code = codeIn(await mail.take(email, CODE_LETTER));
    const waiting = await person.follow(await person.submit(sent, /\/lost\/code$/, { code }));
    expect(waiting.html.querySelector('[role=status]')?.text).toContain('московское');
    await mail.take(email, /Просьба входить по коду из письма/);
    expect(title(await person.open(page.url))).toBe('Подтвердите вход');
    expect((await person.open(page.url)).html.querySelectorAll('form[action$=send]')).toHaveLength(0);

    const dayLater = () =>
      open.house.stores.database.query(
        `update account_protection set mail_counts_at = mail_counts_at - interval '24 hours'
          where account_id = $1`,
        [accountId],
      );
    await dayLater();
    const later = await typePassword(open, email, '/cabinet');
    const offered = later.page.html.querySelectorAll('form[action$=send]');
    expect(offered).toHaveLength(1);
    // The owner, at her telephone, has not lost anything.
    const raised = await later.person.submit(later.page, /\/step-up\/app$/, { code: appCode(secret) });
    expect((await later.person.follow(raised)).url.pathname).toBe('/cabinet');
    const after = await typePassword(open, email, '/cabinet');
    expect(after.page.html.querySelectorAll('form[action$=send]')).toHaveLength(0);
  });

  it('is nothing that staff of the Union can wait for', async () => {
    const email = 'gromov@example.test';
    await alwaysAsked(email);
    await postgresStaff(open.house.stores.database).grant(
      await accountOf(open, email),
      'union_operator',
      'test',
    );
    const { person, page } = await typePassword(open, email, '/cabinet');
    expect(page.html.querySelectorAll('a[href$=lost]')).toHaveLength(0);
    expect((await person.request(`${page.url.href}/step-up/lost`)).status).toBe(400);
  });

  it('keeps the last device as long as she is always asked', async () => {
    const email = 'solovyeva@example.test';
    const { secret } = await alwaysAsked(email);
    const { person, page } = await typePassword(open, email);
    const inside = await person.follow(
      await person.submit(page, /\/step-up\/app$/, { code: appCode(secret) }),
    );
    const remove = inside.html.querySelector('a[href$=remove]')?.getAttribute('href') ?? '';
    const asked = await person.open(new URL(remove, open.issuer));
    const kept = await person.submit(asked, /\/remove$/);
    expect([kept.status, problem(kept)?.slice(0, 14)]).toEqual([422, 'Это последнее,']);
    await person.follow(await person.submit(inside, /\/always$/));
    await mail.take(email, /Второй фактор выключен/);
    const gone = await person.follow(await person.submit(kept, /\/remove$/));
    expect(gone.html.querySelector('.notice')?.text).toContain('Убрано');
    expect((await mail.take(email, /Убрана защита входа/)).text).toContain('Телефон');
    expect((await person.open(new URL(remove, open.issuer))).url.pathname).toBe(PROTECTION);
  });
});

describe("the Union's staff", () => {
  it('is let in by a device of hers alone, and only if the loss of one thing does not shut her out', async () => {
    const email = 'novikov@example.test';
    const accountId = await accountOf(open, email);
    const { database } = open.house.stores;
    await postgresStaff(database).grant(accountId, 'union_operator', 'test');
    const { person, page } = await enterWorkplace(open, mail, email);
    expect(page.url.pathname).toBe('/staff');
    const led = await person.request(`${open.issuer}${OPERATOR_PAGE}`);
    expect([led.status, led.headers.get('location')]).toEqual([303, PROTECTION]);
    expect((await person.open(`${open.issuer}${PROTECTION}`)).body).toContain(
      'второе устройство или резервные коды',
    );

    const secret = await giveCodeApp(open, accountId);
    const asked = await person.open(`${open.issuer}${OPERATOR_PAGE}`);
    expect(title(asked)).toBe('Подтвердите вход');
    expect(asked.html.querySelectorAll('form[action$=send], a[href$=recovery]')).toHaveLength(0);
    const raised = await person.submit(asked, /\/step-up\/app$/, { code: appCode(secret) });
    const desk = await person.follow(raised);
    expect([desk.url.pathname, desk.status]).toEqual([OPERATOR_PAGE, 200]);

    await database.query('delete from recovery_code where account_id = $1', [accountId]);
    const alone = await person.request(`${open.issuer}${OPERATOR_PAGE}`);
    expect(alone.headers.get('location')).toBe(PROTECTION);
  });

  it('a lost telephone: a code on paper adds another, once, and the way leads back', async () => {
    const email = 'ryabov@example.test';
    const accountId = await accountOf(open, email);
    await postgresStaff(open.house.stores.database).grant(accountId, 'union_operator', 'test');
    await giveCodeApp(open, accountId);
    const { person, page } = await typePassword(open, email, '/operator/letters');
    expect(page.html.querySelector('form[action$="/step-up/device"] button')?.text).toBe(
      'Нет телефона? Введите резервный код',
    );
    const protection = await person.follow(await person.submit(page, /\/step-up\/device$/));
    expect(protection.url.pathname).toBe(PROTECTION);

    const codes = ['7K2QXM4T9B', '7K2QXM4T9B'];
    const tries = await Promise.all(
      codes.map((recovery) => person.submit(protection, /\/prove\/recovery$/, { recovery })),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([303, 422]);
    const { page: added, secret } = await enrolApp(person, await person.open(`${open.issuer}${PROTECTION}`));
    const back = added.html
      .querySelectorAll('main a')
      .find(({ text }) => text === 'Перейти на рабочее место');
    expect(back?.getAttribute('href')).toBe('/operator/letters');

    const asked = await person.open(`${open.issuer}${back?.getAttribute('href')}`);
    const raised = await person.submit(asked, /\/step-up\/app$/, { code: nextAppCode(secret) });
    const desk = await person.follow(raised);
    expect([desk.url.pathname, desk.status]).toEqual(['/operator/letters', 200]);
  });
});
