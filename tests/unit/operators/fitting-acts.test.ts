import { describe, expect, it } from 'vitest';
import { type AccountState, fittingActs, misfitOf } from '../../../provider/operators/fitting-acts.ts';

const state = (more: Partial<AccountState> = {}): AccountState => ({
  ...{ status: 'confirmed', isHeldBack: false, isMember: true, hasAddress: true },
  ...more,
});

describe('the acts that fit an account', () => {
  it.each<[string, Partial<AccountState>, readonly string[]]>([
    ['open', {}, ['lock', 'sign-out', 'reset-password', 'release-member']],
    [
      'open, held back',
      { isHeldBack: true },
      ['unlock', 'lock', 'sign-out', 'reset-password', 'release-member'],
    ],
    ['open, no member', { isMember: false }, ['lock', 'sign-out', 'reset-password']],
    ['open, without an address', { hasAddress: false }, ['lock', 'sign-out', 'release-member']],
    ['locked', { status: 'locked' }, ['unlock']],
    ['locked and held back', { status: 'locked', isHeldBack: true }, ['unlock']],
    ['closed', { status: 'closed' }, []],
    ['closed and held back', { status: 'closed', isHeldBack: true }, []],
    ['not confirmed', { status: 'new' }, []],
  ])('%s', (_name, more, expected) => {
    expect(fittingActs(state(more))).toEqual(expected);
  });

  it.each([
    ['unlock', {}, 'not_held'],
    ['unlock', { status: 'closed' }, 'is_closed'],
    ['lock', { status: 'locked' }, 'is_locked'],
    ['sign-out', { status: 'new' }, 'is_new'],
    ['reset-password', { hasAddress: false }, 'no_address'],
    ['release-member', { isMember: false }, 'no_member'],
  ] as const)('%s is kept back by the state: %o', (act, more, expected) => {
    expect(misfitOf(act, state(more))).toBe(expected);
  });
});
