/** What the operations on integrations take and tell. The names are those of RFC 7591 where it has one. */
import { z } from 'zod';
import {
  INTEGRATION_KINDS,
  type Integration,
  type IntegrationSecret,
  STAGES,
  type Tester,
} from '../../adapters/integration-store/integration-store.ts';
import { AUTHENTICATIONS, fieldsOf, scopesOf } from '../integrations/metadata.ts';
import { CLAIMS_BY_SCOPE } from '../oidc/claims.ts';

const MOST_ADDRESSES = 20;
const MOST_TESTERS = 20;

const address = z.string().max(2_000);
const addresses = z.array(address).max(MOST_ADDRESSES);
/** Claims that a person may decline, as discovery names them. */
const optionalClaims = z
  .array(z.enum(Object.values(CLAIMS_BY_SCOPE).flat()).exclude(['sub']))
  .refine((names) => new Set(names).size === names.length);
const jwks = z.strictObject({ keys: z.array(z.record(z.string().max(50), z.unknown())).max(20) });
/**
 * People decide by these words. So nothing in them that is not seen, turns round what follows it, or towers over the
 * lines beside it.
 */
const SEEN = /^(?!.*\p{M}{3})[^\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]*$/u;
const SEEN_LINES = /^[\n\r\t]*(?:[^\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}][\n\r\t]*)*$/u;
export const line = (most: number) => z.string().trim().min(1).max(most).regex(SEEN);
export const paragraph = z.string().trim().min(1).max(2_000).regex(SEEN_LINES);

export const idParam = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
/** Of an operator's own client the id may be any. */
export const integrationParams = z.strictObject({ client_id: z.string().regex(/^[\x21-\x7e]{1,255}$/) });

export const newIntegration = z.strictObject({
  name: line(100),
  kind: z.enum(INTEGRATION_KINDS),
  owner: line(200).optional(),
  site: address,
  redirect_uris: addresses.default([]),
  post_logout_redirect_uris: addresses.default([]),
  backchannel_logout_uri: address.optional(),
  initiate_login_uri: address.optional(),
  optional_claims: optionalClaims.default([]),
  authentication: z.enum(AUTHENTICATIONS),
  jwks: jwks.optional(),
  jwks_uri: address.optional(),
});

/** `null` takes a value away; what is not named stays. */
export const integrationPatch = z.strictObject({
  name: line(100).optional(),
  owner: line(200).optional(),
  site: address.optional(),
  redirect_uris: addresses.optional(),
  post_logout_redirect_uris: addresses.optional(),
  backchannel_logout_uri: address.nullable().optional(),
  initiate_login_uri: address.nullable().optional(),
  optional_claims: optionalClaims.optional(),
  authentication: z.enum(AUTHENTICATIONS).optional(),
  jwks: jwks.nullable().optional(),
  jwks_uri: address.nullable().optional(),
  testers: z.array(z.string().max(254)).max(MOST_TESTERS).optional(),
});

const moment = z.iso.datetime();

const secretShape = z.object({
  id: z.string(),
  created_at: moment,
  expires_at: moment.optional(),
  last_used_at: moment.optional(),
});

export const integrationShape = z.object({
  client_id: z.string(),
  name: z.string(),
  kind: z.enum(INTEGRATION_KINDS),
  stage: z.enum(STAGES),
  owner: z.string(),
  site: z.string(),
  redirect_uris: z.array(z.string()),
  post_logout_redirect_uris: z.array(z.string()),
  backchannel_logout_uri: z.string().nullable(),
  initiate_login_uri: z.string().nullable(),
  optional_claims: z.array(z.string()),
  authentication: z.enum(AUTHENTICATIONS),
  jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).nullable(),
  jwks_uri: z.string().nullable(),
  scopes: z.array(z.string()),
  secrets: z.array(secretShape),
  blocked: z.object({ at: moment, reason: z.string() }).nullable(),
  testers: z.array(z.string()),
  created_at: moment,
  updated_at: moment,
});

export const createdIntegrationShape = integrationShape.extend({ client_secret: z.string().optional() });

/** In a list: what belongs to one is read with it. */
export const integrationSummary = integrationShape.omit({ secrets: true, testers: true, jwks: true });

export const listOf = <Shape extends z.ZodType>(item: Shape) =>
  z.object({ items: z.array(item), next: z.string().optional() });

function tellSecret({ id, createdAt, expiresAt, lastUsedAt }: IntegrationSecret) {
  return {
    id,
    created_at: createdAt.toISOString(),
    ...(expiresAt && { expires_at: expiresAt.toISOString() }),
    ...(lastUsedAt && { last_used_at: lastUsedAt.toISOString() }),
  };
}

export function tellSummary(integration: Integration) {
  const { clientId, kind, stage, metadata, blocked, createdAt, updatedAt } = integration;
  const { jwks: _, backchannel_logout_uri, initiate_login_uri, jwks_uri, ...fields } = fieldsOf(metadata);
  return {
    client_id: clientId,
    ...{ kind, stage, ...fields },
    redirect_uris: [...fields.redirect_uris],
    post_logout_redirect_uris: [...fields.post_logout_redirect_uris],
    optional_claims: [...fields.optional_claims],
    backchannel_logout_uri: backchannel_logout_uri ?? null,
    initiate_login_uri: initiate_login_uri ?? null,
    jwks_uri: jwks_uri ?? null,
    scopes: [...scopesOf(metadata)],
    blocked: blocked ? { at: blocked.at.toISOString(), reason: blocked.reason ?? '' } : null,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}

export function tellIntegration(
  integration: Integration,
  secrets: readonly IntegrationSecret[],
  testers: readonly Tester[],
) {
  const { jwks } = fieldsOf(integration.metadata);
  return {
    ...tellSummary(integration),
    jwks: jwks ? { keys: jwks.keys.map((key) => ({ ...key })) } : null,
    secrets: secrets.map(tellSecret),
    testers: testers.map(({ original }) => original),
  };
}
