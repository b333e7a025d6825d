/** What an operator says of the consents a relying party lives on: which claims may be declined, which documents come first. */
import type { Client } from 'oidc-provider';
import { z } from 'zod';
import { CONSENT_TYPES } from '../../../adapters/document-store/document-store.ts';
import { CLAIMS_BY_SCOPE, type Claim } from '../claims.ts';

const claim = z.enum(Object.values(CLAIMS_BY_SCOPE).flat()).exclude(['sub']);

const document = z.strictObject({
  type: z.enum(CONSENT_TYPES),
  /** Without it she comes in and is told of less, or does not come in at all. */
  otherwise: z.enum(['without_claims', 'refuse']),
});
export type EntryDocument = z.output<typeof document>;

/** Of own-metadata.ts. */
export const CONSENT_SHAPES = {
  optional_claims: z.array(claim).refine((names) => new Set(names).size === names.length),
  documents: z
    .array(document)
    .min(1)
    .refine((documents) => new Set(documents.map(({ type }) => type)).size === documents.length),
} as const;

export const CONSENT_EXPECTED: Record<keyof typeof CONSENT_SHAPES, string> = {
  optional_claims: 'must be a list of claims, each once, without sub',
  documents: `must be a list of { type: ${CONSENT_TYPES.join(' | ')}, otherwise: without_claims | refuse }, each type once`,
};

type ConsentMetadata = {
  readonly optional_claims?: readonly Claim[];
  readonly documents?: readonly EntryDocument[];
};

/** Whether a value is confirmed says nothing without the value: who declines one declines both. */
const TWINS: Partial<Record<Claim, Claim>> = {
  email: 'email_verified',
  phone_number: 'phone_number_verified',
};

export function withTwins(claims: readonly Claim[]): Claim[] {
  return [...new Set(claims.flatMap((name) => [name, ...(TWINS[name] ? [TWINS[name]] : [])]))];
}

/** As a person is told of them: a twin only where it stands alone. */
export function withoutTwins(claims: readonly Claim[]): Claim[] {
  const twins = new Set(claims.map((name) => TWINS[name]));
  return claims.filter((name) => !twins.has(name));
}

/** Those that the person may decline. */
export function optionalClaims(client: Client): ReadonlySet<Claim> {
  return new Set(withTwins((client as unknown as ConsentMetadata).optional_claims ?? []));
}

/** Consents that are shown before somebody comes in without them. */
export function entryDocuments(client: Client): readonly EntryDocument[] {
  return (client as unknown as ConsentMetadata).documents ?? [];
}
