/**
 * What an operator may write into our own fields, one judge for the registry and the command line, and what a relying
 * party of ЭПОС must not have beside them: the region learns nothing of the Union (domain.md §2.3).
 */
import { z } from 'zod';
import { CONSENT_TYPES } from '../../adapters/document-store/document-store.ts';
import { EDU_ROLES } from '../../adapters/school-register/school-register.ts';
import { ACR } from '../login/assurance.ts';
import { CLAIMS_BY_SCOPE, EDUCATION_ONLY_SCOPES, EDUCATION_SCOPES } from './claims.ts';
import { ADMISSION_EXPECTED, ADMISSION_SHAPES } from './client/admission.ts';
import { CONSENT_EXPECTED, CONSENT_SHAPES } from './client/consent.ts';
import { PROFILE_EXPECTED, PROFILE_SHAPES } from './client/profile.ts';
import { RESOURCE_EXPECTED, RESOURCE_SHAPES } from './client/resources.ts';
import { STAGE_EXPECTED, STAGE_SHAPES } from './client/stage.ts';
import { LIFETIME_EXPECTED, LIFETIME_SHAPES } from './client/token-lifetimes.ts';

/** A door of our own, beside the ids of upstreams. */
export const PASSWORD_DOOR = 'password';

const webAddress = z
  .string()
  .refine((uri) => URL.canParse(uri) && ['https:', 'http:'].includes(new URL(uri).protocol), {
    message: 'must be an http(s) address',
  });
/** Opened by the person herself, so a mailbox will do. */
const supportAddress = z.union([webAddress, z.string().regex(/^mailto:[^\s@]+@[^\s@]+$/)]);

const guide = z.strictObject({ for: z.enum(EDU_ROLES), uri: webAddress });
export type Guide = z.output<typeof guide>;

const claim = z.enum(Object.values(CLAIMS_BY_SCOPE).flat());
const text = z.string().min(1).max(200);

const SHAPES = {
  first_party: z.boolean(),
  required_membership: z.array(z.enum(['member', 'applicant', 'none'])),
  released_claims: z.array(claim),
  // A misspelt name would let a claim out without the consent that was meant.
  claims_by_consent: z.partialRecord(z.enum(CONSENT_TYPES), z.array(claim.exclude(['sub'])).min(1)),
  owner: text,
  sector: text,
  require_pkce: z.boolean(),
  minimum_acr: z.enum(Object.values(ACR)),
  own_device: z.boolean(),
  allowed_doors: z.array(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/)).min(1),
  education: z.boolean(),
  support_uri: supportAddress,
  guides: z.array(guide),
  ...CONSENT_SHAPES,
  ...LIFETIME_SHAPES,
  ...RESOURCE_SHAPES,
  ...PROFILE_SHAPES,
  ...ADMISSION_SHAPES,
  ...STAGE_SHAPES,
} as const;

const YES_OR_NO = 'must be true or false';

const EXPECTED: Record<keyof typeof SHAPES, string> = {
  first_party: YES_OR_NO,
  required_membership: 'must be a list of member, applicant, none',
  released_claims: 'must be a list of claims',
  claims_by_consent: `must name, for ${CONSENT_TYPES.join(', ')}, lists of claims`,
  owner: 'must be a text',
  sector: 'must be a text',
  require_pkce: YES_OR_NO,
  minimum_acr: `must be one of ${Object.values(ACR).join(', ')}`,
  own_device: YES_OR_NO,
  allowed_doors: `must be a list of upstream ids or «${PASSWORD_DOOR}»`,
  education: YES_OR_NO,
  support_uri: 'must be an http(s) or mailto address',
  guides: `must be a list of { for: ${EDU_ROLES.join(' | ')}, uri }`,
  ...CONSENT_EXPECTED,
  ...LIFETIME_EXPECTED,
  ...RESOURCE_EXPECTED,
  ...PROFILE_EXPECTED,
  ...ADMISSION_EXPECTED,
  ...STAGE_EXPECTED,
};

/** A sentence, or undefined when the field is well. Fields of other standards are the library's to judge. */
export function fieldFault(key: string, value: unknown): string | undefined {
  if (value === undefined || !(key in SHAPES)) return undefined;
  const name = key as keyof typeof SHAPES;
  return SHAPES[name].safeParse(value).success ? undefined : `${name} ${EXPECTED[name]}`;
}

/** Every one of them speaks of the Union, or makes it speak. */
const UNION_FIELDS = ['required_membership', 'released_claims', 'claims_by_consent', 'documents'];

/** A sentence, or undefined when nothing of the Union can reach ЭПОС, nor of ЭПОС anybody else. */
export function educationFault(metadata: Readonly<Record<string, unknown>>): string | undefined {
  const scopes = typeof metadata.scope === 'string' ? metadata.scope.split(' ') : undefined;
  if (metadata.education !== true) {
    const foreign =
      scopes?.filter((scope) => (EDUCATION_ONLY_SCOPES as readonly string[]).includes(scope)) ?? [];
    return foreign.length > 0 ? `scope ${foreign.join(' ')} is for clients with education: true` : undefined;
  }
  const field = UNION_FIELDS.find((name) => metadata[name] !== undefined);
  if (field) return `${field} speaks of the Union and cannot go with education: true`;
  if (metadata.minimum_acr === ACR.password) {
    return `minimum_acr ${ACR.password} cannot go with education: true`;
  }
  const allowed = EDUCATION_SCOPES.join(' ');
  if (!scopes) return `a client with education: true must name its scope, of ${allowed}`;
  const union = scopes.filter((scope) => !(EDUCATION_SCOPES as readonly string[]).includes(scope));
  return union.length > 0
    ? `scope ${union.join(' ')} cannot go with education: true, only ${allowed}`
    : undefined;
}
