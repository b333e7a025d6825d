/** What a relying party of ЭПОС is told: of the record and the role, and of nothing else (domain.md §2.3). Pure. */
import type { Claim } from '../oidc/claims.ts';
import type { Standing } from './education.ts';
import { type EducationClient, type Opening, schoolAt } from './roles.ts';

export function educationClaims(
  client: EducationClient,
  { person, openings }: Standing,
  opening: Opening,
): Partial<Record<Claim, unknown>> {
  const { family, given, middle } = person;
  const school = schoolAt(person, client, opening);
  return {
    name: [family, given, middle].filter(Boolean).join(' '),
    family_name: family,
    given_name: given,
    ...(middle !== undefined && { middle_name: middle }),
    edu_role: opening.role,
    ...(school && { school: { id: school.id, name: school.name } }),
    /** Among which she may choose anew. */
    edu_roles: openings.map(({ role }) => role),
    subsystems: opening.subsystems.map(({ clientId, name, url }) => ({ client_id: clientId, name, url })),
  };
}
