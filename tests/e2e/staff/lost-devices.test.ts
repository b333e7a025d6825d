/** Second factors at the operators' desk: shown, removed for whoever has lost them, and carried when two accounts become one. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { postgresAccounts } from '../../../adapters/account-store/postgres.ts';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import { appCode, nextAppCode } from '../../support/app-code.ts';
import { comeBack } from '../../support/come-back.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { codeIn, type Mail, openMail } from '../../support/mail.ts';
import type { SoftwarePasskey } from '../../support/passkey.ts';
import {
  CODE_LETTER,
  enrolApp,
  enrolPasskey,
  mayChange,
  optionsAt,
  PROTECTION,
  recoveryCodes,
  typePassword,
} from '../../support/protection.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { type AtWorkplace, accountOf, enterOperator, giveCodeApp, postAs } from '../../support/workplace.ts';

const OPERATOR = 'ryabov@example.test';
const NOTE = 'звонила сама, № 14';
const LETTER = /Снят второй фактор/;

let mail: Mail;
let open: OpenHouse;
let desk: AtWorkplace;

const query = <Row extends object>(text: string, values: readonly (string | readonly string[])[] = []) =>
  open.house.stores.database.query<Row>(text, values);
/** As one reads it, however its lines are broken. */
const letterTo = async (email: string, subject: RegExp): Promise<string> =>
  (await mail.take(email, subject)).text.replace(/\s+/g, ' ');
const textOf = (page: Page) => page.html.querySelector('main')?.structuredText ?? '';
const titleOf = (page: Page) => page.html.querySelector('h1')?.text;
const at = (path: string): Promise<Page> => desk.person.open(`${open.issuer}${path}`);
const inCabinet = async (person: Visitor) => (await person.request(`${open.issuer}/cabinet`)).status === 200;
const personPath = (id: string) => `/operator/people/${id}`;
const factorPath = (id: string) => `${personPath(id)}/second-factor`;
const staff = () => postgresStaff(open.house.stores.database);
const trailOf = (accountId: string) =>
  query<{ actor: string; reason: string; outcome: string; detail: Record<string, string> }>(
    `select actor, reason, outcome, detail from audit
      where event = 'staff_factors_removed' and account_id = $1 order by id`,
    [accountId],
  );
const heldBy = async (id: string) =>
  (
    await query<{ devices: number; codes: number }>(
      `select (select count(*) from code_app where account_id = $1)::int
              + (select count(*) from passkey where account_id = $1)::int as devices,
              (select count(*) from recovery_code where account_id = $1 and used_at is null)::int as codes`,
      [id],
    )
  )[0];

/** The person's page, with a reason given for it. */
async function give(id: string): Promise<Page> {
  const door = await at(personPath(id));
  if (door.html.querySelector('#reason') === null) return door;
  return desk.person.follow(
    await desk.person.submit(door, /\/reason$/, { reason: 'asked', note: 'по телефону' }),
  );
}
/** Ticks what bears one of the labels. */
async function remove(id: string, labels: readonly string[], note = NOTE): Promise<Page> {
  await give(id);
  const door = await at(factorPath(id));
  const ticked = door.html
    .querySelectorAll('input[type=checkbox]')
    .filter((tick) =>
      labels.some((label) => door.html.querySelector(`label[for=${tick.id}]`)?.text.includes(label)),
    );
  const fields = Object.fromEntries(
    ticked.map((tick) => [tick.getAttribute('name') ?? '', tick.getAttribute('value') ?? '']),
  );
  return desk.person.follow(await desk.person.submit(door, /\/second-factor$/, { note, ...fields }));
}

/** By the pages of the cabinet: a passkey, an application and paper. */
async function protectThrough(email: string): Promise<{ passkey: SoftwarePasskey; secret: string }> {
  const { person, page } = await mayChange(open, mail, email);
  const keyed = await enrolPasskey(open, person, page);
  const { page: last, secret } = await enrolApp(person, keyed.page);
  await recoveryCodes(person, last);
  return { passkey: keyed.passkey, secret };
}
const alwaysAsked = (id: string) =>
  query(
    `insert into account_protection (account_id, user_handle, always_asked_at) values ($1, $1, now())
     on conflict (account_id) do update set always_asked_at = now()`,
    [id],
  );
