/**
 * Every question that somebody waits for is a look into an index, however many people there are: asked of PostgreSQL
 * with some ten thousand, whose planner would read a table from end to end if there were no index. A new table, adapter
 * or named statement fails here until it is asked or excused with a reason.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPg } from '../../../adapters/database/pg.ts';
import {
  accountId,
  type Filled,
  fillAccounts,
  fillRegister,
  fillSurroundings,
  openUnjudged,
} from '../../../bench/population/fill.ts';
import { shapeOf } from '../../../bench/population/population.ts';
import { SMALL, SURROUNDINGS } from '../../../bench/population/surroundings.ts';
import { EXCUSED } from '../../../bench/scale/excused.ts';
import { bigTables, faultsOf } from '../../../bench/scale/plans.ts';
import { questions } from '../../../bench/scale/questions.ts';
import { watched } from '../../../bench/scale/watched.ts';
import { createDatabase } from '../../support/services/given.ts';

const ADAPTERS = new URL('../../../adapters/', import.meta.url);
const REGISTER = ['organisation', 'member', 'ticket', 'account', 'identifier', 'password'];
const MEMBERS = 45_000;
const BIG = 5_000;

const shape = shapeOf(MEMBERS);
let real: Filled;
let unjudged: Filled;
beforeAll(async () => {
  const { url } = await createDatabase();
  real = openPg({ url, poolSize: 2 });
  unjudged = openUnjudged(url);
  const tell = () => {};
  await fillRegister(real, unjudged, shape, tell);
  const email = (index: number) => `member${index}@bench.example`;
  await fillAccounts(unjudged, shape, { count: MEMBERS / 3, hash: 'none', email, givenName: 'Вера' }, tell);
  await fillSurroundings(unjudged, tell);
}, 300_000);
afterAll(async () => {
  await real.close();
  await unjudged.close();
});

it('every table is filled as people fill it, or small for a reason', async () => {
  const tables = await real.query<{ relname: string }>(
    `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`,
  );
  const known = [...REGISTER, ...Object.keys(SURROUNDINGS), ...Object.keys(SMALL)].sort();
  expect(tables.map(({ relname }) => relname)).toEqual(known);
});

it('no question reads a table or an index from end to end, or sorts more than a page', async () => {
  const database = watched(real);
  const big = await bigTables(real, BIG);
  expect(big.size).toBeGreaterThan(35);
  const faults: string[] = [];
  const named = new Set<string>();
  for (const { name, ask } of questions(database, shape)) {
    await ask();
    const asked = database.taken();
    if (asked.length === 0) faults.push(`${name}: asks nothing`);
    for (const each of asked) {
      if (each.name !== undefined) named.add(each.name);
      for (const fault of await faultsOf(real, each, big)) faults.push(`${name}: ${fault}`);
    }
  }
  expect(faults).toEqual([]);
  const statements = sources().flatMap(({ text }) =>
    [...text.matchAll(/\bname: '([a-z_-]+)',\s*text:/g)].map(([, name = '']) => name),
  );
  expect(statements.length).toBeGreaterThan(15);
  expect(statements.filter((name) => !named.has(name) && !(name in EXCUSED.statements))).toEqual([]);
}, 120_000);

it('every adapter that speaks SQL is asked, or excused with a reason', () => {
  const asked = readFileSync(new URL('../../../bench/scale/questions.ts', import.meta.url), 'utf8');
  const speaking = sources().filter(({ text }) => /\.query\b/.test(text));
  const forgotten = speaking.filter(
    ({ file }) => !asked.includes(`/${file}'`) && !(file in EXCUSED.adapters),
  );
  expect(forgotten.map(({ file }) => file)).toEqual([]);
  const files = speaking.map(({ file }) => file);
  expect(Object.keys(EXCUSED.adapters).filter((file) => !files.includes(file))).toEqual([]);
});

it('would see a scan if there were one', async () => {
  const big = await bigTables(real, BIG);
  const by = (text: string, ...values: string[]) => faultsOf(real, { text, values }, big);
  expect(await by('select 1 from member where given_name = $1', 'Ольга')).toEqual(['reads all of member']);
  expect(await by('select 1 from account where id = $1', accountId(1))).toEqual([]);
  expect(await by('select id from member order by given_name limit 5')).toEqual([
    expect.stringMatching(/^sorts \d{5} rows$/),
    'reads all of member',
  ]);
  expect(await by('delete from identifier where original = $1', 'x')).toEqual(['reads all of identifier']);
});

function sources(): { readonly file: string; readonly text: string }[] {
  return readdirSync(ADAPTERS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('database/'))
    .map((file) => ({ file, text: readFileSync(new URL(file, ADAPTERS), 'utf8') }));
}
