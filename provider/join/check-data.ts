/**
 * «Проверить данные»: the consent is on record before anything is asked, the register is asked, and the answer never
 * says which field differs (MSG-11). Whoever guesses is stopped from checking, not from using the account.
 */
import type { Account, AccountRegister } from '../../adapters/account-store/account-store.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import { type Registry, type RegistryMember, RegistryUnavailable } from '../../adapters/registry/registry.ts';
import type { Templates } from '../documents/write-documents.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { GuessLimits } from '../login/guess-limits.ts';
import { type ClaimedMembership, checkMembership } from '../register/check-membership.ts';
import type { FormProblem } from './person-fields.ts';

/** By account; and, softly, by source: a whole staff room may be joining. */
export const CHECKS_PER_ACCOUNT = { points: 5, seconds: 3_600 } as const;
export const CHECKS_PER_SOURCE = { points: 300, seconds: 3_600 } as const;

export type CheckNeeds = {
  readonly database: Queryable;
  readonly registry: Pick<Registry, 'memberByTicket'>;
  readonly register: Pick<AccountRegister, 'ownerOf'>;
  readonly templates: Pick<Templates, 'currentConsent'>;
  readonly checkLimits: GuessLimits;
  readonly events: Events;
};

export type DataCheck =
  | { readonly kind: 'match'; readonly member: RegistryMember }
  | { readonly kind: 'refused'; readonly problem: FormProblem<'ticket'> };

/** The person has ticked the consent; throws when that could not be put on record. */
export async function checkData(
  needs: CheckNeeds,
  account: Account,
  origin: RequestOrigin,
  claimed: ClaimedMembership,
): Promise<DataCheck> {
  const { database, templates, checkLimits, events } = needs;
  const { version } = templates.currentConsent('union_pd');
  await events.consentTicked(origin, account.id, { type: 'union_pd', version }, database);

  const guess = { target: account.id, source: origin.source, device: undefined };
  const wait = await checkLimits.refusal(guess);
  if (wait !== undefined) {
    await events.membershipChecked(origin, account.id, 'locked');
    const params = { minutes: Math.ceil(wait / 60) };
    return { kind: 'refused', problem: { field: 'form', code: 'check_locked', params } };
  }
  const check = await compareWithRegister(needs, account, claimed);
  if (check.kind === 'refused' && check.problem.code !== 'registry_unavailable')
    await checkLimits.wrong(guess);
  await events.membershipChecked(
    origin,
    account.id,
    check.kind === 'match' ? 'match' : check.problem.code.replace('membership_', ''),
  );
  return check;
}

/** The comparison alone: again at the moment of signing, when it is no guess any more. */
export async function compareWithRegister(
  { registry, register }: Pick<CheckNeeds, 'registry' | 'register'>,
  account: Account,
  claimed: ClaimedMembership,
): Promise<DataCheck> {
  let found: RegistryMember | undefined;
  try {
    found = await registry.memberByTicket(claimed.ticket);
  } catch (error) {
    if (error instanceof RegistryUnavailable) return refused('registry_unavailable');
    throw error;
  }
  const check = checkMembership(claimed, found);
  if (check.kind !== 'match') return refused(PROBLEM_OF[check.kind]);
  // Only whoever knows all five learns that the ticket has an account: it is hers, or a colleague's who told her.
  const owner = await register.ownerOf('ticket', claimed.ticket);
  if (owner !== undefined && owner !== account.id) return refused('membership_bound');
  return { kind: 'match', member: check.member };
}

const PROBLEM_OF = {
  'no-match': 'membership_no_match',
  blocked: 'membership_blocked',
  ended: 'membership_ended',
} as const;

function refused(code: FormProblem<'ticket'>['code']): DataCheck {
  return { kind: 'refused', problem: { field: 'form', code } };
}