async function newAccount(email: string): Promise<string> {
  const id = randomUUID();
  const passwordHash = await open.house.hasher.hash(PASSWORD);
  await postgresAccounts(open.house.stores.database).create({
    ...{ id, locale: 'ru', passwordHash },
    email: { key: email, original: email },
  });
  return id;
}
/** At «Вход», with a key and nothing else. */
async function enterByKey(passkey: SoftwarePasskey): Promise<{ person: Visitor; page: Page }> {
  const person = visitor();
  const door = await person.open(`${open.issuer}/cabinet`);
  const options = await optionsAt(person, door, `${door.url.pathname}/passkey/options`);
  const response = passkey.answer(options, { origin: open.issuer, counter: 0 });
  return { person, page: await person.follow(await person.submit(door, /\/passkey$/, { response })) };
}

beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
  await staff().grant(await accountOf(open, OPERATOR), 'union_operator', 'test');
  desk = await enterOperator(open, OPERATOR, '/operator/people');
}, 120_000);
afterAll(async () => {
  await open.close();
  await mail.close();
});

describe('a person’s second factors', () => {
  it('are shown as she knows them, with nothing by which they could be used', async () => {
    const email = 'ivanova@example.test';
    const { passkey, secret } = await protectThrough(email);
    const id = await accountOf(open, email);
    const page = await give(id);
    for (const told of [
      'Ключ доступа «Ноутбук»',
      'Приложение с кодами «Телефон»',
      'Не использовано 10 кодов',
    ]) {
      expect(textOf(page)).toContain(told);
    }
    expect(textOf(page)).toContain('Второй фактор при входе не обязателен');
    for (const hidden of [passkey.id, passkey.userHandle, secret]) expect(page.body).not.toContain(hidden);
    const [seen] = await query<{ fields: string }>(
      `select detail ->> 'fields' as fields from audit where event = 'person_seen' and account_id = $1`,
      [id],
    );
    expect(seen?.fields.split(' ')).toContain('protection');
  });

  it('are removed by what was ticked, for a reason, and what is left goes on', async () => {
    const email = 'belova@example.test';
    const { passkey } = await protectThrough(email);
    const id = await accountOf(open, email);
    await alwaysAsked(id);
    const inside = await enterByKey(passkey);
    expect(await inCabinet(inside.person)).toBe(true);
    const second = Math.floor(Date.now() / 1_000);

    expect(textOf(await remove(id, []))).toContain('Отметьте, что снять');
    expect((await remove(id, ['Ключ доступа'], ' ')).status).toBe(422);
    const form = await at(factorPath(id));
    const gone = { note: NOTE, factor_0: `passkey:${randomUUID()}`, factor_1: 'recovery_codes:all' };
    const refused = await postAs(desk.person, form, factorPath(id), gone);
    expect([refused.status, textOf(refused).includes('Ничего не снято')]).toEqual([422, true]);
    expect(await heldBy(id)).toEqual({ devices: 2, codes: 10 });
    expect(await trailOf(id)).toEqual([]);

    // A sign-in of the very second of the act may be the new one.
    await vi.waitFor(() => expect(Math.floor(Date.now() / 1_000)).toBeGreaterThan(second), { interval: 20 });
    const done = await remove(id, ['Ключ доступа', 'Резервные коды']);
    expect(textOf(done)).toContain('Отмеченное снято');
    expect(await heldBy(id)).toEqual({ devices: 1, codes: 0 });
    expect(await inCabinet(inside.person)).toBe(false);
    expect((await enterByKey(passkey)).page.status).toBe(422);
    const letter = await letterTo(email, LETTER);
    for (const told of [
      'Ключ доступа «Ноутбук»',
      'Резервные коды',
      'подойдёт то, что осталось',
      'смените пароль',
    ]) {
      expect(letter).toContain(told);
    }
    const trail = await trailOf(id);
    expect(trail).toMatchObject([
      { actor: await accountOf(open, OPERATOR), reason: 'asked', outcome: 'success' },
    ]);
    expect(trail[0]?.detail).toMatchObject({ kinds: 'passkey recovery_codes', count: '2' });
    expect(JSON.stringify(trail)).not.toMatch(/Ноутбук|звонила/);

    const { page } = await typePassword(open, email, '/cabinet');
    expect(titleOf(page)).toBe('Подтвердите вход');
    expect(page.html.querySelectorAll('form[action$=app]')).toHaveLength(1);
  });

  it('of whoever wants to be asked always: with nothing left, her mailbox opens a day later', async () => {
    const email = 'fedorov@example.test';
    const id = await accountOf(open, email);
    await giveCodeApp(open, id);
    await alwaysAsked(id);
    await remove(id, ['Телефон', 'Резервные коды']);
    expect(await letterTo(email, LETTER)).toMatch(/можно будет \d+ \S+/);
    expect(textOf(await give(id))).toContain('Устройства и резервные коды потеряны');
    const { person, page } = await typePassword(open, email, '/cabinet');
    expect([titleOf(page), await inCabinet(person)]).toEqual(['Подтвердите вход', false]);
    expect(page.html.querySelectorAll('form[action$=send]')).toHaveLength(0);

    await query(
      `update account_protection set mail_counts_at = mail_counts_at - interval '24 hours' where account_id = $1`,
      [id],
    );
    const later = await typePassword(open, email, '/cabinet');
    const sent = await later.person.follow(await later.person.submit(later.page, /\/send$/));
    const code = codeIn(await mail.take(email, CODE_LETTER));
    await later.person.follow(await later.person.submit(sent, /\/step-up\/code$/, { code }));
    expect(await inCabinet(later.person)).toBe(true);
    // There she begins anew, and from then on her mailbox is no proof any more.
    const anew = await enrolApp(later.person, await later.person.open(`${open.issuer}${PROTECTION}`));
    expect([titleOf(anew.page), await inCabinet(later.person)]).toEqual(['Подтвердите вход', false]);
    const proved = await later.person.submit(anew.page, /\/step-up\/app$/, {
      code: nextAppCode(anew.secret),
    });
    expect((await later.person.follow(proved)).body).toContain('Телефон');
    expect(textOf(await give(id))).not.toContain('Устройства и резервные коды потеряны');
  });

  it('of whoever does not: her password opens', async () => {
    const email = 'zhukov@example.test';
    const id = await accountOf(open, email);
    await giveCodeApp(open, id);
    await remove(id, ['Телефон', 'Резервные коды']);
    expect(await letterTo(email, LETTER)).toContain('Войти можно с паролем');
    const { person } = await typePassword(open, email, '/cabinet');
    expect(await inCabinet(person)).toBe(true);
    expect(textOf(await at(factorPath(id)))).toContain('Снимать нечего');
  });

  it('stay where nobody would be told, or nothing that works would be left', async () => {
    const email = 'nothing-else@example.test';
    const id = await newAccount(email);
    const everything = ['Телефон', 'Резервные коды'];
    await giveCodeApp(open, id);
    await give(id);
    const act = await at(`${personPath(id)}/acts/reset-password`);
    await desk.person.submit(act, /\/reset-password$/, { note: NOTE });
    await comeBack(open.house.stores.database, await mail.take(email, /Восстановление пароля/));
    expect(textOf(await remove(id, everything))).toContain('Письма на адрес кабинета не доходят');
    await query('update identifier set confirmed_at = null where account_id = $1', [id]);
    expect(textOf(await remove(id, everything))).toContain('нет подтверждённого адреса');
    expect(await heldBy(id)).toEqual({ devices: 1, codes: 1 });
    // With the paper left, she needs no letter to come in.
    await query('update identifier set confirmed_at = now() where account_id = $1', [id]);
    expect(textOf(await remove(id, ['Телефон']))).toContain('Отмеченное снято');

    const keyed = 'only-a-key@example.test';
    const other = await newAccount(keyed);
    await protectThrough(keyed);
    await query('delete from password where account_id = $1', [other]);
    expect(textOf(await remove(other, ['Ключ доступа']))).toContain('единственный способ входа');
    expect(await heldBy(other)).toEqual({ devices: 2, codes: 10 });
    expect((await trailOf(other)).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['failure', 'last_passkey'],
    ]);
  });

  it('are neither one’s own to remove nor, without an administrator, those of staff', async () => {
    const own = await accountOf(open, OPERATOR);
    expect(textOf(await remove(own, ['Телефон']))).toContain('Ваш собственный кабинет');
    const email = 'polyakova@example.test';
    const other = await accountOf(open, email);
    await giveCodeApp(open, other);
    await staff().grant(other, 'union_operator', 'test');
    const everything = ['Телефон', 'Резервные коды'];
    expect(textOf(await remove(other, everything))).toContain('администратор');
    expect(await heldBy(other)).toEqual({ devices: 1, codes: 1 });

    await staff().grant(own, 'administrator', 'test');
    expect(textOf(await remove(other, everything))).toContain('Отмеченное снято');
    await staff().revoke(own, 'administrator');
    // Not before she has added a device are the pages of operators hers again.
    const { person } = await typePassword(open, email, '/cabinet');
    const led = await person.open(`${open.issuer}/operator/people`);
    expect(titleOf(led)).toBe('Защита входа');
    await staff().revoke(other, 'union_operator');
  });

  it('want a sign-in of the last minutes', async () => {
    const id = await accountOf(open, 'sorokina@example.test');
    await giveCodeApp(open, id);
    await give(id);
    const door = await at(factorPath(id));
    const { Session } = open.house.gateway.provider();
    const cookie = (await desk.person.jar.getCookies(open.issuer)).find(
      ({ key }) => key === 'session',
    )?.value;
    const session = await Session.find(cookie ?? '');
    Object.assign(session ?? {}, { loginTs: (session?.loginTs ?? 0) - 901 });
    await session?.persist();
    const value = door.html.querySelector('#factor_0')?.getAttribute('value') ?? '';
    for (const answer of [
      await desk.person.request(door.url),
      await postAs(desk.person, door, factorPath(id), { note: NOTE, factor_0: value }),
    ]) {
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        expect.stringMatching(/^\/auth\?.*prompt=login/),
      ]);
    }
    expect(await heldBy(id)).toEqual({ devices: 1, codes: 1 });
    // The page of the person needs no more than before.
    expect((await desk.person.request(`${open.issuer}${personPath(id)}`)).status).toBe(200);

    const again = await desk.person.open(door.url);
    const secret = await giveCodeApp(open, await accountOf(open, OPERATOR));
    const typed = { by: 'email', identifier: OPERATOR, password: PASSWORD };
    const coded = await desk.person.follow(await desk.person.submit(again, /\/password$/, typed));
    const proved = await desk.person.submit(coded, /\/step-up\/app$/, { code: appCode(secret) });
    const back = await desk.person.follow(proved);
    expect(back.url.pathname).toBe(factorPath(id));
    expect(titleOf(back)).toMatch(/^Снять второй фактор: /);
  });
});

