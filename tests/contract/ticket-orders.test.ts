/** Orders of tickets, prices and lost tickets on both databases: what one transaction moves, and who comes second. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../adapters/database/database.ts';
import { postgresMemberTickets } from '../../adapters/member-tickets/postgres.ts';
import { postgresOrderBook } from '../../adapters/ticket-orders/postgres-book.ts';
import { postgresOrderDesk } from '../../adapters/ticket-orders/postgres-desk.ts';
import { postgresTicketPrices } from '../../adapters/ticket-orders/postgres-prices.ts';
import { ORDER_MOVES, type OrderMove } from '../../adapters/ticket-orders/ticket-orders.ts';
import { postgresTicketRanges } from '../../adapters/ticket-ranges/postgres.ts';
import { seedRegister } from '../../sandbox/people/seed.ts';
import { seedTicketOrders } from '../../sandbox/people/ticket-orders.ts';
import { engines } from './engines.ts';

const CHAIR = 'chair-account';
const UNIT = 1_700;

describe.each(engines)('orders of tickets on %s', (_name, open) => {
  let database: Database;
  const desk = postgresOrderDesk();
  let book: ReturnType<typeof postgresOrderBook>;
  let tickets: ReturnType<typeof postgresMemberTickets>;
  let serial = 0;

  beforeAll(async () => {
    database = await open();
    book = postgresOrderBook(database);
    tickets = postgresMemberTickets(database, postgresTicketRanges(database));
    await seedRegister(database);
  }, 60_000);
  afterAll(() => database.close());

  /** Of P-03, each with a number of her own. */
  const newcomers = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let made = 0; made < count; made += 1) {
      serial += 1;
      const id = `C-${String(serial).padStart(3, '0')}`;
      await database.query(
        `insert into member (id, organisation_id, family_name, given_name, birthdate, membership)
         values ($1, 'P-03', $2, 'Вера', '1980-01-01', 'member')`,
        [id, `Новая-${String(serial).padStart(3, '0')}`],
      );
      await database.query(
        `insert into ticket (number, member_id, state) values ($1, $2, 'number_assigned')`,
        [`98${String(serial).padStart(14, '0')}`, id],
      );
      ids.push(id);
    }
    return ids;
  };
  const draft = async (memberIds: readonly string[], organisationId = 'P-03') =>
    database.transaction((tx) => desk.draft({ organisationId, memberIds, unitKopecks: UNIT }, tx));
  const drafted = async (count: number) => {
    const ids = await newcomers(count);
    const order = await draft(ids);
    if (!order) throw new Error('nothing was drafted');
    return { ids, id: order.id };
  };
  const move = (id: string, name: OrderMove) =>
    database.transaction((tx) => desk.move(id, name, name === 'ship' ? { parcel: 'RA 1' } : {}, tx));
  const upTo = async (id: string, names: readonly OrderMove[]) => {
    for (const name of names) expect(await move(id, name), name).toBeGreaterThan(0);
  };
  const statesOf = async (ids: readonly string[]) =>
    (
      await database.query<{ state: string }>(
        'select state from ticket where member_id = any($1) order by number',
        [ids],
      )
    ).map(({ state }) => state);
  const told = async (ids: readonly string[]) =>
    (
      await database.query<{ count: number }>(
        'select count(*)::int as count from register_change where member_id = any($1)',
        [ids],
      )
    )[0]?.count;
  const TO_COMMITTEE = ['submit', 'produce', 'ship', 'receive'] as const;

  it('takes every ticket along with every move, and tells the feed of each member', async () => {
    const { id, ids } = await drafted(2);
    for (const [at, name] of TO_COMMITTEE.entries()) {
      expect(await move(id, name)).toBe(2);
      const { to, tickets: moved } = ORDER_MOVES[name];
      expect((await book.find(id, { at: 'P-03' }))?.state).toBe(to);
      expect(await statesOf(ids)).toEqual([moved.to, moved.to]);
      expect(await told(ids)).toBe((at + 1) * 2);
    }
    expect((await book.steps(id)).map(({ state }) => state)).toEqual([
      ...['draft', 'submitted', 'in_production', 'shipped', 'at_committee'],
    ]);
  });

  it('moves from where the move begins and from nowhere else', async () => {
    const { id, ids } = await drafted(1);
    for (const name of ['withdraw', 'produce', 'ship', 'receive'] as const) {
      expect(await move(id, name)).toBeUndefined();
    }
    await upTo(id, ['submit', 'withdraw', 'submit', 'produce']);
    expect(await move(id, 'withdraw')).toBeUndefined();
    expect(await statesOf(ids)).toEqual(['in_production']);
  });

  it('lets one of five equal moves win', async () => {
    const { id, ids } = await drafted(1);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => move(id, 'submit')));
    expect(outcomes.filter((one) => one !== undefined)).toEqual([1]);
    expect(await told(ids)).toBe(1);
  });

  it('puts nobody into two unfinished orders, even at once', async () => {
    const ids = await newcomers(3);
    const orders = await Promise.all([draft(ids), draft([...ids].reverse()), draft(ids)]);
    expect(orders.reduce((sum, order) => sum + (order?.tickets ?? 0), 0)).toBe(3);
    expect(await book.unordered('P-03')).not.toContainEqual(expect.objectContaining({ memberId: ids[0] }));
    expect(await draft(ids)).toBeUndefined();
  });

  it('knows who has no number in force: none at all, or a blocked one, and who is on record', async () => {
    const [blocked, numbered, none, ended] = await newcomers(4);
    await database.query(`update ticket set state = 'blocked' where member_id = $1`, [blocked ?? '']);
    await database.query('delete from ticket where member_id = any($1)', [[none ?? '', ended ?? '']]);
    await database.query(`update member set membership = 'ended' where id = $1`, [ended ?? '']);
    const ids = (await book.numberless('P-03')).map(({ memberId }) => memberId);
    expect(ids).toEqual(expect.arrayContaining([blocked, none]));
    for (const other of [numbered, ended]) expect(ids).not.toContain(other);
    expect((await book.numberless('P-01')).map(({ memberId }) => memberId)).not.toContain(none);
  });

  it('takes nobody of another organisation, whatever it is told', async () => {
    const ids = await newcomers(1);
    expect(await draft(ids, 'P-02')).toBeUndefined();
  });

  it('is found by its own organisation and by those above, not beside', async () => {
    const { id } = await drafted(1);
    expect(await book.find(id, { at: 'P-03' })).toBeDefined();
    expect(await book.find(id, { at: 'P-02' })).toBeUndefined();
    // Nobody's business yet.
    expect(await book.find(id, { below: 'R-01/T-02/' })).toBeUndefined();
    await upTo(id, ['submit']);
    expect(await book.find(id, { below: 'R-01/T-02/' })).toBeDefined();
    expect(await book.find(id, { below: 'R-01/' })).toBeDefined();
    expect(await book.find(id, { below: 'R-01/T-01/' })).toBeUndefined();
    expect(await book.find(id, { below: 'R-02/' })).toBeUndefined();
  });

  it('hands out once, one by one or all, and is complete with the last', async () => {
    const { id, ids } = await drafted(3);
    const give = (members: readonly string[] | 'all') =>
      database.transaction((tx) => desk.handOut(id, members, CHAIR, tx));
    expect(await give('all')).toBe(0);
    await upTo(id, TO_COMMITTEE);
    const [first = ''] = ids;
    expect(await Promise.all([give([first]), give([first]), give([first])])).toHaveLength(3);
    expect((await book.find(id, { at: 'P-03' }))?.issued).toBe(1);
    expect(await statesOf(ids)).toEqual(['issued', 'at_committee', 'at_committee']);
    const before = await told(ids);
    expect(await give([first])).toBe(0);
    expect(await told(ids)).toBe(before);
    expect(await give('all')).toBe(2);
    expect(await book.find(id, { at: 'P-03' })).toMatchObject({ state: 'complete', issued: 3 });
    expect((await book.lines(id)).every(({ outcome, settledAt }) => outcome === 'issued' && settledAt)).toBe(
      true,
    );
  });

  it('leaves people out of a draft, and is gone with the last', async () => {
    const { id, ids } = await drafted(2);
    const out = (members: readonly string[]) => database.transaction((tx) => desk.leaveOut(id, members, tx));
    expect(await out([ids[0] ?? '', 'somebody else'])).toBe(1);
    expect((await book.find(id, { at: 'P-03' }))?.tickets).toBe(1);
    await upTo(id, ['submit']);
    expect(await out([ids[1] ?? ''])).toBeUndefined();
    await upTo(id, ['withdraw']);
    expect(await out([ids[1] ?? ''])).toBe(1);
    expect(await book.find(id, { at: 'P-03' })).toBeUndefined();
    expect((await book.unordered('P-03')).map(({ memberId }) => memberId)).toEqual(
      expect.arrayContaining([...ids]),
    );
  });

  it('counts lines and years, and pages both', async () => {
    const { id, ids } = await drafted(3);
    await upTo(id, ['submit']);
    const all = await book.lines(id);
    expect(all.map(({ memberId }) => memberId)).toEqual([...ids]);
    const [first, second] = await book.lines(id, { limit: 2 });
    expect([first?.memberId, second?.memberId]).toEqual(ids.slice(0, 2));
    expect(await book.lines(id, { limit: 2, after: second?.memberId ?? '' })).toEqual([all[2]]);
    const [latest] = await book.list({ at: 'P-03' }, { limit: 1 });
    expect(latest?.id).toBe(id);
    expect((await book.list({ at: 'P-03' }, { limit: 1, before: id }))[0]?.id).not.toBe(id);
    const [year] = await book.years({ below: 'R-01/T-02/' });
    const submitted = await book.list({ below: 'R-01/T-02/' }, { limit: 50 });
    const sum = submitted.reduce((total, { tickets: count }) => total + count, 0);
    expect(year).toMatchObject({ orders: submitted.length, tickets: sum, kopecks: sum * UNIT });
  });

  it('blocks a lost ticket, replaces its number, and lets the order go on without it', async () => {
    const { id, ids } = await drafted(2);
    await upTo(id, TO_COMMITTEE);
    const [lost = '', other = ''] = ids;
    const block = (organisation: string) =>
      database.transaction((tx) => tickets.block(organisation, lost, CHAIR, tx));
    const replace = () =>
      database.transaction((tx) =>
        tickets.replace('P-03', lost, async () => `97${String(++serial).padStart(14, '0')}`, tx),
      );
    expect(await replace()).toBe(false);
    expect(await block('P-02')).toBe(false);
    expect(await tickets.of('P-02', lost)).toBeUndefined();
    expect(await block('P-03')).toBe(true);
    expect(await block('P-03')).toBe(false);
    expect((await Promise.all([replace(), replace(), replace()])).filter(Boolean)).toHaveLength(1);
    expect((await tickets.of('P-03', lost))?.tickets.map(({ state }) => state)).toEqual([
      'number_assigned',
      'replaced',
    ]);
    expect(await database.transaction((tx) => desk.handOut(id, 'all', CHAIR, tx))).toBe(1);
    expect(await book.find(id, { at: 'P-03' })).toMatchObject({ state: 'complete', issued: 1, voided: 1 });
    expect(await statesOf([other])).toEqual(['issued']);
    expect((await book.unordered('P-03')).map(({ memberId }) => memberId)).toContain(lost);
  });

  describe('a ticket blocked by mistake', () => {
    const block = (id: string) => database.transaction((tx) => tickets.block('P-03', id, CHAIR, tx));
    const unblock = (id: string, organisation = 'P-03') =>
      database.transaction((tx) => tickets.unblock(organisation, id, tx));

    it('is back in its order, which waits for it again', async () => {
      const { id, ids } = await drafted(2);
      await upTo(id, TO_COMMITTEE);
      const [mistaken = ''] = ids;
      await block(mistaken);
      await database.transaction((tx) => desk.handOut(id, 'all', CHAIR, tx));
      expect((await book.find(id, { at: 'P-03' }))?.state).toBe('complete');
      expect(await unblock(mistaken, 'P-01')).toBe(false);
      const before = (await told([mistaken])) ?? 0;
      expect((await Promise.all([unblock(mistaken), unblock(mistaken)])).filter(Boolean)).toEqual([true]);
      expect(await told([mistaken])).toBe(before + 1);
      expect(await book.find(id, { at: 'P-03' })).toMatchObject({ state: 'at_committee', voided: 0 });
      expect((await book.steps(id)).at(-1)?.state).toBe('at_committee');
      expect(await statesOf([mistaken])).toEqual(['at_committee']);
      expect(await database.transaction((tx) => desk.handOut(id, [mistaken], CHAIR, tx))).toBe(1);
      // In her hands it is blocked and unblocked without the order.
      await block(mistaken);
      expect(await unblock(mistaken)).toBe(true);
      expect(await statesOf([mistaken])).toEqual(['issued']);
      expect((await book.find(id, { at: 'P-03' }))?.state).toBe('complete');
    });

    it('is ordered anew when the order has gone on without it, or was only a draft', async () => {
      const { id, ids } = await drafted(2);
      const [late = '', early = ''] = ids;
      await block(early);
      expect(await unblock(early)).toBe(true);
      await upTo(id, ['submit']);
      await block(late);
      await move(id, 'produce');
      expect(await unblock(late)).toBe(true);
      expect(await statesOf([late, early])).toEqual(['number_assigned', 'number_assigned']);
      const unordered = (await book.unordered('P-03')).map(({ memberId }) => memberId);
      expect(unordered).toEqual(expect.arrayContaining([late, early]));
    });

    it('stays blocked once it is replaced, or when nobody knows where it stood', async () => {
      const [replaced = '', elsewhere = ''] = await newcomers(2);
      await block(replaced);
      await database.transaction((tx) =>
        tickets.replace('P-03', replaced, async () => `97${String(++serial).padStart(14, '0')}`, tx),
      );
      expect(await unblock(replaced)).toBe(false);
      await database.query(`update ticket set state = 'blocked' where member_id = $1`, [elsewhere]);
      expect(await unblock(elsewhere)).toBe(false);
      expect((await tickets.of('P-03', elsewhere))?.tickets[0]?.unblockable).toBe(false);
    });
  });

  it('takes back «выдан» set by mistake, once, and not from a ticket that is blocked since', async () => {
    const { id, ids } = await drafted(2);
    await upTo(id, TO_COMMITTEE);
    const [slip = '', lost = ''] = ids;
    const back = (memberId: string) => database.transaction((tx) => desk.takeBack(id, memberId, tx));
    expect(await back(slip)).toBe(false);
    await database.transaction((tx) => desk.handOut(id, 'all', CHAIR, tx));
    const before = (await told([slip])) ?? 0;
    expect((await Promise.all([back(slip), back(slip)])).filter(Boolean)).toEqual([true]);
    expect(await told([slip])).toBe(before + 1);
    expect(await statesOf([slip])).toEqual(['at_committee']);
    expect(await book.find(id, { at: 'P-03' })).toMatchObject({ state: 'at_committee', issued: 1 });
    await database.transaction((tx) => tickets.block('P-03', lost, CHAIR, tx));
    expect(await back(lost)).toBe(false);
  });

  it('knows what a ticket costs on a day, and keeps the price of what is submitted', async () => {
    const prices = postgresTicketPrices(database);
    expect(await prices.on('2021-03-31')).toBeUndefined();
    expect(await prices.on('2026-11-21')).toEqual({ validFrom: '2021-04-01', kopecks: 1_700 });
    await database.transaction((tx) =>
      prices.set({ validFrom: '2027-01-01', kopecks: 2_050 }, 'operator', tx),
    );
    await database.transaction((tx) =>
      prices.set({ validFrom: '2027-01-01', kopecks: 2_100 }, 'operator', tx),
    );
    expect(await prices.on('2026-12-31')).toEqual({ validFrom: '2021-04-01', kopecks: 1_700 });
    expect(await prices.on('2027-06-01')).toEqual({ validFrom: '2027-01-01', kopecks: 2_100 });
    expect(await prices.list()).toHaveLength(2);
  });

  it('has the orders of the sandbox as domain.md §6.4 tells them', async () => {
    await database.script('delete from ticket_order');
    await seedTicketOrders(database);
    await seedTicketOrders(database);
    expect(await book.find('1', { at: 'P-01' })).toMatchObject({
      state: 'at_committee',
      tickets: 28,
      issued: 20,
    });
    expect(await book.find('2', { at: 'P-02' })).toMatchObject({ state: 'draft', tickets: 2 });
    expect(await book.find('3', { at: 'P-05b' })).toMatchObject({ state: 'in_production', tickets: 1_000 });
    expect(await book.unordered('P-01')).toHaveLength(29);
    const { id } = (await draft(await newcomers(1))) ?? {};
    expect(Number(id)).toBeGreaterThan(4);
    const states = await database.query<{ state: string }>(
      `select distinct t.state from ticket_order_line l join ticket t on t.number = l.ticket_number
        where l.order_id = 1 and l.outcome is null`,
    );
    expect(states).toEqual([{ state: 'at_committee' }]);
  });
});
