/** Whatever is asked, a relying party of ЭПОС is told of the record and the role alone (domain.md §2.3). */
import fc from 'fast-check';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { expect, it } from 'vitest';
import type { Account } from '../../../adapters/account-store/account-store.ts';
import type { Standing } from '../../../provider/education/education.ts';
import { CLAIMS_BY_SCOPE, EDUCATION_SCOPES, SCOPES } from '../../../provider/oidc/claims.ts';
import { findAccount } from '../../../provider/oidc/find-account.ts';

const UNION = {
  name: 'Тайнова',
  email: 'union@example.test',
  phone: '+79000000001',
  ticket: '9900000000000151',
  organisation: 'МБОУ СОШ № 15',
};
const account: Account = {
  id: 'subject',
  status: 'confirmed',
  locale: 'ru',
  updatedAt: new Date('2026-01-02T03:04:05Z'),
  name: { family: UNION.name, given: UNION.name, middle: UNION.name },
  verifiedEmail: UNION.email,
  phone: UNION.phone,
  applying: true,
  member: {
    id: 'M-13',
    membership: 'member',
    organisation: { id: 'P-01', shortName: UNION.organisation, region: UNION.organisation },
    ticket: UNION.ticket,
  },
};
const school = { id: 'S-8', name: 'Школа № 8', shortName: 'СОШ № 8' };
const subsystem = { clientId: 'journal', name: 'Журнал', url: 'https://journal.test/', schoolIds: ['S-8'] };
const standing: Standing = {
  person: {
    ...{ id: 'K-13', family: 'Орлова', given: 'Ирина', middle: 'Сергеевна', birthdate: '1987-08-08' },
    email: 'school@example.test',
    roles: [{ role: 'staff', school }],
  },
  openings: [{ role: 'staff', subsystems: [subsystem] }],
  chosen: undefined,
};
const find = findAccount(
  { find: async () => account },
  { consent: async () => expect.unreachable('no consent of the Union is looked at') },
  { consentTo: async () => expect.unreachable('nor any answer to a portal') },
  { standing: async () => standing },
);
const allowed = new Set<string>(
  EDUCATION_SCOPES.flatMap((scope) => (scope === 'offline_access' ? [] : [...CLAIMS_BY_SCOPE[scope]])),
);

const scopes = fc.uniqueArray(fc.constantFrom(...SCOPES)).map((some) => some.join(' '));
const names = fc.uniqueArray(fc.constantFrom(...new Set(Object.values(CLAIMS_BY_SCOPE).flat())));
const kinds = fc.constantFrom('AuthorizationCode', 'AccessToken', 'RefreshToken', undefined);

it('in an id_token, at userinfo, after a refresh, with every scope and every claim asked for', async () => {
  await fc.assert(
    fc.asyncProperty(kinds, scopes, scopes, names, async (kind, scope, asked, wanted) => {
      const ctx = {
        oidc: { client: { clientId: 'journal', education: true, released_claims: wanted }, session: {} },
      } as unknown as KoaContextWithOIDC;
      const token = kind && ({ kind, scope, iat: Math.floor(Date.now() / 1_000) } as never);
      const found = await find(ctx, account.id, token);
      const claims = Object.fromEntries(wanted.map((name) => [name, { essential: true }]));
      const told = await found?.claims('userinfo', asked, claims, []);
      expect(Object.keys(told ?? {}).filter((name) => !allowed.has(name))).toEqual([]);
      const text = JSON.stringify(told);
      for (const secret of Object.values(UNION)) expect(text).not.toContain(secret);
      expect(text).not.toContain('school@example.test');
      const granted = new Set(scope.split(' '));
      expect('edu_role' in (told ?? {})).toBe(kind !== undefined && granted.has('edu_role'));
      expect('subsystems' in (told ?? {})).toBe(kind !== undefined && granted.has('edu_subsystems'));
    }),
    { numRuns: 300 },
  );
});

it('nothing is found for a token whose role is gone, or was left for another', async () => {
  const ctx = { oidc: { client: { clientId: 'journal', education: true } } } as unknown as KoaContextWithOIDC;
  const token = {
    kind: 'AuthorizationCode',
    scope: 'openid edu_role',
    iat: Math.floor(Date.now() / 1_000),
  } as never;
  const documents = { consent: async () => undefined };
  const accounts = { find: async () => account };
  const consents = { consentTo: async () => undefined };
  const gone = findAccount(accounts, documents, consents, { standing: async () => undefined });
  expect(await gone(ctx, 'subject', token)).toBeUndefined();
  const left = findAccount(accounts, documents, consents, {
    standing: async () => ({ ...standing, chosen: 'parent' }),
  });
  expect(await left(ctx, 'subject', token)).toBeUndefined();
});
