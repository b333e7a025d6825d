/**
 * What is done to a member's card: put on record, corrected, suspended, ended, taken up again. Each with its audit row
 * and the register's change feed in one transaction.
 */
import type { Clock } from '../../adapters/clock.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type {
  MemberBook,
  MemberCard,
  MemberWriter,
  Namesake,
  SealedSnils,
  Standing,
} from '../../adapters/member-book/member-book.ts';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import type { AtRecords } from '../events/records.ts';
import { changedFields, type MemberProblem, type ReadMember } from './read-member.ts';

export type RecordNeeds = {
  readonly database: Database;
  readonly book: MemberBook;
  readonly writer: MemberWriter;
  readonly sealSnils: (snils: string, memberId: string) => SealedSnils;
  readonly events: Pick<Events, 'memberChanged'>;
  readonly clock: Clock;
};

export type Outcome = 'done' | MemberProblem;

/** What speaks against a number or a SNILS: somebody else has it. `memberId`: whose card it is about. */
async function takenProblem(
  { book, sealSnils }: Pick<RecordNeeds, 'book' | 'sealSnils'>,
  { snils, ticket }: Pick<ReadMember, 'snils' | 'ticket'>,
  memberId: string,
  within?: Queryable,
): Promise<MemberProblem | undefined> {
  const digest = snils === undefined ? undefined : sealSnils(snils, memberId).digest;
  const held = await book.holders(
    { tickets: ticket === undefined ? [] : [ticket], snils: digest ? [digest] : [] },
    within,
  );
  const isOthers = (holder: { readonly memberId: string } | undefined) =>
    holder !== undefined && holder.memberId !== memberId;
  if (digest && isOthers(held.snils.get(digest.toString('hex'))))
    return { field: 'snils', code: 'snils_taken' };
  if (ticket !== undefined && isOthers(held.tickets.get(ticket)))
    return { field: 'ticket', code: 'ticket_taken' };
  return undefined;
}

/** Of those whose membership is not over. */
export function namesakesOn(
  namesakes: readonly Namesake[],
  organisationId: string,
): { readonly here: readonly Namesake[]; readonly elsewhere: boolean } {
  const standing = namesakes.filter(({ membership }) => membership !== 'ended');
  return {
    // A card that is over here is to be taken up again, and not to be written anew.
    here: namesakes.filter((one) => one.organisationId === organisationId),
    elsewhere: standing.some((one) => one.organisationId !== organisationId),
  };
}

/** `id`: chosen before, so that what is sent twice is done once. */
export async function addMember(
  needs: RecordNeeds,
  where: Where,
  at: AtRecords,
  id: string,
  member: ReadMember,
): Promise<Outcome> {
  const { database, writer, sealSnils, clock } = needs;
  const problem = await takenProblem(needs, member, id);
  if (problem) return problem;
  const today = dayInMoscow(clock.now());
  return database.transaction(async (tx) => {
    const isAdded = await writer.add(
      at.organisationId,
      id,
      {
        ...member.data,
        onRecordSince: member.data.onRecordSince ?? today,
        ...{ membership: 'member', since: today, ticket: member.ticket },
        ...(member.snils !== undefined && { snils: sealSnils(member.snils, id) }),
      },
      tx,
    );
    if (!isAdded) {
      // The same form again, or somebody who was quicker.
      const known = await needs.book.find(at.organisationId, id, tx);
      return known ? 'done' : { field: 'form', code: 'card_changed' };
    }
    await needs.events.memberChanged(where, at, { member: id, act: 'added', fields: [] }, tx);
    await writer.tell([id], tx);
    return 'done';
  });
}

export async function correctMember(
  needs: RecordNeeds,
  where: Where,
  at: AtRecords,
  card: MemberCard,
  version: number,
  member: ReadMember,
): Promise<Outcome> {
  const { database, writer, sealSnils } = needs;
  const problem = await takenProblem(needs, member, card.id);
  if (problem) return problem;
  const { snils, data } = member;
  const sealed = snils === undefined ? undefined : sealSnils(snils, card.id);
  const fields = [...changedFields(card, data), ...(sealed ? (['snils'] as const) : [])];
  return database.transaction(async (tx) => {
    const changed = { ...data, ...(sealed && { snils: sealed }) };
    if (!(await writer.correct(at.organisationId, card.id, version, changed, tx))) return CHANGED;
    await needs.events.memberChanged(where, at, { member: card.id, act: 'corrected', fields }, tx);
    await writer.tell([card.id], tx);
    return 'done';
  });
}

export function standMember(
  { database, writer, events }: RecordNeeds,
  where: Where,
  at: AtRecords,
  { id }: MemberCard,
  version: number,
  standing: Standing,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    if (!(await writer.stand(at.organisationId, id, version, standing, tx))) return false;
    const fields = ['membership', standing.membership];
    await events.memberChanged(where, at, { member: id, act: 'stood', fields }, tx);
    await writer.tell([id], tx);
    return true;
  });
}

const CHANGED: MemberProblem = { field: 'form', code: 'card_changed' };
