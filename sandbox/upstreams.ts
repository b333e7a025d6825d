/**
 * The simulators of ЕСИА and РСАА with the gateway registered at both, and what the gateway must be told of them. Keys
 * and certificates are made anew at each start; the doors know nothing of the Union.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueCertificate } from './esia/issue-certificate.ts';
import { type Simulator, startEsiaSimulator } from './esia/simulator.ts';
import { readSystems } from './esia/systems.ts';
import type { Doors } from './people/people.ts';
import { type RsaaSimulator, startRsaaSimulator } from './rsaa/simulator.ts';
import type { SandboxSecrets } from './secrets.ts';
import type { SandboxSettings } from './settings.ts';

const MNEMONIC = 'UNIONID';
const RSAA_CLIENT = 'union-id';
/** the least. */
const ESIA_SCOPE = ['openid', 'fullname', 'birthdate', 'email', 'mobile'] as const;

export type SandboxUpstreams = {
  readonly urls: { readonly esia: string; readonly rsaa: string };
  /** As the gateway's configuration has them. */
  readonly issuers: { readonly esiaIssuer: string; readonly rsaaIssuer: string };
  /** The variable UPSTREAMS. */
  readonly variable: string;
  /** Whom each of them knows, and by which login. */
  readonly doors: Doors;
  stop(): Promise<void>;
};

/** `smtpUrl`: where РСАА sends its letters. Rejects when a port is taken. */
export async function startUpstreams(
  settings: SandboxSettings,
  secrets: SandboxSecrets,
  smtpUrl: string,
): Promise<SandboxUpstreams> {
  const password = settings.password ?? secrets.upstreamPassword;
  const ours = issueCertificate({ commonName: 'Union ID', kind: 'gost' });
  const esia = await startEsiaSimulator({
    port: settings.ports.esia,
    systems: readSystems(
      [
        {
          mnemonic: MNEMONIC,
          certificates: [ours.certificatePem],
          redirect_domains: ['localhost'],
          scopes: [...ESIA_SCOPE],
        },
      ],
      settings.data,
    ),
    password,
  });
  const rsaa = await startRsaaSimulator({
    port: settings.ports.rsaa,
    clients: [
      {
        client_id: RSAA_CLIENT,
        client_secret: secrets.rsaaSecret,
        redirect_uris: [`${settings.issuer}/callback/rsaa`],
        post_logout_redirect_uris: [`${settings.issuer}/`],
      },
    ],
    password,
    smtpUrl,
  });
  const keys = folderOf(settings.data, 'esia-keys', {
    'system.crt': ours.certificatePem,
    'system.key': ours.keyPem,
  });
  const published = esia.scene.authority.published();
  const authorityKeys = folderOf(
    settings.data,
    'esia-authority',
    Object.fromEntries(published.map(({ name, pem }) => [name, pem])),
  );
  return {
    urls: { esia: esia.url, rsaa: rsaa.url },
    issuers: { esiaIssuer: esia.scene.issuer, rsaaIssuer: rsaa.issuer },
    variable: JSON.stringify([
      {
        kind: 'esia',
        id: 'esia',
        url: esia.url,
        issuer: esia.scene.issuer,
        clientId: MNEMONIC,
        scope: ESIA_SCOPE,
        authorityKeys,
        signer: { kind: 'js', folder: keys },
      },
      {
        kind: 'oidc',
        id: 'rsaa',
        name: { ru: 'РСАА', en: 'RSAA' },
        registrationUrl: `${rsaa.url}/register`,
        issuer: rsaa.issuer,
        clientId: RSAA_CLIENT,
        clientSecret: secrets.rsaaSecret,
      },
    ]),
    doors: doorsOf(esia, rsaa, password),
    async stop() {
      await Promise.all([esia.close(), rsaa.close()]);
    },
  };
}

function folderOf(data: string, name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(data, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(folder, file), content, { mode: 0o600 });
  return folder;
}

function doorsOf({ scene }: Simulator, { people }: RsaaSimulator, password: string): Doors {
  return {
    esia: scene.people.all.map((person) => ({
      id: person.id,
      birthdate: person.birthdate,
      door: {
        oid: String(person.oid),
        name: nameOf(person),
        login: person.mobile?.value ?? person.email?.value ?? person.snils ?? '',
        ...(person.mobile && { phone: person.mobile.value }),
        ...(person.email && { email: person.email.value }),
        ...(person.snils !== undefined && { snils: person.snils }),
        password,
        confirmed: person.level === 'confirmed',
      },
    })),
    rsaa: people.all().map((person) => ({
      id: person.id ?? person.sub,
      ...(person.birthdate !== undefined && { birthdate: dotted(person.birthdate) }),
      door: { login: person.login, name: nameOf(person), email: person.email, password },
    })),
  };
}

const nameOf = ({ family, given, middle }: { family: string; given: string; middle?: string | undefined }) =>
  [family, given, middle].filter(Boolean).join(' ');
const dotted = (iso: string): string => iso.split('-').reverse().join('.');
