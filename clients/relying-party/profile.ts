/** What a portal keeps about a person while she is signed in: the claims it was given, no more. */
import { z } from 'zod';

export const MEMBERSHIPS = ['member', 'applicant', 'none'] as const;
export type Membership = (typeof MEMBERSHIPS)[number];

export type Profile = {
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

export function profileOf(claims: Readonly<Record<string, unknown>>): Profile {
  const { given_name, middle_name, membership, region } = userinfo.parse(claims);
  return { givenName: given_name, middleName: middle_name, membership, region };
}
