import { expect, it } from 'vitest';
import type { Account } from '../../../adapters/account-store/account-store.ts';
import { stands } from '../../../provider/oidc/standing.ts';

const account = (more: Partial<Account> = {}): Account => ({
  id: 'a',
  status: 'confirmed',
  locale: 'ru',
  updatedAt: new Date(0),
  ...more,
});
const signedOutAt = new Date(1_000_500);

it.each([
  ['never signed out everywhere', account(), 5, true],
  ['before', account({ signedOutAt }), 999, false],
  ['in the same second', account({ signedOutAt }), 1_000, true],
  ['afterwards', account({ signedOutAt }), 1_001, true],
  ['nobody knows when', account({ signedOutAt }), undefined, false],
  ['locked', account({ status: 'locked' }), 2_000, false],
  ['closed', account({ status: 'closed' }), 2_000, false],
] as const)('%s', (_name, whose, since, outcome) => {
  expect(stands(whose, since)).toBe(outcome);
});
