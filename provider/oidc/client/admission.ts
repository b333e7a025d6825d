/** Whom a client lets in beyond its doors and its level: in which roles, and how long after the sign-in. */
import type { Client } from 'oidc-provider';
import { z } from 'zod';
import { EDU_ROLES } from '../../../adapters/school-register/school-register.ts';
import { STAFF_ROLES } from '../../../adapters/staff-store/staff-store.ts';
import { ACR } from '../../login/assurance.ts';
import { STAFF_SCOPES } from '../claims.ts';

/** Of «Контингент» for a relying party of ЭПОС, of the Union's staff for any other. */
const ROLES = [...EDU_ROLES, ...STAFF_ROLES] as const;
export type RequiredRole = (typeof ROLES)[number];

/** Less would send a person round in circles while she reads a consent page. */
const LEAST_SECONDS = 5 * 60;
/** No session lives longer (lifetimes.ts). */
const MOST_SECONDS = 12 * 3_600;

export const ADMISSION_SHAPES = {
  required_roles: z.array(z.enum(ROLES)).min(1),
  max_session_seconds: z.int().min(LEAST_SECONDS).max(MOST_SECONDS),
} as const;

export const ADMISSION_EXPECTED: Record<keyof typeof ADMISSION_SHAPES, string> = {
  required_roles: `must be a list of ${ROLES.join(', ')}`,
  max_session_seconds: `must be whole seconds, ${LEAST_SECONDS}…${MOST_SECONDS}`,
};

type AdmissionMetadata = {
  readonly [Field in keyof typeof ADMISSION_SHAPES]?: z.output<(typeof ADMISSION_SHAPES)[Field]>;
};

const own = (client: Client): AdmissionMetadata => client as AdmissionMetadata;

/** One of them is enough. Undefined: whoever the other rules let in. */
export const requiredRoles = (client: Client): readonly RequiredRole[] | undefined =>
  own(client).required_roles;

/** Whoever has signed in longer ago signs in again. */
export const maxSessionSeconds = (client: Client): number | undefined => own(client).max_session_seconds;

/** A sentence, or undefined: roles of the region open relying parties of ЭПОС, roles of the Union all others. */
export function rolesFault(metadata: Readonly<Record<string, unknown>>): string | undefined {
  const { education, required_roles: required } = metadata;
  if (!Array.isArray(required)) return undefined;
  const known: readonly string[] = education === true ? EDU_ROLES : STAFF_ROLES;
  const foreign = required.filter((role) => !known.includes(role));
  return foreign.length > 0
    ? `required_roles ${foreign.join(' ')}: here only ${known.join(', ')}`
    : undefined;
}

/** A sentence, or undefined: whoever works with members' data does so at a portal of our own, and surely enough. */
export function staffScopesFault(metadata: Readonly<Record<string, unknown>>): string | undefined {
  const { scope, first_party: isOurs, minimum_acr: least } = metadata;
  const asked = typeof scope === 'string' ? scope.split(' ') : [];
  const found = STAFF_SCOPES.filter((name) => asked.includes(name)).join(' ');
  if (found === '') return undefined;
  if (isOurs !== true) return `scope ${found} is for clients with first_party: true`;
  return least === ACR.federated || least === ACR.confirmed
    ? undefined
    : `scope ${found} needs minimum_acr ${ACR.federated} or ${ACR.confirmed}`;
}
