/** What an operator does from an empty machine on: configure, migrate, register, rotate, look whether all is well. */

import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase, createRedis } from '../../support/services/given.ts';
import { configured, type Environment, unionId } from './union-id.ts';

const NOBODY_LISTENS = 'postgres://nobody@127.0.0.1:1/nothing';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'union-id-operate-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('init', () => {
  test('makes a file the other commands run on, readable by the operator alone', async () => {
    const path = join(folder, 'fresh.env');
    const made = await unionId({}, 'init', '--issuer', 'https://id.example.test', '--out', path);
    expect(made.code).toBe(0);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const environment = parseEnv(await readFile(path, 'utf8')) as Environment;
    const doctor = await unionId({ ...environment, DATABASE_URL: NOBODY_LISTENS }, 'doctor', '--json');
    expect(JSON.parse(doctor.out).findings[0]).toMatchObject({ area: 'configuration', state: 'ok' });
  });

  test('never makes the same secrets twice and never overwrites a file', async () => {
    const [one, two] = await Promise.all([unionId({}, 'init'), unionId({}, 'init')]);
    const secrets = [one, two].flatMap(({ out }) => {
      const { ISSUER: _, ...others } = parseEnv(out);
      return Object.values(others);
    });
    expect(new Set(secrets).size).toBe(8);
    const path = join(folder, 'precious.env');
    await writeFile(path, 'precious');
    const refused = await unionId({}, 'init', '--out', path);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('exists already') });
    expect(await readFile(path, 'utf8')).toBe('precious');
  });

  test('an issuer the gateway would refuse is a fault of the configuration', async () => {
    const refused = await unionId({}, 'init', '--issuer', 'http://id.example.test/');
    expect(refused).toMatchObject({ code: 78, out: '', err: expect.stringContaining('ISSUER') });
  });
});

describe('exit codes', () => {
  test.each([
    ['an unknown command', ['frobnicate']],
    ['a missing argument', ['clients', 'block']],
    ['a value that is none', ['keys', 'rotate', '--alg', 'HS256']],
    ['nothing at all', []],
  ])('%s: usage', async (_, args) => {
    expect(await unionId({}, ...args)).toMatchObject({ code: 2, out: '' });
  });

  test('help is no error', async () => {
    expect(await unionId({}, 'members', 'import', '--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('ticket_number     16 digits'),
    });
  });

  test('a faulty configuration tells every fault', async () => {
    const { code, err } = await unionId({ ISSUER: 'ftp://x', PORT: 'many' }, 'migrate');
    expect(code).toBe(78);
    for (const name of [
      'ISSUER',
      'PORT',
      'COOKIE_KEYS',
      'ENCRYPTION_KEYS',
      'PASSWORD_PEPPERS',
      'PAIRWISE_SALT',
    ]) {
      expect(err).toContain(`${name}: `);
    }
  });

  test('a database that is not there is one sentence, not a stack', async () => {
    const { code, err } = await unionId(configured({ DATABASE_URL: NOBODY_LISTENS }), 'migrate');
    expect(code).toBe(1);
    expect(err).toContain('nobody listens there');
    expect(err).not.toContain('at ');
  });
});

