/** «Для разработчиков» in the sandbox: as a client of the gateway, which it asks for tokens of the API, and as a process. */
import type { ClientMetadata } from '../adapters/client-store/client-store.ts';
import type { PortalProcess } from './portal-process.ts';
import type { SandboxSecrets } from './secrets.ts';
import type { SandboxSettings } from './settings.ts';

const CLIENT_ID = 'developers';
const SUPPORT_EMAIL = 'developers@example.test';

export function developersClient(
  { urls: { developers: url } }: SandboxSettings,
  { developersSecret }: SandboxSecrets,
): ClientMetadata {
  return {
    client_id: CLIENT_ID,
    client_name: 'Для разработчиков',
    client_secret: developersSecret,
    token_endpoint_auth_method: 'client_secret_basic',
    first_party: true,
    client_uri: url,
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/`],
    backchannel_logout_uri: `${url}/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: 'ES256',
    scope: 'openid profile_min',
    released_claims: ['given_name', 'middle_name'],
  };
}

export function developersProcess(
  { urls: { developers: url }, ports }: SandboxSettings,
  { developersSecret }: SandboxSecrets,
): PortalProcess {
  return {
    ...{ file: 'developers/main.ts', clientId: CLIENT_ID, url, port: ports.developers },
    environment: { CLIENT_SECRET: developersSecret, SUPPORT_EMAIL },
  };
}
