/**
 * A union operator's word on a case, after a look at the documents: the identity opens this account, or it does not; and
 * a link of hers can be taken back. Effective at once (esia.md §5.3 no. 9). Each decision has its reason, sealed.
 */
import { AccountGone, IdentifierTaken } from '../../adapters/account-store/account-store.ts';
import type { Case } from '../../adapters/case-store/case-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import { UNDECIDED } from './correct.ts';
import type { Staff } from './desk.ts';
import {
  CaseSettled,
  type Decided,
  type LinkIdentityNeeds,
  linkIdentity,
  type NotLinked,
  unlinkIdentity,
} from './link-identity.ts';

const LONGEST_REASON = 1_000;

export type DecideNeeds = LinkIdentityNeeds & { readonly events: Pick<Events, 'caseRefused'> };

export type Decision = 'link' | 'refuse' | 'unlink';

export type TypedDecision = {
  readonly decision?: Decision | undefined;
  readonly reason: string;
  /** Ticket number or e-mail, where the case knows no record. */
  readonly account?: string | undefined;
};

export type DecisionProblem = FieldProblem<'decision' | 'reason' | 'account'>;

const PROBLEMS: Readonly<Record<NotLinked, DecisionProblem>> = {
  settled: { field: 'form', code: 'case_settled' },
  own: { field: 'form', code: 'case_own' },
  account_unknown: { field: 'account', code: 'case_account_unknown' },
};

/** Undefined when it is done. */
export async function decide(
  needs: DecideNeeds,
  where: Where,
  { account: { id: staff } }: Staff,
  found: Case,
  { decision, reason: typed, account = '' }: TypedDecision,
): Promise<DecisionProblem | undefined> {
  const reason = typed.trim();
  if (decision === undefined) return { field: 'decision', code: 'case_decision_missing' };
  if (reason === '') return { field: 'reason', code: 'case_reason_missing' };
  if (reason.length > LONGEST_REASON) return { field: 'reason', code: 'case_reason_too_long' };
  if (found.accountId === staff) return PROBLEMS.own;
  const decided = { where, staff, found, reason: needs.cipher.seal(reason, contextOf(found)) };
  try {
    const fault = await act(needs, decision, decided, account);
    return fault && PROBLEMS[fault];
  } catch (error) {
    if (error instanceof CaseSettled) return PROBLEMS.settled;
    if (error instanceof IdentifierTaken) return { field: 'form', code: 'case_identity_elsewhere' };
    if (error instanceof AccountGone) return { field: 'form', code: 'case_account_gone' };
    throw error;
  }
}

/** Why it was decided so, for those who may see the case. */
export function reasonOf(cipher: Cipher, found: Case): string | undefined {
  return found.reason === undefined ? undefined : cipher.open(found.reason, contextOf(found));
}

const contextOf = ({ number }: Case): string => `case-reason:${number}`;

function act(
  needs: DecideNeeds,
  decision: Decision,
  decided: Decided,
  account: string,
): Promise<NotLinked | undefined> {
  if (decision === 'link') return linkIdentity(needs, decided, account);
  return decision === 'unlink' ? unlinkIdentity(needs, decided) : refuse(needs, decided);
}

function refuse(
  { database, cases, events }: DecideNeeds,
  { where, staff, found, reason }: Decided,
): Promise<NotLinked | undefined> {
  const { number, accountId } = found;
  return database.transaction(async (tx) => {
    if (!(await cases.move(number, UNDECIDED, 'closed', tx, { reason }))) return 'settled';
    await events.caseRefused(where, { staff, number, accountId }, tx);
    return undefined;
  });
}