describe('on an empty PostgreSQL database', () => {
  let environment: Environment;
  let admin: pg.Client;
  beforeEach(async () => {
    const { url, drop } = await createDatabase({ empty: true });
    environment = configured({ DATABASE_URL: url });
    admin = new pg.Client({ connectionString: url });
    await admin.connect();
    return async () => {
      await admin.end();
      await drop();
    };
  });
  const run = (...args: string[]) => unionId(environment, ...args);
  const addClients = async (metadata: unknown, ...options: string[]) => {
    const path = join(folder, 'clients.json');
    await writeFile(path, typeof metadata === 'string' ? metadata : JSON.stringify(metadata));
    return run('clients', 'add', path, ...options);
  };
  const auditOf = async (): Promise<string[]> =>
    (await admin.query<{ event: string }>('select event from audit order by id')).rows.map(
      ({ event }) => event,
    );

  test('migrate: what is missing, then all of it, then nothing', async () => {
    const before = await run('migrate', '--status');
    expect(before).toMatchObject({ code: 1, out: expect.stringMatching(/^missing {2}0001 register$/m) });
    expect(await run('keys', 'list')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Run «union-id migrate» first'),
    });
    const [one, two] = await Promise.all([run('migrate'), run('migrate')]);
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(`${one.out}${two.out}`.match(/^applied {2}0001/gm)).toHaveLength(1);
    expect(await run('migrate', '--status')).toMatchObject({ code: 0, out: 'The schema is current.\n' });
  });

  test('keys: made, published, and rotated no earlier than relying parties can know', async () => {
    await run('migrate');
    const early = await run('keys', 'rotate');
    expect(early).toMatchObject({ code: 1, err: expect.stringContaining('too early') });
    const states = async (): Promise<string[]> =>
      (await run('keys', 'list')).out
        .trim()
        .split('\n')
        .slice(1)
        .map((row) => row.split(/ +/).slice(0, 2).join(' '));
    expect(await states()).toEqual(['ES256 current', 'RS256 current', 'ES256 next', 'RS256 next']);

    await admin.query(`update signing_key set state_since = now() - interval '2 hours'`);
    expect((await run('keys', 'rotate', '--alg', 'ES256')).code).toBe(0);
    expect(await states()).toContain('ES256 retired');

    await admin.query(`update signing_key set state_since = now() - interval '2 hours'`);
    expect((await run('keys', 'rotate', '--leaked')).code).toBe(0);
    expect(await states()).toEqual(['ES256 current', 'RS256 current', 'ES256 next', 'RS256 next']);
    const soon = await run('keys', 'rotate', '--leaked');
    expect(soon).toMatchObject({ code: 1, err: expect.stringContaining('0 minute(s) old') });
    expect((await run('keys', 'rotate', '--alg', 'RS256', '--leaked', '--again')).code).toBe(0);
    expect(await run('keys', 'rotate', '--again')).toMatchObject({ code: 1 });
    expect(await auditOf()).toEqual(Array.from({ length: 4 }, () => 'key_rotate'));
  });

  test('clients: a secret is made, shown once, sealed, and kept by a replacement', async () => {
    await run('migrate');
    const quiz = { client_id: 'quiz', client_name: 'Quiz', redirect_uris: ['https://quiz.test/cb'] };
    const added = await addClients([
      quiz,
      { redirect_uris: ['https://app.test/cb'], token_endpoint_auth_method: 'none' },
    ]);
    expect(added.code).toBe(0);
    const secrets = [...added.out.matchAll(/^client_secret {2}(.+)$/gm)].map(([, secret]) => secret);
    expect(secrets).toHaveLength(1);
    expect(Buffer.from(secrets[0] ?? '', 'base64url')).toHaveLength(32);
    const { rows } = await admin.query<{ stored: string }>('select client::text as stored from client');
    expect(rows).toHaveLength(2);
    for (const { stored } of rows) expect(stored).not.toContain(secrets[0]);

    expect(await addClients(quiz)).toMatchObject({ code: 1, err: expect.stringContaining('--replace') });
    const replaced = await addClients({ ...quiz, client_name: 'Quiz 2' }, '--replace');
    expect(replaced).toMatchObject({ code: 0, out: 'client_id      quiz\n' });
    const listed = JSON.parse((await run('clients', 'list', '--json')).out);
    expect(listed).toContainEqual(
      expect.objectContaining({ client_id: 'quiz', client_name: 'Quiz 2', registeredBy: 'operator' }),
    );
    expect(JSON.stringify(listed)).not.toContain('client_secret');
  });

  test('clients: the rules of the gateway hold, and nothing is stored unless all are right', async () => {
    await run('migrate');
    const good = { client_id: 'good', redirect_uris: ['https://good.test/cb'] };
    const refused = await addClients([
      good,
      { client_id: 'plain', redirect_uris: ['http://plain.test/cb'] },
      { client_id: 'local', redirect_uris: ['http://localhost:4000/cb'] },
      { client_id: 'implicit', redirect_uris: ['https://i.test/cb'], grant_types: ['implicit'] },
      {
        client_id: 'keyless',
        redirect_uris: ['https://k.test/cb'],
        token_endpoint_auth_method: 'private_key_jwt',
      },
      { client_id: 'words', redirect_uris: ['https://w.test/cb'], required_membership: 'member' },
      { client_id: 'good', redirect_uris: ['https://twice.test/cb'] },
    ]);
    expect(refused.code).toBe(1);
    for (const name of ['plain', 'local', 'implicit', 'keyless', 'words', 'good']) {
      expect(refused.err).toMatch(new RegExp(`^${name}: .+`, 'm'));
    }
    expect((await admin.query('select from client')).rowCount).toBe(0);

    const sandbox = { ...environment, SANDBOX: 'on' };
    const path = join(folder, 'local.json');
    await writeFile(
      path,
      JSON.stringify({ client_id: 'local', redirect_uris: ['http://localhost:4000/cb'] }),
    );
    expect((await unionId(sandbox, 'clients', 'add', path)).code).toBe(0);
  });

  test('clients: a file that is no JSON', async () => {
    expect(await addClients('{')).toMatchObject({ code: 1, err: expect.stringContaining('is not JSON') });
  });

  test('clients: blocked, let in again, removed; an unknown one is named', async () => {
    await run('migrate');
    await addClients({ client_id: 'quiz', redirect_uris: ['https://quiz.test/cb'] });
    const state = async (): Promise<string | undefined> =>
      /quiz .*(blocked|active)/.exec((await run('clients', 'list')).out)?.[1];
    expect((await run('clients', 'block', 'quiz')).code).toBe(0);
    expect(await state()).toBe('blocked');
    expect((await run('clients', 'unblock', 'quiz')).code).toBe(0);
    expect(await state()).toBe('active');
    expect((await run('clients', 'remove', 'quiz')).code).toBe(0);
    expect(await state()).toBeUndefined();
    expect(await run('clients', 'remove', 'quiz')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no client «quiz»'),
    });
    expect(await auditOf()).toEqual(['client_register', 'client_block', 'client_unblock', 'client_remove']);
  });
});

