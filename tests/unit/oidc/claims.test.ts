import { expect, it } from 'vitest';
import type { Account, MembershipState } from '../../../adapters/account-store/account-store.ts';
import { claimsOf, membershipOf } from '../../../provider/oidc/claims.ts';

const account: Account = {
  id: 'a',
  status: 'confirmed',
  locale: 'ru',
  updatedAt: new Date('2026-01-02T03:04:05Z'),
};
const member = (membership: MembershipState): Account => ({
  ...account,
  name: { family: 'Ахметов', given: 'Тимур' },
  member: {
    id: 'M-04',
    membership,
    organisation: { id: 'P-03', shortName: 'МАОУ «Лицей № 1»', region: 'Приозерская республика' },
    ticket: '9900000000000045',
  },
});

it.each([
  ['member', 'member'],
  ['applicant', 'applicant'],
  ['under_review', 'applicant'],
  ['suspended', 'none'],
  ['ended', 'none'],
] as const)('%s is told as %s', (state, claim) => {
  expect(membershipOf(member(state))).toBe(claim);
});

it.each([
  ['ended', 'applicant'],
  ['suspended', 'none'],
  ['member', 'member'],
] as const)('of an applicant whose membership is %s says %s', (state, claim) => {
  expect(membershipOf({ ...member(state), applying: true })).toBe(claim);
});

it('says applicant of somebody who was never a member, while an application is under way', () => {
  const { member: _, ...nobody } = member('member');
  expect(membershipOf(nobody)).toBe('none');
  expect(membershipOf({ ...nobody, applying: true })).toBe('applicant');
});

it('a person without a patronymic has none, and no gap in the full name', () => {
  const claims = claimsOf(member('member'));
  expect(claims).not.toHaveProperty('middle_name');
  expect(claims.name).toBe('Ахметов Тимур');
});

it('never tells birth date, SNILS or an unverified address', () => {
  const claims = claimsOf(member('member'));
  for (const name of ['birthdate', 'snils', 'email', 'gender']) expect(claims).not.toHaveProperty(name);
});

it('an account nobody knows yet is a member of nothing', () => {
  expect(claimsOf(account)).toEqual({ locale: 'ru', updated_at: 1767323045, membership: 'none' });
});
