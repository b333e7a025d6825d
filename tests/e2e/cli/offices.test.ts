/** Offices from the command line: whom nobody above can seat, and their end, with everything that a page's does. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { migrate } from '../../../adapters/database/migrate.ts';
import { openPglite } from '../../../adapters/database/pglite.ts';
import type { Jobs } from '../../../adapters/job-queue/job-queue.ts';
import { readConfig } from '../../../provider/config.ts';
import { openLetter } from '../../../provider/letters/sealed-letter.ts';
import { configured, type Environment, unionId, withDatabase } from './union-id.ts';

const PEOPLE = `
  insert into organisation (id, kind, name, short_name, region) values
    ('R-01', 'regional', 'Краевая организация', 'Крайком', 'Пермский край');
  insert into account (id) values ('acc-1');
  insert into identifier (kind, value, account_id, original, confirmed_at)
  values ('email', 'polyakova@example.test', 'acc-1', 'polyakova@example.test', now());`;
const SEATED = `
  insert into office (id, account_id, organisation_id, role, granted_by)
  values ('office', 'acc-1', 'R-01', 'chair', 'operator');`;
const HERS = ['--email', 'Polyakova@example.test', '--organisation', 'R-01'];

const jobsIn = (database: Database, name: string) =>
  database.query<{ data: Jobs['letter'] & Jobs['office-ended'] }>(
    `select data from pgboss.job where name = $1 and state = 'created'`,
    [name],
  );

/** What the end of her office has left behind. */
async function expectEnded(database: Database, environment: Environment): Promise<void> {
  expect(await database.query('select revoked_by from office')).toEqual([{ revoked_by: 'operator' }]);
  expect(
    await database.query(`select actor, account_id, detail->>'organisation' as organisation,
                                 detail->>'office' = (select id from office) as names_it
                            from audit where event = 'office_revoked'`),
  ).toEqual([{ actor: 'operator', account_id: 'acc-1', organisation: 'R-01', names_it: true }]);
  const [letter, ...others] = await jobsIn(database, 'letter');
  if (!letter) throw new Error('no letter was written');
  expect(others).toEqual([]);
  const cipher = aesGcm(readConfig(environment).secrets.encryptionKeys);
  expect(openLetter(cipher, letter.data)).toMatchObject({
    ...{ template: 'office-ended', to: { accountId: 'acc-1' }, facts: { organisation: 'Крайком' } },
  });
  const ends = await jobsIn(database, 'office-ended');
  expect(ends.map(({ data }) => data.accountId)).toEqual(['acc-1']);
}

describe('offices, from the command line', { timeout: 60_000 }, () => {
  let environment: Environment;
  let database: Database;
  beforeAll(async () => {
    ({ environment, database } = await withDatabase());
    await database.script(PEOPLE);
  });
  afterAll(() => database.close());

  const run = (...args: string[]) => unionId(environment, 'offices', ...args);

  test('granted once, and listed', async () => {
    expect(await run('list', '--organisation', 'R-01')).toMatchObject({
      code: 0,
      out: 'nobody acts for it\n',
    });
    expect(await run('grant', ...HERS)).toMatchObject({ code: 0, out: 'seated: chair of R-01\n' });
    expect(await run('grant', ...HERS)).toMatchObject({ code: 0, out: 'acts for R-01 already\n' });
    expect((await run('list', '--organisation', 'R-01')).out).toMatch(/acc-1 +chair .* no undertaking\n$/);
    expect(
      await database.query(`select actor, account_id, detail from audit where event = 'office_granted'`),
    ).toEqual([{ actor: 'operator', account_id: 'acc-1', detail: { organisation: 'R-01', role: 'chair' } }]);
  });

  test('revoked as a page revokes it: the letter, the end of her sessions, the trail; and once', async () => {
    expect(await run('revoke', ...HERS)).toMatchObject({ code: 0, out: 'ended: chair of R-01\n' });
    await expectEnded(database, environment);
    expect(await run('revoke', ...HERS)).toMatchObject({ code: 0, out: 'does not act for R-01\n' });
    await expectEnded(database, environment);
  });

  test('of nobody, of nothing, of no such kind: said so', async () => {
    const fails = async (...args: string[]) => {
      const { code, err } = await run(...args);
      return [code, err.trim()];
    };
    const nobody = ['--email', 'nobody@example.test', '--organisation', 'R-01'];
    expect(await fails('revoke', ...nobody)).toEqual([1, 'No account has this address.']);
    expect(await fails('grant', ...HERS.slice(0, 3), 'R-99')).toEqual([
      1,
      'No organisation has this number.',
    ]);
    expect(await fails('grant', ...HERS, '--role', 'king')).toEqual([
      ...[1, '--role must be one of chair, responsible.'],
    ]);
  });
});

test('beside an embedded database the letter waits for the gateway', { timeout: 120_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'union-id-offices-'));
  const environment = configured({ DATA_DIR: directory });
  const withDatabase = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openPglite(directory);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };
  await withDatabase(async (database) => {
    await migrate(database);
    await database.script(PEOPLE + SEATED);
  });
  expect(await unionId(environment, 'offices', 'revoke', ...HERS)).toMatchObject({
    ...{ code: 0, out: 'ended: chair of R-01\n' },
  });
  await withDatabase((database) => expectEnded(database, environment));
  await rm(directory, { recursive: true });
});
