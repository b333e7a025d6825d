/**
 * The region of the sandbox: the portal of ЭПОС and its subsystems, as clients of the gateway and as processes. They are
 * told of the school and never of the Union.
 */
import type { ClientMetadata } from '../adapters/client-store/client-store.ts';
import type { PortalProcess } from './portal-process.ts';
import type { SandboxSecrets } from './secrets.ts';
import type { SandboxSettings } from './settings.ts';

const SUPPORT_EMAIL = 'support@epos.example.test';

/** Part of the client_id → what its registration calls it. */
const SUBSYSTEMS = { school: 'ЭПОС.Школа', kontingent: 'Контингент', diary: 'Дневник' } as const;
type Subsystem = keyof typeof SUBSYSTEMS;
const NAMES = Object.keys(SUBSYSTEMS) as readonly Subsystem[];

export function eposClients(settings: SandboxSettings, { eposSecret }: SandboxSecrets): ClientMetadata[] {
  const { portal, subsystems } = settings.region;
  const party = (client_id: string, client_name: string, url: string, scope: string): ClientMetadata => ({
    client_id,
    client_name,
    client_secret: eposSecret,
    token_endpoint_auth_method: 'client_secret_basic',
    first_party: true,
    // One person for the whole region, and another one than anywhere else.
    sector: 'epos',
    client_uri: url,
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/`],
    backchannel_logout_uri: `${url}/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: 'ES256',
    scope,
    education: true,
    minimum_acr: 'urn:opo:loa:2',
    allowed_doors: ['esia', 'rsaa'],
    support_uri: `${portal}/support`,
    guides: ['staff', 'parent', 'learner'].map((role) => ({ for: role, uri: `${portal}/guides/${role}` })),
  });
  return [
    party('epos-portal', 'Портал ЭПОС', portal, 'openid name edu_role edu_subsystems'),
    ...NAMES.map((name) =>
      party(`epos-${name}`, SUBSYSTEMS[name], subsystems[`epos-${name}`], 'openid name edu_role'),
    ),
  ];
}

export function eposProcesses(
  { region: { portal, subsystems }, ports }: SandboxSettings,
  { eposSecret }: SandboxSecrets,
): PortalProcess[] {
  return [
    {
      file: 'epos/portal/main.ts',
      clientId: 'epos-portal',
      url: portal,
      port: ports.epos,
      environment: { CLIENT_SECRET: eposSecret, SUPPORT_EMAIL },
    },
    ...NAMES.map(
      (name): PortalProcess => ({
        file: 'epos/subsystem/main.ts',
        clientId: `epos-${name}`,
        url: subsystems[`epos-${name}`],
        port: ports[`epos-${name}`],
        environment: { CLIENT_SECRET: eposSecret, SUBSYSTEM: name, PORTAL_URL: portal },
      }),
    ),
  ];
}
