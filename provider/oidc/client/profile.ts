/**
 * FAPI 2.0 Security Profile for one relying party: what its metadata has to say, and what is filled in when it says
 * nothing. The requests themselves are held to it by the library, by these fields, and by fapi.ts.
 */
import type { Client } from 'oidc-provider';
import { z } from 'zod';

/** FAPI 2.0 Security Profile §5.4.1. */
export const STRICT_ALGS: readonly string[] = ['PS256', 'ES256', 'EdDSA', 'Ed25519'];
/** §5.3.2.1: mutual TLS or private_key_jwt. */
const STRICT_METHODS: readonly unknown[] = [
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
];
const ALG_FIELDS = [
  'token_endpoint_auth_signing_alg',
  'request_object_signing_alg',
  'id_token_signed_response_alg',
  'authorization_signed_response_alg',
];

export const PROFILE_SHAPES = { profile: z.enum(['fapi2']), require_dpop_nonce: z.boolean() } as const;

export const PROFILE_EXPECTED: Record<keyof typeof PROFILE_SHAPES, string> = {
  profile: 'must be «fapi2»',
  require_dpop_nonce: 'must be true or false',
};

type Metadata = Readonly<Record<string, unknown>>;

export const isFapi = (client: Client): boolean => (client as { profile?: string }).profile === 'fapi2';

/** Every DPoP proof of hers at the token endpoint carries a nonce of ours (RFC 9449 §8). */
export const wantsNonce = (client: Client): boolean =>
  (client as { require_dpop_nonce?: boolean }).require_dpop_nonce === true;

/** What the library would else assume for a client that only says `profile`. */
export function withProfile<M extends Metadata>(metadata: M): M {
  if (metadata.profile !== 'fapi2') return metadata;
  return {
    require_pushed_authorization_requests: true,
    dpop_bound_access_tokens: metadata.tls_client_certificate_bound_access_tokens !== true,
    id_token_signed_response_alg: 'ES256',
    authorization_signed_response_alg: 'ES256',
    ...metadata,
  };
}

/** A sentence, or undefined when the metadata keeps what the profile promises. */
export function profileFault(metadata: Metadata): string | undefined {
  if (metadata.profile !== 'fapi2') return undefined;
  const beside = 'with profile: fapi2';
  if (!STRICT_METHODS.includes(metadata.token_endpoint_auth_method))
    return `token_endpoint_auth_method must be private_key_jwt or of mutual TLS ${beside}`;
  if (metadata.require_pushed_authorization_requests !== true)
    return `require_pushed_authorization_requests must be true ${beside}`;
  if (metadata.require_pkce === false) return `require_pkce must not be false ${beside}`;
  if (
    metadata.dpop_bound_access_tokens !== true &&
    metadata.tls_client_certificate_bound_access_tokens !== true
  )
    return `access tokens must be bound by DPoP or mutual TLS ${beside}`;
  const weak = ALG_FIELDS.find(
    (name) => metadata[name] !== undefined && !STRICT_ALGS.includes(String(metadata[name])),
  );
  return weak && `${weak} must be one of ${STRICT_ALGS.join(', ')} ${beside}`;
}
