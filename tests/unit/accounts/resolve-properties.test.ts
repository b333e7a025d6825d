/** Whoever it is and whatever is known: what resolve never does (security.md class 1). */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AccountStatus } from '../../../adapters/account-store/account-store.ts';
import type { Identity } from '../../../adapters/identity.ts';
import { LINKING_POLICIES } from '../../../provider/accounts/linking-policy.ts';
import { resolve } from '../../../provider/accounts/resolve.ts';
import { toldBy } from '../../../provider/accounts/told-person.ts';
import { account, identity, LATIN, M, member, OTHER_DAY, OURS, SNILS, said } from './people.ts';

const names = fc.constantFrom(
  M,
  LATIN,
  'Иванова|Мария',
  'Чернова|Мария|Петровна',
  'Римская|Мария|Петровна',
  '|',
  'x7|1|',
);
const days = fc.constantFrom(undefined, '1984-03-14', OTHER_DAY, '1984-02-30', '14.03.1984');
const addresses = fc.constantFrom(undefined, OURS, 'IVANOVA@example.test', 'other@example.test', 'a@b@c', '');
const numbers = fc.constantFrom(undefined, SNILS, '00000060001', '1', '90010010190');
const tolds = fc
  .record({
    name: names,
    born: days,
    email: addresses,
    unverified: addresses,
    snils: numbers,
    trusted: fc.boolean(),
  })
  .map(({ name, ...words }) =>
    identity(name, Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined))),
  );
const accounts = fc.record(
  {
    status: fc.constantFrom<AccountStatus>('new', 'confirmed', 'locked', 'closed'),
    email: fc.constantFrom(OURS, 'other@example.test'),
    subject: fc.constant('former'),
    name: names,
  },
  { requiredKeys: [] },
);
const members = fc.record(
  {
    born: fc.constantFrom('1984-03-14', OTHER_DAY),
    snils: fc.constantFrom('same' as const, 'other' as const, 'unknown' as const),
    account: accounts,
  },
  { requiredKeys: [] },
);
const candidates = fc
  .array(
    fc.oneof(
      accounts.map(account),
      fc.tuple(names, members).map(([name, words]) => member(name, words)),
    ),
    {
      maxLength: 4,
    },
  )
  .map((people) =>
    people.map(({ member: m, account: a }, at) => ({
      ...(m && { member: { ...m, id: `m${at}` } }),
      ...(a && { account: { ...a, id: `a${at}` } }),
    })),
  );
const policies = fc.constantFrom(...Object.values(LINKING_POLICIES));

it('there is an answer', () => {
  fc.assert(
    fc.property(tolds, candidates, policies, (told, people, policy) => {
      expect(said(resolve(toldBy(told), { candidates: people }, policy))).toMatch(
        /^(link a\d|register m\d|prove( or code)?( or create)?|case (\w+ )+@.*|refuse \w+)$/,
      );
    }),
    { numRuns: 2_000 },
  );
});

it('the address alone never links: without name, birthday and SNILS nobody comes in', () => {
  fc.assert(
    fc.property(fc.boolean(), candidates, policies, (trusted, people, policy) => {
      const told = toldBy(identity('', { born: undefined, trusted, email: OURS }));
      expect(['prove', 'case', 'refuse']).toContain(resolve(told, { candidates: people }, policy).kind);
    }),
    { numRuns: 1_000 },
  );
});

it('РСАА links and registers nobody by itself', () => {
  fc.assert(
    fc.property(tolds, candidates, (told, people) => {
      expect(['prove', 'case', 'refuse']).toContain(
        resolve(toldBy(told), { candidates: people }, LINKING_POLICIES.oidc).kind,
      );
    }),
    { numRuns: 2_000 },
  );
});

it('who is linked has the SNILS, the name and the birthday of the member', () => {
  fc.assert(
    fc.property(tolds, candidates, policies, (identified, people, policy) => {
      const told = toldBy(identified);
      const resolution = resolve(told, { candidates: people }, policy);
      if (resolution.kind !== 'link' && resolution.kind !== 'register') return;
      const same = people.find((each) => each.member?.snils === 'same')?.member;
      expect(policy.snils).toBe('links');
      expect(told.confirmed).toBe(true);
      expect(same?.birthdate).toBe(told.birthdate);
      expect(told.name).toBeDefined();
    }),
    { numRuns: 2_000 },
  );
});

it('an unverified address changes nothing', () => {
  fc.assert(
    fc.property(tolds, candidates, policies, addresses, (told, people, policy, unverified) => {
      const { email: _, email_verified: __, ...claims } = told.claims;
      const without = { issuer: told.issuer, subject: told.subject, claims };
      const withOne = { ...without, claims: { ...claims, email: unverified, email_verified: false } };
      const answer = (each: Identity) => resolve(toldBy(each), { candidates: people }, policy);
      expect(answer(withOne)).toEqual(answer(without));
    }),
  );
});
