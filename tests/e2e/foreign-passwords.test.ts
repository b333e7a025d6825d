/** Nobody has to set a new password on a certain day: what other systems kept opens the door here, and becomes ours. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvLine } from '../../provider/exchange/write-sheet.ts';
import vectors from '../contract/foreign-passwords/vectors.json' with { type: 'json' };
import { type OpenHouse, openHouse, PASSWORD, sharedSecrets } from '../support/house.ts';
import { dictation } from '../support/portals.ts';
import type { RelyingParty } from '../support/relying-party.ts';
import { testStores } from '../support/stores.ts';
import { type Page, visitor } from '../support/visitor.ts';
import { fillIn, toSignIn } from '../support/walks.ts';
import { configured, type Environment, unionId } from './cli/union-id.ts';

const COLUMNS = ['email', 'ticket_number', 'hash', 'scheme', 'salt', 'email_confirmed'];
const OURS = /^t1:\$argon2id\$/;
const brought = vectors.filter(({ password }) => password === PASSWORD);
const addressOf = (at: number): string => `former-${at}@example.test`;

let open: OpenHouse;
let quiz: RelyingParty;
let environment: Environment;
let folder: string;
let portal: Server;
let asked: string[];
let portalAnswers: (body: string) => string | undefined;

beforeAll(async () => {
  asked = [];
  portal = createServer(async (request, response) => {
    const body = (await Array.fromAsync(request as AsyncIterable<Buffer>)).join('');
    asked.push(body);
    const answer = portalAnswers(body);
    if (answer === undefined) response.destroy();
    else response.end(answer);
  });
  await new Promise<void>((done) => portal.listen(0, 'localhost', done));
  const stores = await testStores();
  environment = configured({ ...stores, ...sharedSecrets });
  folder = await mkdtemp(join(tmpdir(), 'union-id-passwords-'));
  const lines = [
    ...brought.map(({ hash, as = '', salt = '' }, at) => [addressOf(at), '', hash, as, salt, 'да']),
    // A person of the register, by her number; one whose password is her own; one whom nobody knows.
    ['', '9900 0000 0000 0011', brought[0]?.hash, '', '', ''],
    ['vasilyeva@example.test', '', brought[0]?.hash, '', '', 'yes'],
    ['unproved@example.test', '', brought[0]?.hash, '', '', ''],
    ['strange@example.test', '', 'no hash at all', '', '', 'yes'],
    ['portal-1@example.test', '', 'login-one', 'portal', '', 'yes'],
    ['portal-2@example.test', '', 'login-two', 'portal', '', 'yes'],
  ];
  open = await openHouse({
    ...stores,
    LEGACY_LOGIN_URL: `http://localhost:${(portal.address() as AddressInfo).port}/check`,
    LEGACY_LOGIN_TOKEN: 'the token of the old portal',
  });
  quiz = await dictation(open);
  await open.house.stores.database.query(
    `delete from password where account_id = (select account_id from identifier where value = '9900000000000011')`,
  );
  await writeFile(join(folder, 'old.csv'), [COLUMNS, ...lines].map(csvLine).join(''));
});
afterAll(async () => {
  await open.close();
  portal.closeAllConnections();
  portal.close();
  await rm(folder, { recursive: true });
});

const passwordOf = async (value: string): Promise<string | undefined> =>
  (
    await open.house.stores.database.query<{ hash: string }>(
      'select p.hash from password p join identifier i using (account_id) where i.value = $1',
      [value],
    )
  )[0]?.hash;

async function enter(identifier: string, password: string, by: 'email' | 'ticket' = 'email'): Promise<Page> {
  const person = visitor();
  const { page } = await toSignIn(person, quiz);
  return fillIn(person, quiz, page, { by, identifier, password });
}

const isWelcome = (page: Page): boolean => !/name="password"/.test(page.body);

describe('union-id passwords import', () => {
  const run = () => unionId(environment, 'passwords', 'import', join(folder, 'old.csv'), '--create-accounts');

  it('gives what it can, tells what it cannot, and changes nothing the second time', async () => {
    const { code, out, err } = await run();
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(out).toMatch(/^bcrypt:5\s+2$/m);
    expect(out).toMatch(/^portal:0\s+2$/m);
    expect(out).toContain(
      `${brought.length + 2} accounts created, 1 had a password already, 2 rows rejected`,
    );
    const rejects = await readFile(join(folder, 'old.csv.rejects.csv'), 'utf8');
    expect(rejects).toMatch(/nobody has an account/);
    expect(rejects).toMatch(/hash is of no scheme/);
    expect(rejects).not.toMatch(/@|9900/);
    expect((await run()).out).toContain(
      `0 accounts created, ${brought.length + 4} had a password already, 2 rows rejected`,
    );
  });

  it('never keeps what can be guessed fast', async () => {
    const rows = await open.house.stores.database.query<{ hash: string; foreign_kind: string | null }>(
      `select hash, foreign_kind from password where foreign_kind is not null and foreign_kind <> 'portal:0'`,
    );
    expect(rows).toHaveLength(brought.length + 1);
    for (const { hash } of rows) expect(hash).toMatch(/^t1:\{[^}]*\}\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe('the first right sign-in', () => {
  it.each(brought.map(({ kind }, at) => [kind, at] as const))('of %s makes it ours', async (_, at) => {
    const before = await passwordOf(addressOf(at));
    const wrong = await enter(addressOf(at), 'ласточка под озером');
    expect(isWelcome(wrong)).toBe(false);
    expect(wrong.body).toContain('Неверн');
    expect(await passwordOf(addressOf(at))).toBe(before);
    expect(isWelcome(await enter(addressOf(at), PASSWORD))).toBe(true);
    expect(await passwordOf(addressOf(at))).toMatch(OURS);
    expect(isWelcome(await enter(addressOf(at), PASSWORD))).toBe(true);
  });

  it('by ticket number does, too', async () => {
    expect(isWelcome(await enter('9900000000000011', PASSWORD, 'ticket'))).toBe(true);
    expect(await passwordOf('9900000000000011')).toMatch(OURS);
  });
});

describe('a password that lies at the old portal', () => {
  const right = (body: string) => `{"right":${JSON.parse(body).password === 'как на портале'}}`;

  it('is asked for there until it is right, and never again', async () => {
    portalAnswers = right;
    expect(isWelcome(await enter('portal-1@example.test', 'не то'))).toBe(false);
    expect(isWelcome(await enter('portal-1@example.test', 'как на портале'))).toBe(true);
    expect(asked.map((body) => JSON.parse(body).login)).toEqual(['login-one', 'login-one']);
    expect(await passwordOf('portal-1@example.test')).toMatch(OURS);
    portalAnswers = () => undefined;
    expect(isWelcome(await enter('portal-1@example.test', 'как на портале'))).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it('waits for the portal to come back; meanwhile nobody learns whose lies there', async () => {
    portalAnswers = () => undefined;
    const away = await enter('portal-2@example.test', 'как на портале');
    expect(away.body).toContain('Сейчас мы не можем проверить пароль');
    const nobody = await enter('nobody@example.test', 'как на портале');
    expect(nobody.body).toContain('Сейчас мы не можем проверить пароль');
    expect(nobody.status).toBe(away.status);
    portalAnswers = right;
    expect(isWelcome(await enter('portal-2@example.test', 'как на портале'))).toBe(true);
    expect((await enter('nobody@example.test', 'как на портале')).body).toContain('Неверн');
  });
});

it('union-id passwords report: by kind and by week', async () => {
  const { code, out } = await unionId(environment, 'passwords', 'report');
  expect(code).toBe(0);
  expect(out).toMatch(/^bcrypt:5\s+2\s+2\s+0$/m);
  expect(out).toMatch(/^portal:0\s+2\s+2\s+0$/m);
  expect(out).toMatch(new RegExp(`^\\d{4}-\\d{2}-\\d{2}\\s+${brought.length + 3}$`, 'm'));
});

it('nothing of it stands in the log', () => {
  const log = open.logged();
  expect(log).toContain('old portal does not answer');
  for (const secret of [
    PASSWORD,
    'как на портале',
    'login-one',
    'the token of the old portal',
    '$argon2id',
  ]) {
    expect(log).not.toContain(secret);
  }
});
