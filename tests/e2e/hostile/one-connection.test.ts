/** d #13: whoever holds the one connection of the embedded database never waits for another one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { codeIn, linkIn, type Mail, openMail } from '../../support/mail.ts';
import { registeringAt } from '../../support/registering.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { accountOf, enterOperator, giveCodeApp } from '../../support/workplace.ts';

let folder: string;
let mail: Mail;
let open: OpenHouse;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'one-connection-'));
  mail = await openMail();
  open = await openHouse({ DATA_DIR: folder, SMTP_URL: mail.smtpUrl });
});
afterAll(async () => {
  await open.close();
  await mail.close();
  await rm(folder, { recursive: true });
});

const enter = async (identifier: string, room: string) => {
  const person = visitor();
  const page = await person.open(`${open.issuer}${room}`);
  const fields = { by: 'email', identifier, password: PASSWORD };
  return { person, page: await person.follow(await person.submit(page, /\/password$/, fields)) };
};
const press = async (person: Visitor, page: Page, action: RegExp, fields?: Record<string, string>) =>
  person.follow(await person.submit(page, action, fields));

it('another address is asked for, called off, asked for again, and moved', async () => {
  const from = 'ivanova@example.test';
  const { person, page } = await enter(from, '/cabinet/email');
  const change = (at: Page, email: string) =>
    press(person, at, /\/cabinet\/email$/, { email, password: PASSWORD });

  const first = await change(page, 'maria.new@example.test');
  await mail.take(from, /Код для смены адреса/);
  const cancelled = await press(person, first, /\/email\/cancel$/);
  const second = await change(cancelled, 'maria.newer@example.test');
  const code = codeIn(await mail.take(from, /Код для смены адреса/));
  expect((await press(person, second, /\/email\/code$/, { code })).body).toContain('Перейдите по ссылке');
  const link = linkIn(await mail.take('maria.newer@example.test', /./), '/email/confirm/');
  const confirmed = await person.submit(await person.open(link), /\/email\/confirm\//);
  expect(confirmed.status).toBe(200);
});

it('an account ends with its consents', async () => {
  const { database, jobs } = open.house.stores;
  const email = 'to-be-deleted@example.test';
  await registeringAt(open.issuer, mail).register(visitor(), { email });
  const { person, page } = await enter(email, '/cabinet/delete');
  const coded = await press(person, page, /\/cabinet\/delete$/, { password: PASSWORD });
  const code = codeIn(await mail.take(email, /Код для удаления/));
  await press(person, coded, /\/delete\/code$/, { code });
  await database.query('update account_deletion set due_at = now()');
  await jobs.add('deletions', {});
  const left = async () =>
    (await database.query('select from account_deletion where erased_at is null')).length;
  await expect.poll(left, { timeout: 15_000 }).toBe(0);
});

it('wrong guesses are forgotten, and a lost telephone is removed, when an operator says so', async () => {
  const [operator, email] = ['ryabov@example.test', 'zhukov@example.test'];
  const account = await accountOf(open, email);
  await postgresStaff(open.house.stores.database).grant(
    await accountOf(open, operator),
    'union_operator',
    'test',
  );
  await Promise.all(
    Array.from({ length: 7 }, async () => {
      const person = visitor();
      const door = await person.open(`${open.issuer}/cabinet`);
      await person.submit(door, /\/password$/, { by: 'email', identifier: email, password: 'не тот пароль' });
    }),
  );
  expect((await enter(email, '/cabinet')).page.body).toContain('Слишком много');

  const path = `/operator/people/${account}`;
  const { person: desk, page: door } = await enterOperator(open, operator, path);
  await press(desk, door, /\/reason$/, { reason: 'asked', note: '' });
  const asked = await desk.open(`${open.issuer}${path}/acts/unlock`);
  await press(desk, asked, /\/unlock$/, { note: 'звонил сам' });
  expect((await enter(email, '/cabinet')).page.url.pathname).toBe('/cabinet');

  await giveCodeApp(open, account);
  const choice = await desk.open(`${open.issuer}${path}/second-factor`);
  const factor_0 = choice.html.querySelector('#factor_0')?.getAttribute('value') ?? '';
  const removed = await press(desk, choice, /\/second-factor$/, { note: 'потерял телефон', factor_0 });
  expect(removed.body).toContain('Отмеченное снято');
  await mail.take(email, /Снят второй фактор/);
});