describe('doctor', () => {
  let environment: Environment;
  let smtp: SMTPServer;
  beforeAll(async () => {
    const [database, redisServer] = await Promise.all([createDatabase(), createRedis()]);
    smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'] });
    smtp.listen(0, '127.0.0.1');
    await once(smtp.server, 'listening');
    environment = configured({
      DATABASE_URL: database.url,
      REDIS_URL: redisServer.url,
      SESSION_STORE: 'database',
      SMTP_URL: `smtp://127.0.0.1:${portOf(smtp.server)}`,
    });
    return async () => {
      smtp.close();
      await redisServer.drop();
      await database.drop();
    };
  });

  type Finding = { area: string; state: string; text: string; advice?: string };
  async function examine(changes: Environment = {}, ...options: string[]) {
    const { code, out } = await unionId({ ...environment, ...changes }, 'doctor', '--json', ...options);
    const { healthy, findings } = JSON.parse(out) as { healthy: boolean; findings: Finding[] };
    return { code, healthy, findings, of: (area: string) => findings.filter((each) => each.area === area) };
  }

  test('a healthy house', async () => {
    const { code, healthy, findings } = await examine();
    expect(findings.filter(({ state }) => state === 'wrong')).toEqual([]);
    expect({ code, healthy }).toEqual({ code: 0, healthy: true });
    expect(new Set(findings.map(({ area }) => area))).toEqual(
      new Set(['configuration', 'database', 'redis', 'keys', 'ticket numbers', 'clock', 'mail']),
    );
  });

  test('each fault has its advice', async () => {
    const { findings } = await examine({ SMTP_URL: 'smtp://127.0.0.1:1' }, '--issuer');
    const faults = findings.filter(({ state }) => state !== 'ok');
    expect(faults.map(({ area }) => area)).toEqual(expect.arrayContaining(['mail', 'issuer', 'keys']));
    for (const { advice } of faults) expect(advice).toMatch(/\w/);
  });

  test('stores that are not there', async () => {
    const { code, of } = await examine({
      DATABASE_URL: NOBODY_LISTENS,
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(code).toBe(1);
    expect(of('database')).toEqual([expect.objectContaining({ state: 'wrong' })]);
    expect(of('redis')).toEqual([expect.objectContaining({ state: 'wrong' })]);
    expect(of('mail')[0]?.state).toBe('ok');
  });

  test('a schema that is behind', async () => {
    const empty = await createDatabase({ empty: true });
    const { code, of } = await examine({ DATABASE_URL: empty.url });
    await empty.drop();
    expect(code).toBe(1);
    expect(of('database')).toContainEqual(expect.objectContaining({ advice: 'Run «union-id migrate».' }));
  });

  test('keys that were sealed with a lost key', async () => {
    const database = await createDatabase();
    await unionId({ ...environment, DATABASE_URL: database.url }, 'keys', 'rotate');
    const stranger = configured({ DATABASE_URL: database.url }).ENCRYPTION_KEYS ?? '';
    const { of } = await examine({ DATABASE_URL: database.url, ENCRYPTION_KEYS: stranger });
    expect(of('keys')).toEqual([expect.objectContaining({ state: 'wrong' })]);
    await database.drop();
  });

  test('a read-only database', async () => {
    const database = await createDatabase();
    const url = new URL(database.url);
    url.searchParams.set('options', '-c default_transaction_read_only=on');
    const { code, of } = await examine({ DATABASE_URL: url.href });
    await database.drop();
    expect(code).toBe(1);
    expect(of('database').at(-1)?.text).toContain('cannot be written');
  });

  test('a faulty configuration: every fault, and nothing else is tried', async () => {
    const { code, findings } = await examine({ ISSUER: '', COOKIE_KEYS: 'short' });
    expect(code).toBe(1);
    expect(findings.map(({ area, state }) => `${area} ${state}`)).toEqual([
      'configuration wrong',
      'configuration wrong',
    ]);
  });

  test('for people: a sign per line, the advice under it', async () => {
    const { out } = await unionId(
      { ...environment, SMTP_URL: '', REDIS_URL: 'redis://127.0.0.1:1' },
      'doctor',
    );
    expect(out).toMatch(/^✓ configuration: complete, for http:\/\/localhost:3000$/m);
    expect(out).toMatch(/^! mail: no SMTP_URL: letters wait in the queue\n {4}→ Set SMTP_URL\.$/m);
    expect(out).toMatch(/^✗ redis: cannot be reached: .+\n {4}→ /m);
  });
});

function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}
