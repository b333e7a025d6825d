/** What PostgreSQL would do for a statement, and whether that grows with the number of people. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Asked } from './watched.ts';

type Node = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly Node[];
};

/** More rows at once than any page shows. */
const ROWS_TO_SORT = 10_000;
/** An index of few rows, such as those that wait, may be read whole. */
const ROWS_OF_INDEX = 50_000;

/** Tables with so many rows or more. */
export async function bigTables(database: Queryable, rows: number): Promise<ReadonlySet<string>> {
  const found = await database.query<{ relname: string }>(
    `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples >= $1`,
    [rows],
  );
  return new Set(found.map(({ relname }) => relname));
}

/** Of an insert, update or delete, too: nothing is carried out. */
export async function faultsOf(
  database: Queryable,
  { text, values }: Asked,
  big: ReadonlySet<string>,
): Promise<string[]> {
  const [row] = await database.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
    `explain (format json) ${text}`,
    values,
  );
  return row ? faultsIn(row['QUERY PLAN'][0].Plan, big, false) : ['no plan'];
}

/** `limited`: a limit above ends it before the end. */
function faultsIn(node: Node, big: ReadonlySet<string>, limited: boolean): string[] {
  const { 'Node Type': type, 'Relation Name': table = '', 'Plan Rows': rows, Plans: below = [] } = node;
  const faults: string[] = [];
  if (type === 'Seq Scan' && big.has(table)) faults.push(`reads all of ${table}`);
  const readsIndex = type === 'Index Scan' || type === 'Index Only Scan';
  const isWhole = readsIndex && node['Index Cond'] === undefined && !limited;
  if (isWhole && big.has(table) && rows > ROWS_OF_INDEX) {
    faults.push(`reads a whole index of ${table}`);
  }
  if (type === 'Sort' && rows > ROWS_TO_SORT) faults.push(`sorts ${rows} rows`);
  const isLimited =
    type === 'Limit' || (limited && !['Sort', 'Aggregate', 'Hash', 'Hash Join'].includes(type));
  return [...faults, ...below.flatMap((each) => faultsIn(each, big, isLimited))];
}
