/**
 * A record of «Контингент» is corrected after a look at the documents the person has brought (D-16). Only when it says
 * what was told is the case done with at the desk; until then it stays there, with the kinds that differ still.
 */
import type { CalendarStore } from '../../adapters/calendar-store/calendar-store.ts';
import type { Case, CaseState, CaseStore, MismatchKind } from '../../adapters/case-store/case-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { SchoolPerson, SchoolRegister } from '../../adapters/school-register/school-register.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import type { Staff } from './desk.ts';
import { dayInPerm, nextRetry } from './next-retry.ts';
import { type CorrectionProblem, readCorrection, type TypedCorrection } from './read-correction.ts';
import { remainingKinds } from './remaining.ts';
import { openTold } from './told.ts';

/** A case that somebody at the desk has yet to decide. */
export const UNDECIDED: readonly CaseState[] = ['open', 'with_admin', 'reopened'];

/** Whoever has a document before her needs one; more would guess at what the mask hides. */
export const CORRECTIONS_PER_CASE = { points: 5, seconds: 4 * 3_600 } as const;

export type CorrectNeeds = {
  readonly database: Database;
  readonly cases: Pick<CaseStore, 'move' | 'narrow'>;
  readonly schools: Pick<SchoolRegister, 'find' | 'personOf' | 'bornOn' | 'correct' | 'release'>;
  readonly calendar: Pick<CalendarStore, 'nonWorkingDays'>;
  readonly cipher: Cipher;
  readonly clock: Clock;
  readonly events: Pick<Events, 'schoolRecordCorrected'>;
  readonly corrections: Limiter;
};

export type CorrectOutcome =
  | { readonly kind: 'changed' }
  /** Saved, and yet these kinds differ. */
  | { readonly kind: 'differs'; readonly kinds: readonly MismatchKind[] }
  | { readonly kind: 'ask-again'; readonly problems: readonly CorrectionProblem[] };

/** The record of a case, as long as it is of the school whose administrator looks. */
export async function recordOf(
  schools: Pick<SchoolRegister, 'find'>,
  { schoolPersonId, schoolId }: Case,
): Promise<SchoolPerson | undefined> {
  const person = schoolPersonId === undefined ? undefined : await schools.find(schoolPersonId);
  return person?.roles.some(({ school }) => school.id === schoolId) ? person : undefined;
}

export async function correctRecord(
  needs: CorrectNeeds,
  where: Where,
  { account: { id: staff } }: Staff,
  found: Case,
  typed: TypedCorrection,
): Promise<CorrectOutcome> {
  const { database, cases, schools, calendar, cipher, clock, events, corrections } = needs;
  const { number, accountId } = found;
  const told = openTold(cipher, found);
  const record = await recordOf(schools, found);
  if (!told || !record || accountId === undefined || !UNDECIDED.includes(found.state)) return SETTLED;
  if (accountId === staff) return refuse('case_own');
  const { correction, problems } = readCorrection(typed, dayInPerm(clock.now()));
  if (problems.length > 0) return { kind: 'ask-again', problems };
  const { allowed, retryAfter } = await corrections.take(number);
  if (!allowed) return refuse('throttled', { minutes: Math.ceil(retryAfter / 60) });

  // Somebody else has been recognised as this record: with the documents on the table it is hers no longer.
  const isReleased = found.kinds.includes('identity') && record.accountId !== accountId;
  const { id, roles, accountId: owner } = record;
  const corrected: SchoolPerson = {
    ...{ id, roles },
    ...correction,
    ...(owner !== undefined && !isReleased && { accountId: owner }),
  };
  const mine = await schools.personOf(accountId);
  const born = await schools.bornOn(told.birthdate ?? correction.birthdate);
  const kinds = remainingKinds(accountId, told, corrected, mine, born);
  const state = kinds.length === 0 ? 'changed' : 'with_admin';
  const days = await calendar.nonWorkingDays(dayInPerm(clock.now()));
  const effectiveAt = nextRetry(clock.now(), new Set(days.map(({ day }) => day)));

  const isMoved = await database.transaction(async (tx) => {
    if (!(await cases.move(number, UNDECIDED, state, tx, state === 'changed' ? { effectiveAt } : {}))) {
      return false;
    }
    if (isReleased) await schools.release(id, tx);
    await schools.correct(id, correction, tx);
    if (kinds.length > 0) await cases.narrow(number, kinds, tx);
    await events.schoolRecordCorrected(
      where,
      { staff, number, accountId },
      { schoolPersonId: id, state },
      tx,
    );
    return true;
  });
  if (!isMoved) return SETTLED;
  return kinds.length === 0 ? { kind: 'changed' } : { kind: 'differs', kinds };
}

function refuse(
  code: 'case_settled' | 'case_own' | 'throttled',
  params?: { readonly minutes: number },
): CorrectOutcome {
  return { kind: 'ask-again', problems: [{ field: 'form', code, ...(params && { params }) }] };
}

/** Somebody else was faster, or the person has left. */
const SETTLED = refuse('case_settled');
