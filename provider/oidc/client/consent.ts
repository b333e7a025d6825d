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

/**
 * What goes with another claim and is nothing beside it: whether a value is confirmed, the parts of a name. Who declines
 * the one declines the others.
 */
const COMPANIONS: Partial<Record<Claim, readonly Claim[]>> = {
  name: ['family_name', 'given_name', 'middle_name'],
  email: ['email_verified'],
  phone_number: ['phone_number_verified'],
};

export function withCompanions(claims: readonly Claim[]): Claim[] {
  return [...new Set(claims.flatMap((name) => [name, ...(COMPANIONS[name] ?? [])]))];
}

/** As a person is told of them: a companion only where it stands alone. */
export function withoutCompanions(claims: readonly Claim[]): Claim[] {
  const companions = new Set(claims.flatMap((name) => COMPANIONS[name] ?? []));
  return claims.filter((name) => !companions.has(name));
}

/** Those that the person may decline. */
export function optionalClaims(client: Client): ReadonlySet<Claim> {
  return new Set(withCompanions((client as unknown as ConsentMetadata).optional_claims ?? []));
}

/** Consents that are shown before somebody comes in without them. */
export function entryDocuments(client: Client): readonly EntryDocument[] {
  return (client as unknown as ConsentMetadata).documents ?? [];
}