describe('two accounts of one person, one of them guarded', () => {
  const [kept, gone] = ['anna@example.test', 'anna-home@example.test'];
  const previewOf = async (typed: string): Promise<Page> => {
    const id = await accountOf(open, kept);
    await give(id);
    const door = await at(`${personPath(id)}/merge`);
    return desk.person.follow(await desk.person.submit(door, /\/merge$/, { other: typed }));
  };

  it('are not merged while the one that stays could not go on asking', async () => {
    const bare = await newAccount('anna-paper@example.test');
    await alwaysAsked(bare);
    const preview = await previewOf('anna-paper@example.test');
    expect(textOf(preview)).toContain('не будет ни ключа доступа, ни приложения с кодами');
    expect(preview.html.querySelector('input[name=digest]')).toBeNull();
  });

  it('become one that asks as the other did, and is opened by its key; two again, each as it was', async () => {
    const closed = await newAccount(gone);
    const survivor = await accountOf(open, kept);
    const { passkey } = await protectThrough(gone);
    await alwaysAsked(closed);
    const preview = await previewOf(gone);
    for (const told of [
      'начнёт всегда спрашивать',
      'с кодами закрываемого кабинета перейдут',
      'Резервные коды закрываемого',
    ]) {
      expect(textOf(preview)).toContain(told);
    }
    const digest = preview.html.querySelector('input[name=digest]')?.getAttribute('value') ?? '';
    const merged = await desk.person.follow(
      await postAs(desk.person, preview, preview.url.pathname, { note: NOTE, digest }),
    );
    expect(await letterTo(kept, /объединены/)).toContain('всегда спрашивается второй фактор');

    expect(titleOf((await typePassword(open, kept, '/cabinet')).page)).toBe('Подтвердите вход');
    const { person, page } = await enterByKey(passkey);
    expect(page.url.pathname).toBe('/cabinet');
    expect((await person.open(`${open.issuer}/cabinet/email`)).body).toContain(kept);

    await desk.person.follow(await desk.person.submit(merged, /\/undo$/, { note: NOTE }));
    expect(await inCabinet((await typePassword(open, kept, '/cabinet')).person)).toBe(true);
    expect(await heldBy(survivor)).toEqual({ devices: 0, codes: 0 });
    expect(await heldBy(closed)).toEqual({ devices: 2, codes: 10 });
    const again = await enterByKey(passkey);
    expect((await again.person.open(`${open.issuer}/cabinet/email`)).body).toContain(gone);
    expect(titleOf((await typePassword(open, gone, '/cabinet')).page)).toBe('Подтвердите вход');
  });
});
