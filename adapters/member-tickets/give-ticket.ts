/** A member's number, given in the transaction that accepts her application, or later: nobody has two. */
import type { Queryable } from '../database/database.ts';
import type { TicketRanges } from '../ticket-ranges/ticket-ranges.ts';
import type { TicketRefusal, TicketWanted } from './member-tickets.ts';

/** A ticket that counts. */
export const LIVE = `state not in ('blocked', 'replaced')`;

/** The number she has from now on. One she has already stays hers. Whoever calls holds a lock on the row of her card. */
export async function giveTicket(
  tx: Queryable,
  memberId: string,
  wanted: TicketWanted,
  ranges: Pick<TicketRanges, 'take'>,
): Promise<{ readonly number: string } | TicketRefusal> {
  const [held] = await tx.query<{ number: string }>(
    `select number from ticket where member_id = $1 and ${LIVE} order by number limit 1`,
    [memberId],
  );
  if (wanted.kind === 'typed') {
    if (held) return held.number === wanted.number ? held : { kind: 'ticket-taken' };
    return (await insert(tx, memberId, wanted.number)) ?? { kind: 'ticket-taken' };
  }
  if (held) return held;
  for (;;) {
    const number = await ranges.take(tx);
    if (number === undefined) return { kind: 'no-number-left' };
    // Somebody may have typed that number a moment ago: then the next one is hers.
    const given = await insert(tx, memberId, number);
    if (given) return given;
  }
}

async function insert(
  tx: Queryable,
  memberId: string,
  number: string,
): Promise<{ readonly number: string } | undefined> {
  const [given] = await tx.query<{ number: string }>(
    `insert into ticket (number, member_id, state) values ($1, $2, 'number_assigned')
     on conflict (number) do nothing returning number`,
    [number, memberId],
  );
  return given;
}
