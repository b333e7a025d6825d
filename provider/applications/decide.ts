/** A chair's word on an application (E-10, Q-11): what was typed, read, decided and on record in one transaction. */
import { z } from 'zod';
import type {
  Acceptance,
  ApplicationDesk,
  DeskScope,
  Verdict,
  WaitingApplication,
} from '../../adapters/application-desk/application-desk.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import type { ReviewField } from '../http/screens/applications.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import { inRussian } from '../join/prepare-documents.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { chooseNumber, NUMBER_PROBLEMS } from '../ticket-orders/choose-number.ts';

/** Of the list that Q-11 speaks of; the last one says nothing by itself. */
export const REASONS = ['data', 'unit', 'not_here', 'elsewhere', 'on_record', 'other'] as const;
const LONGEST_WORDS = 1_000;
/** A card of its own, beside the ids of those on record. */
const NEW_CARD = 'new';

const text = z.string().max(2_000);

export const acceptFields = {
  card: text.optional(),
  number: z.enum(['next', 'typed', 'later']).optional(),
  typed: text,
};
export const declineFields = {
  state: z.enum(['returned', 'rejected']),
  reason: z.enum(REASONS).optional(),
  words: text,
};
export type TypedAcceptance = z.output<z.ZodObject<typeof acceptFields>>;
export type TypedRefusal = z.output<z.ZodObject<typeof declineFields>>;

export type DecideNeeds = {
  readonly database: Pick<Database, 'transaction'>;
  readonly applicationDesk: ApplicationDesk;
  readonly events: Pick<Events, 'applicationReviewed'>;
};

export type ReviewProblem = FieldProblem<ReviewField>;
/** `settled`: by somebody else, or it is not hers to decide. */
export type Decided = { readonly problem: ReviewProblem } | 'done' | 'settled';

const PROBLEMS: Readonly<Record<Exclude<Verdict['kind'], 'accepted' | 'not-waiting'>, ReviewProblem>> = {
  ...NUMBER_PROBLEMS,
  'no-such-member': { field: 'card', code: 'application_card_gone' },
};

export async function acceptApplication(
  needs: DecideNeeds,
  where: Where,
  at: OfficerAt,
  waiting: WaitingApplication,
  typed: TypedAcceptance,
): Promise<Decided> {
  const cards = await needs.applicationDesk.namesakes(waiting.application);
  const ids = cards.filter(({ elsewhere }) => !elsewhere).map(({ memberId }) => memberId);
  const read = readAcceptance(typed, ids);
  if ('code' in read) return { problem: read };
  const verdict = await needs.database.transaction(async (tx) => {
    const on = { ...read, by: at.officer.account.id };
    const found = await needs.applicationDesk.accept(waiting.id, scopeOf(at), on, tx);
    if (found.kind === 'accepted') await tell(needs, where, at, waiting.id, 'accepted', tx);
    return found;
  });
  if (verdict.kind === 'accepted') return 'done';
  return verdict.kind === 'not-waiting' ? 'settled' : { problem: PROBLEMS[verdict.kind] };
}

export async function declineApplication(
  needs: DecideNeeds,
  where: Where,
  at: OfficerAt,
  { id }: WaitingApplication,
  { state, reason: chosen, words: typed }: TypedRefusal,
): Promise<Decided> {
  const words = typed.trim().replace(/\r\n?/g, '\n');
  if (chosen === undefined) return { problem: { field: 'reason', code: 'application_reason_missing' } };
  if (words.length > LONGEST_WORDS)
    return { problem: { field: 'words', code: 'application_words_too_long' } };
  if (chosen === 'other' && words === '') {
    return { problem: { field: 'words', code: 'application_words_missing' } };
  }
  // The letter is in Russian whatever language the chair reads her pages in.
  const listed = chosen === 'other' ? [] : [`${inRussian(`applications.reason.${chosen}`)}.`];
  const reason = [...listed, ...(words === '' ? [] : [words])].join(' ');
  const by = at.officer.account.id;
  const isMine = await needs.database.transaction(async (tx) => {
    const done = await needs.applicationDesk.decline(id, scopeOf(at), { state, reason, by }, tx);
    if (done) await tell(needs, where, at, id, state, tx);
    return done;
  });
  return isMine ? 'done' : 'settled';
}

/** Those above decide what was escalated to them. */
function scopeOf({ organisation: { id: organisationId }, frame }: OfficerAt): DeskScope {
  return frame.at.below ? { organisationId, escalated: true } : { organisationId };
}

function readAcceptance(
  { card, number, typed }: TypedAcceptance,
  cards: readonly string[],
): Pick<Acceptance, 'ticket' | 'memberId'> | ReviewProblem {
  if (cards.length > 0 && card === undefined) return { field: 'card', code: 'application_card_missing' };
  if (card !== undefined && card !== NEW_CARD && !cards.includes(card)) return PROBLEMS['no-such-member'];
  const onCard = card === undefined || card === NEW_CARD ? {} : { memberId: card };
  if (number === 'later') return onCard;
  const ticket = chooseNumber(number, typed);
  return 'code' in ticket ? ticket : { ...onCard, ticket };
}

function tell(
  { events }: DecideNeeds,
  where: Where,
  { officer, organisation, frame }: OfficerAt,
  applicationId: string,
  state: string,
  tx: Parameters<Events['applicationReviewed']>[2],
): Promise<void> {
  const decided = { staff: officer.account.id, organisationId: organisation.id, applicationId, state };
  return events.applicationReviewed(where, { ...decided, above: frame.at.below }, tx);
}
