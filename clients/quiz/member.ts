/** What a quiz keeps about a member: how to greet her, and whether she may take part. */
import { z } from 'zod';
import type { Session } from '../relying-party/sessions.ts';

const MEMBERSHIPS = ['member', 'applicant', 'none'] as const;
export type Membership = (typeof MEMBERSHIPS)[number];

export type Member = {
  readonly givenName?: string | undefined;
  readonly middleName?: string | undefined;
  readonly membership: Membership;
  readonly region?: string | undefined;
};

const words = z.string().trim().min(1).max(200);

/** A claim that is missing or odd is left out; without a membership nobody is a member. */
const userinfo = z.object({
  given_name: words.optional().catch(undefined),
  middle_name: words.optional().catch(undefined),
  membership: z.enum(MEMBERSHIPS).catch('none'),
  region: words.optional().catch(undefined),
});

/** The profile of every quiz. */
export function memberProfile(claims: Readonly<Record<string, unknown>>): Member {
  const { given_name, middle_name, membership, region } = userinfo.parse(claims);
  return { givenName: given_name, middleName: middle_name, membership, region };
}

/** Of a session of a quiz. */
export function memberOf({ profile }: Session): Member {
  return profile as Member;
}
