/** esia.md §5.3 rules 1–9, domain.md §3.6, Q-20: the table, row by row; security.md class 1. */
import { describe, expect, it } from 'vitest';
import type { AccountStatus } from '../../../adapters/account-store/account-store.ts';
import type { Identity } from '../../../adapters/identity.ts';
import { LINKING_POLICIES } from '../../../provider/accounts/linking-policy.ts';
import { type Known, resolve, resolveProved } from '../../../provider/accounts/resolve.ts';
import { toldBy } from '../../../provider/accounts/told-person.ts';
import { esia, identity, M, member, OTHER_DAY, SNILS, said } from './people.ts';
import { BY_ADDRESS, CONFIRMED_ONLY } from './resolve/by-address.ts';
import { BY_NAME } from './resolve/by-name.ts';
import { BY_SNILS } from './resolve/by-snils.ts';
import { PROVED } from './resolve/proved.ts';
import { SELF_DECLARED } from './resolve/self-declared.ts';

describe('ЕСИА', () => {
  it.each([...CONFIRMED_ONLY, ...BY_SNILS, ...BY_NAME, ...BY_ADDRESS])(
    '%s',
    (_name, told, candidates, outcome) => {
      expect(said(resolve(toldBy(told), { candidates }, LINKING_POLICIES.esia))).toBe(outcome);
    },
  );
});

describe('РСАА', () => {
  it.each(SELF_DECLARED)('%s', (_name, told, candidates, outcome) => {
    expect(said(resolve(toldBy(told), { candidates }, LINKING_POLICIES.oidc))).toBe(outcome);
  });
});

describe('linked already', () => {
  it.each<[name: string, told: Identity, status: AccountStatus, outcome: string]>([
    ['comes in', esia(M), 'confirmed', 'sign-in a1'],
    [
      'whatever is told by now',
      esia('Чернова|Елена', { born: OTHER_DAY, snils: SNILS }),
      'confirmed',
      'sign-in a1',
    ],
    ['confirmed no longer', identity(M, { trusted: false }), 'confirmed', 'sign-in a1'],
    ['to a locked account', esia(M), 'locked', 'refuse account_unavailable'],
    ['to a closed account', esia(M), 'closed', 'refuse account_unavailable'],
  ])('%s', (_name, told, status, outcome) => {
    // Somebody else fits: she is never matched again.
    const known: Known = {
      owner: { accountId: 'a1', status },
      candidates: [member('Чернова|Елена', { born: OTHER_DAY, snils: 'same', account: { id: 'a2' } })],
    };
    expect(said(resolve(toldBy(told), known, LINKING_POLICIES.esia))).toBe(outcome);
  });
});

describe('after the proof of an account', () => {
  it.each(PROVED.map((row) => [row[0], row] as const))(
    '%s',
    (_name, [, told, proved, outcome, known, policy]) => {
      const { esia: usual } = LINKING_POLICIES;
      expect(said(resolveProved(toldBy(told), proved, { candidates: [], ...known }, policy ?? usual))).toBe(
        outcome,
      );
    },
  );
});
