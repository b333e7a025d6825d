/** Visits to people's pages: none without a reason, each view of one written down with it. */
import { randomUUID } from 'node:crypto';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { StaffVisits, Visit, VisitedPerson } from '../../adapters/staff-visits/staff-visits.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import type { Officer } from '../staff/officer.ts';
import type { ChosenReason } from './reason.ts';

/** Long enough for a call by telephone. */
export const VISIT_MINUTES = 30;

export type VisitNeeds = {
  readonly database: Database;
  readonly staffVisits: StaffVisits;
  readonly cipher: Cipher;
  readonly events: Pick<Events, 'personSeen'>;
};

const visitorOf = ({ account, session }: Officer) => ({ staffId: account.id, sessionUid: session.uid });
const contextOf = (id: string): string => `staff-visit:${id}`;

export async function beginVisit(
  { database, staffVisits, cipher }: VisitNeeds,
  officer: Officer,
  person: VisitedPerson,
  { reason, note }: { readonly reason: ChosenReason; readonly note: string },
): Promise<void> {
  const id = randomUUID();
  const visit = { id, reason, ...(note !== '' && { note: cipher.seal(note, contextOf(id)) }) };
  await database.transaction((tx) => staffVisits.begin(visitorOf(officer), person, visit, VISIT_MINUTES, tx));
}

export function currentVisit(
  { staffVisits }: Pick<VisitNeeds, 'staffVisits'>,
  officer: Officer,
  person: VisitedPerson,
): Promise<Visit | undefined> {
  return staffVisits.current(visitorOf(officer), person);
}

export async function see(
  { events }: Pick<VisitNeeds, 'events'>,
  where: Where,
  { account: { id: staff } }: Officer,
  person: VisitedPerson,
  visit: Visit,
  fields: readonly string[],
): Promise<void> {
  await events.personSeen(where, { staff, ...person, fields, reason: visit.reason, visit: visit.id });
}

/** Returns the id by which the audit names the words. */
export async function noteAct(
  { staffVisits, cipher }: Pick<VisitNeeds, 'staffVisits' | 'cipher'>,
  officer: Officer,
  person: VisitedPerson,
  { reason }: Pick<Visit, 'reason'>,
  act: string,
  words: string,
  within: Queryable,
): Promise<string> {
  const id = randomUUID();
  const note = cipher.seal(words, contextOf(id));
  await staffVisits.noteAct(visitorOf(officer), person, { id, reason, act, note }, within);
  return id;
}
