/** The number that was to come later, on both databases: to whom it is given, once, and who comes second. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../adapters/database/database.ts';
import type { TicketWanted } from '../../adapters/member-tickets/member-tickets.ts';
import { postgresMemberTickets } from '../../adapters/member-tickets/postgres.ts';
import { postgresTicketRanges } from '../../adapters/ticket-ranges/postgres.ts';
import { seedRegister } from '../../sandbox/people/seed.ts';
import { engines } from './engines.ts';

const NEXT: TicketWanted = { kind: 'next' };
const typed = (number: string): TicketWanted => ({ kind: 'typed', number });
/** Small enough for a number to count by. */
const FIRST = 8_700_000_000_008_000;

describe.each(engines)('the first number of a member on %s', (_name, open) => {
  let database: Database;
  let tickets: ReturnType<typeof postgresMemberTickets>;
  let serial = 0;
  let range = 0;
  beforeAll(async () => {
    database = await open();
    tickets = postgresMemberTickets(database, postgresTicketRanges(database));
    await seedRegister(database);
  }, 60_000);
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.query('update ticket_range set next = last + 1');
    range = FIRST + serial * 1_000;
    await postgresTicketRanges(database).add(String(range), String(range + 99), 'operator');
  });

  const newcomer = async (membership = 'member'): Promise<string> => {
    serial += 1;
    const id = `N-${serial}`;
    await database.query(
      `insert into member (id, organisation_id, family_name, given_name, birthdate, membership)
       values ($1, 'P-01', 'Новая', 'Вера', '1980-01-01', $2)`,
      [id, membership],
    );
    return id;
  };
  const assign = (memberId: string, wanted: TicketWanted, organisation = 'P-01') =>
    database.transaction((tx) => tickets.assign(organisation, memberId, wanted, tx));
  const kindsOf = async (pressed: readonly Promise<{ readonly kind: string }>[]) =>
    (await Promise.all(pressed)).map(({ kind }) => kind).sort();
  const numbersOf = async (memberId: string) =>
    (await tickets.of('P-01', memberId))?.tickets.map(({ number, state }) => [number, state]);
  const told = async (memberId: string) =>
    (await database.query('select from register_change where member_id = $1', [memberId])).length;
  const versionOf = async (memberId: string) =>
    (await database.query<{ version: number }>('select version from member where id = $1', [memberId]))[0]
      ?.version;

  it('is the next of the ranges, or the typed one, and the register’s readers are told once', async () => {
    const [next, byHand] = [await newcomer(), await newcomer()];
    expect(await assign(next, NEXT)).toEqual({ kind: 'assigned' });
    expect(await numbersOf(next)).toEqual([[String(range), 'number_assigned']]);
    expect(await told(next)).toBe(1);
    expect(await versionOf(next)).toBe(2);
    expect(await assign(byHand, typed(String(range + 500)))).toEqual({ kind: 'assigned' });
    expect(await numbersOf(byHand)).toEqual([[String(range + 500), 'number_assigned']]);
  });

  it('five presses at once give one number, and take one of the range', async () => {
    const id = await newcomer();
    const kinds = await kindsOf(Array.from({ length: 5 }, () => assign(id, NEXT)));
    expect(kinds).toEqual(['assigned', 'held', 'held', 'held', 'held']);
    expect(await numbersOf(id)).toEqual([[String(range), 'number_assigned']]);
    expect(await told(id)).toBe(1);
    const other = await newcomer();
    await assign(other, NEXT);
    expect(await numbersOf(other)).toEqual([[String(range + 1), 'number_assigned']]);
  });

  it('of two chairs with one number the second is told that it is taken, and nothing is written', async () => {
    const [one, other] = [await newcomer(), await newcomer()];
    const number = String(range + 600);
    const kinds = await kindsOf([assign(one, typed(number)), assign(other, typed(number))]);
    expect(kinds).toEqual(['assigned', 'ticket-taken']);
    expect((await told(one)) + (await told(other))).toBe(1);
    expect(((await versionOf(one)) ?? 0) + ((await versionOf(other)) ?? 0)).toBe(3);
  });

  it('a number of the range that somebody types at that moment is not given twice', async () => {
    const [byHand, next] = [await newcomer(), await newcomer()];
    const kinds = await kindsOf([assign(byHand, typed(String(range))), assign(next, NEXT)]);
    const [mine, hers] = [(await numbersOf(byHand))?.length ?? 0, await numbersOf(next)];
    // Whoever types the number that was taken a moment ago is told so.
    expect(kinds).toEqual(mine === 1 ? ['assigned', 'assigned'] : ['assigned', 'ticket-taken']);
    expect(hers).toEqual([[String(mine === 1 ? range + 1 : range), 'number_assigned']]);
  });

  it('is not to be had when the ranges are used up', async () => {
    const id = await newcomer();
    await database.query('update ticket_range set next = last + 1');
    expect(await assign(id, NEXT)).toEqual({ kind: 'no-number-left' });
    expect([await numbersOf(id), await told(id), await versionOf(id)]).toEqual([[], 0, 1]);
  });

  it('is nobody’s who is no member there, or whose number is to be replaced', async () => {
    const id = await newcomer();
    expect(await assign(id, NEXT, 'P-02')).toEqual({ kind: 'not-open' });
    for (const membership of ['suspended', 'ended', 'applicant', 'under_review']) {
      expect(await assign(await newcomer(membership), NEXT), membership).toEqual({ kind: 'not-open' });
    }
    await assign(id, NEXT);
    await database.transaction((tx) => tickets.block('P-01', id, 'chair', tx));
    expect(await assign(id, NEXT)).toEqual({ kind: 'not-open' });
    expect(await numbersOf(id)).toHaveLength(1);
  });
});
