/** PROFCARDS in the sandbox: site and application, as clients of the gateway that know a person by one subject, and as processes. */
import type { ClientMetadata } from '../adapters/client-store/client-store.ts';
import type { PortalProcess } from './portal-process.ts';
import type { SandboxSecrets } from './secrets.ts';
import type { SandboxSettings } from './settings.ts';

const SITE = 'profcards-web';
const APP = 'profcards-app';

/** What it may be told depends on the consent to its operator. */
const PARTY = {
  first_party: true,
  owner: 'ООО «ФИНФОРТ»',
  sector: 'profcards',
  backchannel_logout_session_required: true,
  grant_types: ['authorization_code', 'refresh_token'],
  id_token_signed_response_alg: 'ES256',
  required_membership: ['member'],
  claims_by_consent: { finfort_pd: ['ticket_number', 'email', 'email_verified'] },
  documents: [{ type: 'finfort_pd', otherwise: 'without_claims' }],
};

export function profcardsClients(
  { urls: { profcards, profcards_app: app } }: SandboxSettings,
  { profcardsSecret }: SandboxSecrets,
): ClientMetadata[] {
  return [
    {
      ...PARTY,
      client_id: SITE,
      client_name: 'PROFCARDS',
      client_secret: profcardsSecret,
      client_uri: profcards,
      redirect_uris: [`${profcards}/callback`],
      post_logout_redirect_uris: [`${profcards}/`],
      backchannel_logout_uri: `${profcards}/backchannel-logout`,
      scope: 'openid profile email ticket membership',
    },
    {
      ...PARTY,
      client_id: APP,
      client_name: 'PROFCARDS для телефона',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      // RFC 8252: a port that the device happens to have free, and a scheme of its own.
      redirect_uris: ['http://127.0.0.1/callback', 'ru.profcards.test:/cb'],
      post_logout_redirect_uris: [`${app}/`],
      backchannel_logout_uri: `${app}/backchannel-logout`,
      scope: 'openid profile ticket offline_access',
    },
  ];
}

export function profcardsProcesses(
  { urls: { profcards, profcards_app: app }, ports }: SandboxSettings,
  { profcardsSecret }: SandboxSecrets,
): PortalProcess[] {
  return [
    {
      ...{ file: 'profcards/site/main.ts', clientId: SITE, url: profcards, port: ports.profcards },
      environment: { CLIENT_SECRET: profcardsSecret },
    },
    {
      ...{ file: 'profcards/app/main.ts', clientId: APP, url: app, port: ports['profcards-app'] },
      environment: { CLIENT_PUBLIC: 'yes' },
    },
  ];
}
