/** The two relying parties of the load, the same at the gateway and at the bare library. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';

export const REDIRECT_URI = 'http://127.0.0.1:1/callback';

const ASSERTION_KID = 'bench';

/** Signs its assertions with `assertionKey` when it has one, else shows its secret. */
export type LoadClient = {
  readonly metadata: {
    readonly client_id: string;
    readonly client_secret?: string;
    readonly [field: string]: unknown;
  };
  readonly scope: string;
  readonly assertion?: { readonly key: KeyObject; readonly kid: string };
};

export type LoadClients = { readonly portal: LoadClient; readonly service: LoadClient };

const common = {
  first_party: true,
  redirect_uris: [REDIRECT_URI],
  response_types: ['code'],
  id_token_signed_response_alg: 'ES256',
  subject_type: 'pairwise',
};

export function makeClients(): LoadClients {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const scope = 'openid profile email';
  return {
    /** As the portals of the union: a key instead of a secret, signs people in and nothing else. */
    portal: {
      metadata: {
        ...common,
        client_id: 'bench-portal',
        grant_types: ['authorization_code'],
        scope,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: {
          keys: [{ ...publicKey.export({ format: 'jwk' }), kid: ASSERTION_KID, alg: 'ES256', use: 'sig' }],
        },
      },
      scope,
      assertion: { key: privateKey, kid: ASSERTION_KID },
    },
    service: {
      metadata: {
        ...common,
        client_id: 'bench-service',
        client_secret: 'a secret of the bench, long enough for anybody',
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        scope,
        token_endpoint_auth_method: 'client_secret_basic',
      },
      scope,
    },
  };
}
