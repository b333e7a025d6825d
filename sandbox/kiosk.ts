/** «Компьютер в учительской» in the sandbox: as a client of the gateway, and as a process. */
import type { ClientMetadata } from '../adapters/client-store/client-store.ts';
import type { PortalProcess } from './portal-process.ts';
import type { SandboxSettings } from './settings.ts';

const CLIENT_ID = 'kiosk';

/** Public: whoever has the machine has whatever is on it. */
export function kioskClient({ urls: { kiosk: url } }: SandboxSettings): ClientMetadata {
  return {
    client_id: CLIENT_ID,
    client_name: 'Компьютер в учительской',
    first_party: true,
    client_uri: url,
    token_endpoint_auth_method: 'none',
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
    response_types: [],
    redirect_uris: [],
    id_token_signed_response_alg: 'ES256',
    scope: 'openid profile_min',
    released_claims: ['given_name'],
  };
}

export function kioskProcess({ urls: { kiosk: url }, ports }: SandboxSettings): PortalProcess {
  return {
    ...{ file: 'kiosk/main.ts', clientId: CLIENT_ID, url, port: ports.kiosk },
    environment: { HOST: 'localhost', KIOSK_NAME: 'Учительская, 2 этаж' },
  };
}
