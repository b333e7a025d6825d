/** Numbers of a range: each given once, in order, never one that somebody has; none left is said, not guessed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../adapters/database/database.ts';
import { postgresTicketRanges } from '../../adapters/ticket-ranges/postgres.ts';
import { engines } from './engines.ts';

describe.each(engines)('ranges of ticket numbers on %s', (_name, open) => {
  let database: Database;
  let ranges: ReturnType<typeof postgresTicketRanges>;
  const take = () => database.transaction((tx) => ranges.take(tx));
  beforeAll(async () => {
    database = await open();
    await database.script(`
      insert into organisation (id, kind, name, short_name, region) values ('P-1', 'primary', 'Лицей', 'Лицей', 'Край');
      insert into member (id, organisation_id, family_name, given_name, birthdate, membership)
        values ('M-1', 'P-1', 'Жуков', 'Яков', '1972-07-27', 'member');`);
    ranges = postgresTicketRanges(database);
  });
  beforeEach(() => database.script('delete from ticket_range'));
  afterAll(() => database.close());

  it('are used up in order, past numbers that somebody has, to the next range, to none', async () => {
    expect([await take(), await ranges.isOpen()]).toEqual([undefined, false]);
    await database.query(
      `insert into ticket (number, member_id, state) values ('0099000000000002', 'M-1', 'replaced')`,
    );
    expect(await ranges.add('0099000000000001', '0099000000000003', 'operator')).toBe(true);
    expect(await ranges.add('9999999999999999', '9999999999999999', 'operator')).toBe(true);
    expect(await ranges.isOpen()).toBe(true);
    expect((await ranges.all()).map(({ free }) => free)).toEqual([2, 1]);
    expect([await take(), await take(), await take(), await take()]).toEqual([
      '0099000000000001',
      '0099000000000003',
      '9999999999999999',
      undefined,
    ]);
    expect((await ranges.all()).map(({ first, last, free }) => ({ first, last, free }))).toEqual([
      { first: '0099000000000001', last: '0099000000000003', free: 0 },
      { first: '9999999999999999', last: '9999999999999999', free: 0 },
    ]);
  });

  it('never overlap', async () => {
    await ranges.add('9900000000001000', '9900000000001999', 'operator');
    expect(await ranges.add('9900000000001999', '9900000000002500', 'operator')).toBe(false);
    expect(await ranges.add('9900000000002000', '9900000000002500', 'operator')).toBe(true);
  });

  it('a number is free again when the transaction fails', async () => {
    await ranges.add('9900000000001000', '9900000000001999', 'operator');
    const failed = database.transaction(async (tx) => {
      await ranges.take(tx);
      throw new Error('killed here');
    });
    await expect(failed).rejects.toThrow('killed here');
    expect(await take()).toBe('9900000000001000');
  });

  it('a long range with nothing taken is as quick as a short one', async () => {
    await ranges.add('1000000000000000', '8999999999999999', 'operator');
    const begun = performance.now();
    expect(await take()).toBe('1000000000000000');
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('of twenty at once no two get the same', async () => {
    await ranges.add('9900000000001000', '9900000000001018', 'operator');
    const taken = await Promise.all(Array.from({ length: 20 }, take));
    expect(new Set(taken).size).toBe(20);
    expect(taken.filter((number) => number === undefined)).toHaveLength(1);
  });
});
