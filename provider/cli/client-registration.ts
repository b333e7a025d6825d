/**
 * Metadata as an operator writes it → a client as the gateway keeps it. The judgement is oidc-provider's own, with the
 * very configuration the gateway runs on; no store is asked.
 */
import { randomBytes } from 'node:crypto';
import { errors } from 'oidc-provider';
import { z } from 'zod';
import type { ClientMetadata } from '../../adapters/client-store/client-store.ts';
import type { SigningKey } from '../../adapters/signing-keys/signing-keys.ts';
import type { Config } from '../config.ts';
import { OPEN_SCOPES } from '../oidc/claims.ts';
import { forLibrary } from '../oidc/clients.ts';
import { createProvider, type ProviderNeeds } from '../oidc/create-provider.ts';
import { providerSettings } from '../oidc/settings.ts';

const SECRET_BYTES = 32;
const ID_BYTES = 16;
/** RFC 7591 §2: what a client is that does not say how it authenticates. */
const DEFAULT_METHOD = 'client_secret_basic';

const document = z.record(z.string(), z.unknown());
const documents = z.union([z.array(document).min(1), document.transform((one) => [one])]);

export type Metadata = z.infer<typeof document>;

/** One object or an array of them. Throws SyntaxError or ZodError. */
export function parseMetadata(json: string): readonly Metadata[] {
  return documents.parse(JSON.parse(json));
}

/** Adds what is missing: `client_id`, the secret of whoever authenticates with one, and the open scopes. */
export function complete(metadata: Metadata): ClientMetadata & { readonly client_secret?: string } {
  const method = metadata.token_endpoint_auth_method ?? DEFAULT_METHOD;
  const needsSecret = typeof method === 'string' && method.startsWith('client_secret_');
  return {
    scope: OPEN_SCOPES.join(' '),
    ...metadata,
    client_id: String(metadata.client_id ?? randomBytes(ID_BYTES).toString('base64url')),
    ...(needsSecret && {
      client_secret: String(metadata.client_secret ?? randomBytes(SECRET_BYTES).toString('base64url')),
    }),
  };
}

/** What the library leaves to whoever makes a client; our own fields are judged in own-metadata.ts. */
const credentials = z.object({
  client_id: z.string().regex(/^[\x21-\x7e]{1,200}$/, 'must be up to 200 visible ASCII characters'),
  client_secret: z.string().min(32, 'must be at least 32 characters').optional(),
});

/** Says what is wrong with a client, or undefined. */
export type ClientJudge = (metadata: ClientMetadata) => Promise<string | undefined>;

/** `keys` decide which algorithms a client may ask for. */
export function clientJudge(config: Config, keys: readonly SigningKey[]): ClientJudge {
  const provider = createProvider(
    { ...providerSettings(config), initialAccessToken: undefined },
    keys,
    withoutStores,
  );
  return async (metadata) => {
    const given = credentials.safeParse(metadata);
    if (!given.success) {
      return given.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    }
    try {
      await provider.Client.validate(forLibrary(metadata) as Parameters<typeof provider.Client.validate>[0]);
      return undefined;
    } catch (error) {
      if (!(error instanceof errors.OIDCProviderError)) throw error;
      return error.error_description ?? error.message;
    }
  };
}

/** Judging a client reads nothing and writes nothing. */
const withoutStores = new Proxy({} as ProviderNeeds, {
  get(_, name) {
    return new Proxy(() => {}, {
      apply: () => {
        throw new Error(`judging a client must not use ${String(name)}`);
      },
    });
  },
});
