/** What a party of ЭПОС keeps about a person: her name, her role, her school. Of the Union it wants to know nothing. */
import { z } from 'zod';
import { PortalError } from '../relying-party/errors.ts';

/** D-11: «Сотрудник», «Родитель», «Обучающийся». */
export const ROLES = ['staff', 'parent', 'learner'] as const;
export type Role = (typeof ROLES)[number];

const words = z.string().trim().min(1).max(300);
const part = words.optional().catch(undefined);

const userinfo = z.object({
  family_name: part,
  given_name: part,
  middle_name: part,
  edu_role: z.enum(ROLES),
  school: z.object({ id: words, name: words }).optional(),
  /** These two are told to the portal alone. */
  edu_roles: z.array(z.enum(ROLES)).default([]),
  subsystems: z
    .array(z.object({ client_id: words, name: words, url: z.url({ protocol: /^https?$/ }) }))
    .default([]),
});

/** They belong to the Union: whoever sends them here sends them wrongly. */
const UNION_CLAIMS = ['membership', 'ticket_number', 'org', 'region'];

export type EposPerson = {
  /** Фамилия Имя Отчество, as far as they were told. */
  readonly name: string;
  readonly role: Role;
  readonly school?: string;
  /** There is another one to choose. */
  readonly hasOtherRoles: boolean;
  /** Those she is let into in this role. */
  readonly subsystems: readonly { readonly id: string; readonly name: string; readonly url: string }[];
};

/** Throws PortalError for claims of the Union, and for a person without a role. */
export function eposPerson(claims: Readonly<Record<string, unknown>>): EposPerson {
  const foreign = UNION_CLAIMS.filter((claim) => claims[claim] !== undefined);
  if (foreign.length > 0) {
    throw new PortalError('sign_in_failed', { cause: new RangeError(`claims of the Union: ${foreign}`) });
  }
  const parsed = userinfo.safeParse(claims);
  if (!parsed.success) throw new PortalError('sign_in_failed', { cause: parsed.error });
  const { family_name, given_name, middle_name, edu_role, edu_roles, school, subsystems } = parsed.data;
  return {
    name: [family_name, given_name, middle_name].filter(Boolean).join(' '),
    role: edu_role,
    ...(school && { school: school.name }),
    hasOtherRoles: edu_roles.length > 1,
    subsystems: subsystems.map(({ client_id, name, url }) => ({ id: client_id, name, url })),
  };
}
