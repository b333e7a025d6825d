/** The number that was to come later, for one member: what was chosen, read and assigned, noted in one transaction. */
import { z } from 'zod';
import type { Database } from '../../adapters/database/database.ts';
import type { Assignment, MemberTickets } from '../../adapters/member-tickets/member-tickets.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { chooseNumber, NUMBER_PROBLEMS, type NumberProblem } from './choose-number.ts';

export type AssignNeeds = {
  readonly database: Pick<Database, 'transaction'>;
  readonly memberTickets: Pick<MemberTickets, 'assign'>;
  readonly events: Pick<Events, 'ticketAssigned'>;
};

export const assignFields = { number: z.enum(['next', 'typed']).optional(), typed: z.string().max(2_000) };
export type TypedNumber = z.output<z.ZodObject<typeof assignFields>>;

/** `held`: by whoever was quicker. `not-open`: she is no member there, or her number is to be replaced. */
export type Assigned = 'assigned' | 'held' | 'not-open';

export async function assignNumber(
  { database, memberTickets, events }: AssignNeeds,
  where: Where,
  { officer, organisation: { id: organisationId } }: OfficerAt,
  memberId: string,
  { number, typed }: TypedNumber,
): Promise<Assigned | NumberProblem> {
  const wanted = chooseNumber(number, typed);
  if ('code' in wanted) return wanted;
  const { kind } = await database.transaction(async (tx): Promise<Assignment> => {
    const found = await memberTickets.assign(organisationId, memberId, wanted, tx);
    if (found.kind === 'assigned') {
      await events.ticketAssigned(where, officer.account.id, { organisationId, memberId }, tx);
    }
    return found;
  });
  return kind === 'ticket-taken' || kind === 'no-number-left' ? NUMBER_PROBLEMS[kind] : kind;
}
