/** What both databases promise: the server and the one in this process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BulkLoader, type Database, isUniqueViolation } from '../../../adapters/database/database.ts';
import { migrate, pendingMigrations } from '../../../adapters/database/migrate.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { AskedBesideTransaction, openPglite } from '../../../adapters/database/pglite.ts';
import { createDatabase } from '../../support/services/given.ts';

type Opened = {
  readonly database: Database & BulkLoader;
  /** The same data as another process would reach it. */
  another(): Database;
  close(): Promise<void>;
};

async function onServer(): Promise<Opened> {
  const { url, drop } = await createDatabase({ empty: true });
  const opened: Database[] = [];
  const connect = () => {
    const database = openPg({ url, poolSize: 4, connectionTimeout: 10_000 });
    opened.push(database);
    return database;
  };
  return {
    database: connect(),
    another: connect,
    async close() {
      await Promise.all(opened.map((database) => database.close()));
      await drop();
    },
  };
}

async function inProcess(): Promise<Opened> {
  const database = await openPglite();
  return { database, another: () => database, close: () => database.close() };
}

it('PGlite has one connection: a question beside a transaction is refused, and holds up nobody', async () => {
  const database = await openPglite();
  let later: Promise<unknown> | undefined;
  const beside = database.transaction(async (tx) => {
    await expect(database.transaction(async () => {})).rejects.toThrow(AskedBesideTransaction);
    await expect(database.script('select 1')).rejects.toThrow(AskedBesideTransaction);
    later = sleep(50).then(() => database.query('select 3 as three'));
    await tx.query('select 1');
    await database.query('select 2');
  });
  await expect(beside).rejects.toThrow(AskedBesideTransaction);
  // What a transaction has set off and not waited for may ask when it is over.
  expect(await later).toEqual([{ three: 3 }]);
  await database.close();
});

describe.each([
  { name: 'PostgreSQL', open: onServer },
  { name: 'PGlite', open: inProcess },
])('database on $name', ({ open }) => {
  let opened: Opened;
  let database: Opened['database'];
  beforeAll(async () => {
    opened = await open();
    database = opened.database;
    await database.script(
      'create table thing (id integer primary key, name text, born date, seen timestamptz)',
    );
  });
  afterAll(() => opened?.close());

  const names = async (): Promise<(string | null)[]> =>
    (await database.query<{ name: string | null }>('select name from thing order by id')).map(
      ({ name }) => name,
    );

  it('commits what resolves', async () => {
    const answer = await database.transaction(async (tx) => {
      await tx.query('insert into thing (id, name) values ($1, $2)', [1, 'kept']);
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await names()).toEqual(['kept']);
  });

  it('rolls back what throws, and passes the error on', async () => {
    const fault = new Error('on second thoughts');
    const doomed = database.transaction(async (tx) => {
      await tx.query('insert into thing (id, name) values (2, $1)', ['undone']);
      throw fault;
    });
    await expect(doomed).rejects.toBe(fault);
    expect(await names()).toEqual(['kept']);
  });

  it('goes on after a statement the database refused', async () => {
    const doubled = database.transaction(async (tx) => {
      await tx.query("insert into thing (id, name) values (1, 'double')");
    });
    const error = await doubled.catch((refusal: unknown) => refusal);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(new Error('something else'))).toBe(false);
    expect(await names()).toEqual(['kept']);
  });

  it('gives a date as text, whatever the time zone, and a moment as Date', async () => {
    const moment = new Date('2024-02-29T21:30:00Z');
    const [row] = await database.query(
      {
        name: 'date_and_moment',
        text: "select $1::date as born, $2::timestamptz as seen, date '1970-01-01' as literal",
      },
      ['1961-04-12', moment],
    );
    expect(row).toEqual({ born: '1961-04-12', seen: moment, literal: '1970-01-01' });
  });

  it('takes a thousand named statements as one', async () => {
    const statement = { name: 'doubled', text: 'select $1::int * 2 as twice' };
    const rows = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => database.query<{ twice: number }>(statement, [index])),
    );
    expect(rows.map(([row]) => row?.twice)).toEqual(rows.map((_, index) => index * 2));
  });

  it('copies a stream of rows, more than fit in one piece, and all or nothing of a bad piece', async () => {
    const lines = async function* (from: number, count: number) {
      for (let id = from; id < from + count; id++) yield `${id}\tИмя ${id}\t\\N`;
    };
    await database.copy('thing', ['id', 'name', 'born'], lines(1_000, 12_000));
    const [{ count, last } = { count: 0, last: '' }] = await database.query<{ count: number; last: string }>(
      'select count(*)::int as count, max(name) filter (where id = 12999) as last from thing where id >= 1000',
    );
    expect([count, last]).toEqual([12_000, 'Имя 12999']);

    const bad = async function* () {
      yield '20001\tgood\t\\N';
      yield 'twenty thousand and two\tbad\t\\N';
    };
    await expect(database.copy('thing', ['id', 'name', 'born'], bad())).rejects.toThrow(/integer/);
    expect(await database.query('select from thing where id = 20001')).toEqual([]);
  });

  it('stops copying when the source fails', async () => {
    const broken = async function* () {
      yield '30001\tgood\t\\N';
      throw new Error('the file ended in the middle');
    };
    await expect(database.copy('thing', ['id', 'name', 'born'], broken())).rejects.toThrow(
      'ended in the middle',
    );
    expect(await database.query('select from thing where id = 30001')).toEqual([]);
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe.each([
  { name: 'PostgreSQL', open: onServer },
  { name: 'PGlite', open: inProcess },
])('migrations on $name', ({ open }) => {
  it('are applied once each, when three processes start at the same moment', async () => {
    const { database, another, close } = await open();
    const all = await pendingMigrations(database);
    expect(all.length).toBeGreaterThan(3);
    const applied = await Promise.all([migrate(database), migrate(another()), migrate(another())]);
    const numbers = applied.flat().map(({ number }) => number);
    expect(numbers.sort((a, b) => a - b)).toEqual(all.map(({ number }) => number));
    expect(await pendingMigrations(database)).toEqual([]);
    expect(await migrate(database)).toEqual([]);
    await close();
  });
});

it('a migration takes as long as it needs, whatever a request may take', async () => {
  const { database, another, close } = await onServer();
  const number = Math.max(...(await migrate(database)).map((migration) => migration.number));
  await database.query('delete from schema_migration where number = $1', [number]);
  const impatient: Database = {
    ...another(),
    transaction: (work) =>
      database.transaction(async (tx) => {
        await tx.script("set local statement_timeout = '20ms'");
        return work(tx);
      }),
  };
  let migrating: Promise<unknown> | undefined;
  await another().transaction(async (tx) => {
    await tx.query('insert into schema_migration (number, name) values ($1, $2)', [number, 'by another']);
    migrating = migrate(impatient);
    migrating.catch(() => {});
    await sleep(200);
  });
  expect(await migrating).toEqual([]);
  await close();
});
