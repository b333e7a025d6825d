/** What a ticket costs, and since when, as an operator sets it (E-15, Q-34). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../adapters/database/database.ts';
import { postgresTicketPrices } from '../../../adapters/ticket-orders/postgres-prices.ts';
import { type Environment, unionId, withDatabase } from './union-id.ts';

describe('union-id tickets price', { timeout: 60_000 }, () => {
  let environment: Environment;
  let database: Database;
  beforeAll(async () => {
    ({ environment, database } = await withDatabase());
  });
  afterAll(() => database.close());

  const run = (...args: string[]) => unionId(environment, 'tickets', 'price', ...args);
  const set = (roubles: string, from: string) => run('set', '--roubles', roubles, '--from', from);
  const costsOn = async (day: string) => (await postgresTicketPrices(database).on(day))?.kopecks;
  const listed = async () =>
    (await run('list')).out
      .trim()
      .split('\n')
      .map((row) => row.split(/ +/));

  test('is 17 roubles from the beginning', async () => {
    expect(await listed()).toEqual([
      ['from', 'roubles'],
      ['2021-04-01', '17.00'],
    ]);
  });

  test('holds from its day on, and the one before until then; each is on record', async () => {
    expect(await set('19,50', '01.02.2027')).toMatchObject({
      ...{ code: 0, out: 'From 2027-02-01 a ticket costs 19.50 roubles\n' },
    });
    expect([await costsOn('2027-01-31'), await costsOn('2027-02-01')]).toEqual([1700, 1950]);
    // Said again for the same day: the last word counts.
    await set('20', '2027-02-01');
    expect(await listed()).toEqual([
      ['from', 'roubles'],
      ['2021-04-01', '17.00'],
      ['2027-02-01', '20.00'],
    ]);
    expect(
      await database.query(`select actor, detail from audit where event = 'ticket_price_set' order by id`),
    ).toEqual([
      { actor: 'operator', detail: { from: '2027-02-01', kopecks: 1950 } },
      { actor: 'operator', detail: { from: '2027-02-01', kopecks: 2000 } },
    ]);
  });

  test.each([
    ['17.5', '2027-03-01', '--roubles must be a sum such as 17 or 17.50.'],
    ['0', '2027-03-01', '--roubles must be a sum such as 17 or 17.50.'],
    ['-5', '2027-03-01', '--roubles must be a sum such as 17 or 17.50.'],
    ['17', '31.02.2027', '«31.02.2027» is no day of the calendar.'],
  ])('is not %s from %s on', async (roubles, from, told) => {
    const { code, err } = await run('set', `--roubles=${roubles}`, '--from', from);
    expect([code, err.trim()]).toEqual([1, told]);
    expect(await listed()).toHaveLength(3);
  });
});
