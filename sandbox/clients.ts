/** The relying parties of the sandbox: our portals, an integrator's sample, a blocked one, and whoever is named in SANDBOX_CLIENTS. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ClientMetadata } from '../adapters/client-store/client-store.ts';
import type { SandboxSecrets } from './secrets.ts';
import type { SandboxSettings } from './settings.ts';

const publicPart = ({ d: _, ...jwk }: { d?: string | undefined; [member: string]: unknown }) => jwk;

export function portalClients({ urls }: SandboxSettings, secrets: SandboxSecrets): ClientMetadata[] {
  const portal = (url: string) => ({
    first_party: true,
    client_uri: url,
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/`],
    backchannel_logout_uri: `${url}/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: 'ES256',
  });
  return [
    {
      ...portal(urls.dictation),
      client_id: 'dictation',
      client_name: 'Профсоюзный диктант',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicPart(secrets.dictationKey)] },
      scope: 'openid profile_min membership region certificate_name',
      required_membership: ['member', 'applicant'],
      released_claims: ['given_name', 'middle_name', 'membership', 'region', 'name'],
    },
    {
      ...portal(urls.compass),
      client_id: 'compass',
      client_name: 'Профсоюзный компас',
      client_secret: secrets.compassSecret,
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid profile_min membership',
      required_membership: ['member'],
      released_claims: ['given_name', 'membership'],
    },
  ];
}

/** A third party: consent page, any of the open scopes. */
export function sampleClient(secrets: SandboxSecrets): ClientMetadata {
  return {
    client_id: 'acme-quiz',
    client_secret: secrets.acmeSecret,
    client_name: 'Викторина «Акме»',
    owner: 'ООО «Акме» (вымышленное)',
    redirect_uris: ['http://localhost:8080/callback', 'http://127.0.0.1:8080/callback'],
    post_logout_redirect_uris: ['http://localhost:8080/'],
    scope: 'openid profile email phone offline_access profile_min membership',
    optional_claims: ['email', 'phone_number'],
  };
}

/** The АИС, and its «1С Тонкий клиент»: whoever acts for an organisation, with the undertaking given (SYS-06, SYS-07). */
export function registerClient(secrets: SandboxSecrets): ClientMetadata {
  return {
    client_id: 'ais',
    client_secret: secrets.aisSecret,
    client_name: 'АИС «Единый реестр»',
    first_party: true,
    subject_type: 'public',
    minimum_acr: 'urn:opo:loa:2',
    redirect_uris: ['http://localhost:8081/cb', 'http://127.0.0.1:8081/cb'],
    scope: 'openid staff registry',
  };
}

export const blockedClient: ClientMetadata = {
  client_id: 'bad-client',
  client_secret: 'bad-client-is-blocked-whatever-it-knows',
  client_name: 'Отключённое приложение',
  redirect_uris: ['http://localhost:8080/callback'],
};

const extra = z.looseObject({ client_id: z.string().min(1), client_secret: z.string().min(1).optional() });

/** RFC 7591 metadata with `client_id` and `client_secret`. Throws when the file is no such list. */
export function extraClients(file: string | undefined): ClientMetadata[] {
  if (file === undefined) return [];
  const parsed = z.union([z.array(extra), extra]).parse(JSON.parse(readFileSync(file, 'utf8')));
  const clients = (Array.isArray(parsed) ? parsed : [parsed]) as ClientMetadata[];
  // Neither secret nor keys: a public client, as its author surely means.
  return clients.map((client) =>
    client.client_secret === undefined && client.jwks === undefined
      ? { token_endpoint_auth_method: 'none', ...client }
      : client,
  );
}
