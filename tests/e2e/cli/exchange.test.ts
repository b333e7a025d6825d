/** The register out to a spreadsheet and in again, as it goes to 1С and back. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../../adapters/database/migrate.ts';
import { readSheet } from '../../../provider/exchange/read-sheet.ts';
import { seedRegister } from '../../../sandbox/people/seed.ts';
import { type Environment, unionId, withDatabase } from './union-id.ts';

let environment: Environment;
let folder: string;
let database: Awaited<ReturnType<typeof withDatabase>>['database'];
beforeAll(async () => {
  ({ environment, database } = await withDatabase());
  await migrate(database);
  await seedRegister(database);
  folder = await mkdtemp(join(tmpdir(), 'union-id-exchange-'));
  // The sandbox's people are spelt as an old register would spell them: an import tidies that once.
  const file = join(folder, 'tidy.csv');
  await unionId(environment, 'members', 'export', file, '--reason', 'Сверка с 1С');
  await unionId(environment, 'members', 'import', file);
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const REASON = ['--reason', 'Сверка с 1С'];
const exported = (noun: string, name: string, ...more: string[]) =>
  unionId(environment, noun, 'export', join(folder, name), ...REASON, ...more);
const count = async (sql: string): Promise<number> =>
  (await database.query<{ count: number }>(`select count(*)::int as count ${sql}`))[0]?.count ?? 0;

describe.each(['csv', 'xlsx'])('%s', (format) => {
  test.each(['organisations', 'members'])(
    '%s go out and come in again, and nothing has changed',
    async (noun) => {
      const file = join(folder, `${noun}.${format}`);
      const out = await exported(noun, `${noun}.${format}`);
      expect(out).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ rows written/) });
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const rows = Number(out.out.split(' ')[0]);
      expect(rows).toBeGreaterThan(10);
      const back = await unionId(environment, noun, 'import', file);
      expect(back).toMatchObject({
        code: 0,
        out: expect.stringMatching(
          new RegExp(`^${rows} rows in .*: 0 ${noun} added, 0 changed, 0 rows rejected`),
        ),
      });
    },
  );
});

test('what a spreadsheet would take for a formula goes out disarmed and comes in as it was', async () => {
  await database.query(`update organisation set short_name = '=1+1' where id = 'P-02'`);
  await exported('organisations', 'formula.csv');
  expect(await readFile(join(folder, 'formula.csv'), 'utf8')).toContain(";'=1+1;");
  // Its words for the search have become others.
  const back = () => unionId(environment, 'organisations', 'import', join(folder, 'formula.csv'));
  expect((await back()).out).toContain('1 changed');
  expect((await back()).out).toContain('0 changed');
  expect(await count(`from organisation where id = 'P-02' and short_name = '=1+1'`)).toBe(1);
});

test('only what lies below an organisation, with the digits of its numbers', async () => {
  await exported('members', 'near.xlsx', '--organisation', 'T-01');
  const sheet = await readSheet(await readFile(join(folder, 'near.xlsx')));
  const [header, ...rows] = sheet.ok ? sheet.rows.map(({ cells }) => cells) : [];
  expect(header?.slice(0, 2)).toEqual(['member_id', 'organisation_id']);
  expect(rows).toHaveLength(
    await count(
      `from member m join organisation o on o.id = m.organisation_id left join ticket t on t.member_id = m.id
        where o.path like '%/T-01/%'`,
    ),
  );
  const numbers = rows.map((cells) => cells[7] ?? '').filter((number) => number !== '');
  expect(numbers).toContain('9900000000000011');
  for (const number of numbers) expect(number).toMatch(/^[0-9]{16}$/);
});

test('needs a reason, an organisation that there is, and a kind of file that is known', async () => {
  const run = (...args: string[]) => unionId(environment, 'members', 'export', ...args);
  expect((await run(join(folder, 'x.csv'))).code).toBe(2);
  expect(await run(join(folder, 'x.csv'), ...REASON, '--organisation', 'T-99')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no organisation «T-99»'),
  });
  expect((await run(join(folder, 'x.txt'), ...REASON)).code).toBe(1);
});

test('each export stands in the audit trail with its reason and its size', async () => {
  const rows = await database.query<{ detail: object }>(
    `select detail from audit where event = 'members_export' order by id`,
  );
  expect(rows.at(-1)?.detail).toMatchObject({ organisation: 'T-01', why: 'Сверка с 1С' });
});
