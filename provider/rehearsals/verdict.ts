/**
 * What an application's behaviour says of it: pure. It is compared with how the same application looks after the right
 * answer and after a refusal, because every application has pages of its own.
 */
import { isWrongAnswer, isWrongToken, type RehearsalCase } from './rehearsal-cases.ts';

/** What was seen of the application in one case. */
export type Performance = {
  readonly case: RehearsalCase;
  /** Why the answer could not be played at all. */
  readonly fault?: PlayFault;
  readonly sentNonce: boolean;
  /** Status and path of every step after the callback, without queries. */
  readonly look: readonly string[];
  /** The status it ended with. */
  readonly status: number;
  /** It went back to the issuer for another try. */
  readonly startedAgain: boolean;
  readonly redeemed: boolean;
  readonly askedUserinfo: boolean;
};

export type PlayFault = 'unreachable' | 'not_led_to_issuer' | 'redirect_uri' | 'response_type';

export type Evidence =
  | PlayFault
  | 'control_failed'
  | 'nonce_not_sent'
  | 'userinfo_not_asked'
  | 'not_redeemed'
  | 'redeemed'
  | 'status'
  | 'started_again'
  | 'looks_signed_in'
  | 'looks_refused'
  | 'asked_userinfo'
  | 'looks_alike';

export type Verdict = {
  readonly case: RehearsalCase;
  readonly verdict: 'refused' | 'accepted' | 'unclear';
  readonly evidence: Evidence;
};

const refused = (evidence: Evidence) => ({ verdict: 'refused', evidence }) as const;
const accepted = (evidence: Evidence) => ({ verdict: 'accepted', evidence }) as const;
const unclear = (evidence: Evidence) => ({ verdict: 'unclear', evidence }) as const;

/** One verdict for each performance; the controls among them have to be there. */
export function judge(performances: readonly Performance[]): readonly Verdict[] {
  const right = performances.find((each) => each.case === 'right');
  const denied = performances.find((each) => each.case === 'denied');
  return performances.map((each) => ({ case: each.case, ...verdictOn(each, right, denied) }));
}

function verdictOn(
  seen: Performance,
  right: Performance | undefined,
  denied: Performance | undefined,
): Omit<Verdict, 'case'> {
  if (seen.fault) return unclear(seen.fault);
  if (seen.case === 'right') return isIn(seen) ? accepted('looks_signed_in') : refused('not_redeemed');
  if (seen.case === 'denied') return refused('looks_refused');
  if (!right || right.fault || !isIn(right)) return unclear('control_failed');
  if (isWrongAnswer(seen.case)) return seen.redeemed ? accepted('redeemed') : refused('not_redeemed');
  if (!seen.redeemed) return unclear('not_redeemed');
  if (seen.case === 'nonce' && !seen.sentNonce) return unclear('nonce_not_sent');
  if (seen.case === 'userinfo_subject' && !right.askedUserinfo) return unclear('userinfo_not_asked');
  if (seen.status >= 400) return refused('status');
  if (seen.startedAgain) return refused('started_again');
  return byLook(seen, right, denied);
}

const isIn = ({ redeemed, status, startedAgain }: Performance): boolean =>
  redeemed && status < 400 && !startedAgain;

/** Pages that look the same in and out tell nothing; then only what was asked with the token does. */
function byLook(
  seen: Performance,
  right: Performance,
  denied: Performance | undefined,
): Omit<Verdict, 'case'> {
  const likeIn = sameLook(seen, right);
  const likeOut = denied !== undefined && sameLook(seen, denied);
  if (likeIn && !likeOut) return accepted('looks_signed_in');
  if (likeOut && !likeIn) return refused('looks_refused');
  return isWrongToken(seen.case) && seen.askedUserinfo ? accepted('asked_userinfo') : unclear('looks_alike');
}

const sameLook = (one: Performance, other: Performance): boolean =>
  one.look.length === other.look.length && one.look.every((step, at) => step === other.look[at]);
