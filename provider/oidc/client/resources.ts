/**
 * The APIs a relying party may get access tokens for, as its own metadata names them (RFC 8707), and the ones it is
 * itself: whose tokens it may look at, and in whose name it may go on to others (RFC 8693).
 */
import type { Client } from 'oidc-provider';
import { z } from 'zod';
import { SCOPES } from '../claims.ts';

const RESOURCE_ALGS = ['RS256', 'ES256'] as const;

/** RFC 8707 §2: absolute, without a fragment. */
const resourceUri = z
  .string()
  .refine((uri) => URL.parse(uri)?.protocol === 'https:' || URL.parse(uri)?.protocol === 'http:')
  .refine((uri) => !uri.includes('#'));
/** RFC 6749 §3.3; a name of ours would mean two things at once. */
const resourceScope = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/)
  .refine((scope) => !(SCOPES as readonly string[]).includes(scope));

const resource = z.strictObject({
  uri: resourceUri,
  scopes: z.array(resourceScope).min(1),
  format: z.enum(['jwt', 'opaque']).default('jwt'),
  alg: z.enum(RESOURCE_ALGS).optional(),
});

/** As an operator writes it, before defaults. */
export type Resource = z.input<typeof resource>;

export const RESOURCE_SHAPES = {
  resources: z.array(resource).refine((list) => new Set(list.map(({ uri }) => uri)).size === list.length),
  serves: z.array(resourceUri),
  exchangeable_by: z.array(z.string().regex(/^[\x21-\x7e]{1,200}$/)),
} as const;

export const RESOURCE_EXPECTED: Record<keyof typeof RESOURCE_SHAPES, string> = {
  resources:
    'must be a list of { uri, scopes, format: jwt | opaque, alg: RS256 | ES256 }, each uri once, without fragment, no scope of OpenID Connect',
  serves: 'must be a list of resource addresses',
  exchangeable_by: 'must be a list of client ids',
};

type Named = {
  readonly resources?: readonly Resource[];
  readonly serves?: readonly string[];
  readonly exchangeable_by?: readonly string[];
};

const named = (client: Client): Named => client as unknown as Named;

export const resourceOf = (client: Client, uri: string): Resource | undefined =>
  named(client).resources?.find((one) => one.uri === uri);

/** Whether the client is the API that tokens of this audience are for. */
export const serves = (client: Client, audience: unknown): boolean =>
  typeof audience === 'string' && (named(client).serves?.includes(audience) ?? false);

/** Whether the client lets `other` exchange its access tokens. */
export const mayBeExchangedBy = (client: Client, other: Client): boolean =>
  named(client).exchangeable_by?.includes(other.clientId) ?? false;
