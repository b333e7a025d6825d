/** Which acts fit the state an account is in, and which state keeps the others from it. Pure. */
import type { AccountStatus } from '../../adapters/account-store/account-store.ts';
import { ACTS, type ActFault, type ActName } from './names.ts';

export type AccountState = {
  readonly status: AccountStatus;
  /** Too many wrong passwords: no more are judged for a while. */
  readonly isHeldBack: boolean;
  readonly isMember: boolean;
  readonly hasAddress: boolean;
};

const STATES = { new: 'is_new', locked: 'is_locked', closed: 'is_closed' } as const;

/** Undefined when it can be done. */
export function misfitOf(act: ActName, state: AccountState): ActFault | undefined {
  const { status, isHeldBack, isMember, hasAddress } = state;
  if (act === 'unlock') {
    if (status === 'locked' || (status === 'confirmed' && isHeldBack)) return undefined;
    return status === 'confirmed' ? 'not_held' : STATES[status];
  }
  if (status !== 'confirmed') return STATES[status];
  if (act === 'reset-password' && !hasAddress) return 'no_address';
  return act === 'release-member' && !isMember ? 'no_member' : undefined;
}

export function fittingActs(state: AccountState): readonly ActName[] {
  return ACTS.filter((act) => misfitOf(act, state) === undefined);
}
