import { describe, expect, it } from 'vitest';
import type { TicketState } from '../../../adapters/registry/registry.ts';
import {
  ORDER_MOVES,
  ORDER_STATES,
  type OrderLine,
  type OrderMove,
  type OrderState,
} from '../../../adapters/ticket-orders/ticket-orders.ts';
import { roubles, totalKopecks } from '../../../provider/ticket-orders/money.ts';
import { obstaclesOf, proposalFor } from '../../../provider/ticket-orders/propose.ts';

describe('where an order can go', () => {
  const table: readonly [OrderMove, OrderState, OrderState, TicketState, TicketState][] = [
    ['submit', 'draft', 'submitted', 'number_assigned', 'ordered'],
    ['withdraw', 'submitted', 'draft', 'ordered', 'number_assigned'],
    ['produce', 'submitted', 'in_production', 'ordered', 'in_production'],
    ['ship', 'in_production', 'shipped', 'in_production', 'shipped'],
    ['receive', 'shipped', 'at_committee', 'shipped', 'at_committee'],
  ];

  it.each(table)('%s: %s → %s, tickets %s → %s', (move, from, to, ticketFrom, ticketTo) => {
    expect(ORDER_MOVES[move]).toEqual({ from, to, tickets: { from: ticketFrom, to: ticketTo } });
  });

  it('has no other moves, and reaches every state but the last, which handing out reaches', () => {
    expect(Object.keys(ORDER_MOVES)).toEqual(table.map(([move]) => move));
    const reached = new Set(Object.values(ORDER_MOVES).flatMap(({ from, to }): OrderState[] => [from, to]));
    expect(ORDER_STATES.filter((state) => !reached.has(state))).toEqual(['complete']);
  });
});

describe('what an order costs', () => {
  it.each([
    [28, 1_700, 47_600, '476 ₽', '₽476'],
    [1_000, 1_700, 1_700_000, '17 000 ₽', '₽17,000'],
    [1, 1_750, 1_750, '17,50 ₽', '₽17.50'],
    [3, 1_705, 5_115, '51,15 ₽', '₽51.15'],
    [0, 1_700, 0, '0 ₽', '₽0'],
  ])('%i × %i kopecks', (tickets, unitKopecks, kopecks, russian, english) => {
    expect(totalKopecks({ tickets, unitKopecks })).toBe(kopecks);
    const plain = (text: string) => text.replace(/\s/g, ' ');
    expect(plain(roubles(kopecks, 'ru'))).toBe(russian);
    expect(plain(roubles(kopecks, 'en'))).toBe(english);
  });
});

const UNION: ReadonlySet<'union_pd'> = new Set(['union_pd'] as const);

describe('who is ordered for', () => {
  const line = (memberId: string, onRecord = true): OrderLine => ({
    ...{ memberId, family: 'Иванова', given: 'Мария', ticket: '9900000000000011', onRecord },
  });
  const people = ['M-01', 'M-02', 'M-03'].map((id) => line(id));
  const memberConsents = {
    standing: async (ids: readonly string[]) =>
      new Map(
        ids
          .filter((id) => id !== 'M-03')
          .map((id) => [id, new Set([id === 'M-02' ? ('finfort_pd' as const) : ('union_pd' as const)])]),
      ),
  };

  it('names whoever has not consented to the Union, whatever else she has consented to', async () => {
    const orderBook = { unordered: async () => people, numberless: async () => [] };
    const { ready, withoutConsent } = await proposalFor({ orderBook, memberConsents }, 'P-01');
    expect(ready.map(({ memberId }) => memberId)).toEqual(['M-01']);
    expect(withoutConsent.map(({ memberId }) => memberId)).toEqual(['M-02', 'M-03']);
  });

  it('names whoever has no number, too, and with both what she lacks when she lacks both', async () => {
    const orderBook = { unordered: async () => people.slice(0, 1), numberless: async () => people.slice(1) };
    const proposal = await proposalFor({ orderBook, memberConsents }, 'P-01');
    const ids = (list: readonly { readonly memberId: string }[]) => list.map(({ memberId }) => memberId);
    expect(ids(proposal.ready)).toEqual(['M-01']);
    expect(ids(proposal.withoutNumber)).toEqual(['M-02', 'M-03']);
    expect(ids(proposal.withoutConsent)).toEqual(['M-02', 'M-03']);
    const consenting = { standing: async (all: readonly string[]) => new Map(all.map((id) => [id, UNION])) };
    const { withoutConsent } = await proposalFor({ orderBook, memberConsents: consenting }, 'P-01');
    expect(withoutConsent).toEqual([]);
  });

  it('finds what has changed since the draft was made', async () => {
    const obstacles = await obstaclesOf(memberConsents, [line('M-01'), line('M-02'), line('M-01b', false)]);
    expect([...obstacles]).toEqual([
      ['M-02', 'consent'],
      ['M-01b', 'membership'],
    ]);
    expect((await obstaclesOf(memberConsents, [])).size).toBe(0);
  });
});
