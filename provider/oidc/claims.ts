/** Which scope carries which claims, and how an account answers them: the least each party needs (domain.md §2.3). */
import type { Account, MembershipState } from '../../adapters/account-store/account-store.ts';

/** `openid` first; the standard scopes, then ours. */
export const CLAIMS_BY_SCOPE = {
  openid: ['sub'],
  profile: ['name', 'family_name', 'given_name', 'middle_name', 'locale', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  profile_min: ['given_name', 'middle_name'],
  membership: ['membership'],
  region: ['region'],
  ticket: ['ticket_number'],
  org: ['org'],
  certificate_name: ['name'],
  name: ['name', 'family_name', 'given_name', 'middle_name'],
  staff: ['name', 'family_name', 'given_name', 'middle_name', 'offices'],
  registry: ['registry_scope'],
  edu_role: ['edu_role', 'school'],
  edu_subsystems: ['edu_roles', 'subsystems'],
} as const;

/** Every claim a relying party can be given, but the subject. */
export type Claim = Exclude<(typeof CLAIMS_BY_SCOPE)[keyof typeof CLAIMS_BY_SCOPE][number], 'sub'>;

export type Scope = keyof typeof CLAIMS_BY_SCOPE | 'offline_access';
export const SCOPES: readonly Scope[] = [...(Object.keys(CLAIMS_BY_SCOPE) as Scope[]), 'offline_access'];

/** Each claim once, in the order of the scopes; `sub` is no datum of the person's. */
export function claimsIn(scopes: readonly string[]): Claim[] {
  const claims = scopes.flatMap((scope) => [
    ...(CLAIMS_BY_SCOPE[scope as Exclude<Scope, 'offline_access'>] ?? []),
  ]);
  return [...new Set(claims)].filter((claim) => claim !== 'sub');
}

/** What anybody's application may ask for; the rest needs an operator's «yes» (SYS-20). */
export const OPEN_SCOPES: readonly Scope[] = [
  'openid',
  'profile',
  'email',
  'phone',
  'profile_min',
  'offline_access',
];

/** What only portals of our own are told that work with the register of members (SYS-06, SYS-07). */
export const STAFF_SCOPES = ['staff', 'registry'] as const satisfies readonly Scope[];

/** What only a relying party of ЭПОС is told. */
export const EDUCATION_ONLY_SCOPES = ['edu_role', 'edu_subsystems'] as const satisfies readonly Scope[];

/** All that it can be told. */
export const EDUCATION_SCOPES = [
  'openid',
  'name',
  ...EDUCATION_ONLY_SCOPES,
  'offline_access',
] as const satisfies readonly Scope[];

/** what a relying party learns of the membership. */
export type MembershipClaim = 'member' | 'applicant' | 'none';

const MEMBERSHIP: Record<MembershipState, MembershipClaim> = {
  member: 'member',
  applicant: 'applicant',
  under_review: 'applicant',
  suspended: 'none',
  ended: 'none',
};

export const membershipClaim = (state: MembershipState): MembershipClaim => MEMBERSHIP[state];

/** Whoever has signed an application is an applicant until it is decided. */
export function membershipOf({ member, applying }: Account): MembershipClaim {
  const known = member ? membershipClaim(member.membership) : 'none';
  return known === 'none' && applying && member?.membership !== 'suspended' ? 'applicant' : known;
}

/** Every claim the account can answer; oidc-provider hands out those that were granted. */
export function claimsOf(account: Account): Record<string, unknown> {
  const { name, member } = account;
  return {
    ...(name && {
      name: [name.family, name.given, name.middle].filter(Boolean).join(' '),
      family_name: name.family,
      given_name: name.given,
      ...(name.middle !== undefined && { middle_name: name.middle }),
    }),
    locale: account.locale,
    updated_at: Math.floor(account.updatedAt.getTime() / 1_000),
    ...(account.verifiedEmail !== undefined && { email: account.verifiedEmail, email_verified: true }),
    ...(account.phone !== undefined && { phone_number: account.phone, phone_number_verified: false }),
    membership: membershipOf(account),
    ...(member && {
      region: member.organisation.region,
      org: { id: member.organisation.id, short_name: member.organisation.shortName },
      ...(member.ticket !== undefined && { ticket_number: member.ticket }),
    }),
  };
}
