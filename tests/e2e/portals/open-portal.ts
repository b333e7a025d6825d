/** A portal in the test's own process beside a provider that does what the test says, and somebody who visits it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { ClientMetadata } from 'oidc-provider';
import { pino } from 'pino';
import { readCompassSettings, startPortal as startCompass } from '../../../clients/compass/portal.ts';
import { startPortal as startDictation } from '../../../clients/dictation/portal.ts';
import { readDictationSettings } from '../../../clients/dictation/settings.ts';
import { startPortal as startEpos } from '../../../clients/epos/portal/portal.ts';
import { readPortalSettings } from '../../../clients/epos/portal/settings.ts';
import { readSubsystemSettings } from '../../../clients/epos/subsystem/settings.ts';
import { startSubsystem } from '../../../clients/epos/subsystem/subsystem.ts';
import type { RunningPortal } from '../../../clients/relying-party/portal.ts';
import { type FakeOp, type FakePerson, startFakeOp } from '../../support/fake-op.ts';
import { keepLog } from '../../support/run-log.ts';
import { freePort } from '../../support/services/free-port.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';

export const MARIA: FakePerson = {
  sub: 'maria-at-this-portal',
  given_name: 'Мария',
  middle_name: 'Петровна',
  name: 'Иванова Мария Петровна',
  membership: 'member',
  region: 'Приозерская республика',
};

export const IRINA: FakePerson = {
  sub: 'irina-in-the-region',
  family_name: 'Орлова',
  given_name: 'Ирина',
  middle_name: 'Сергеевна',
  edu_role: 'staff',
  edu_roles: ['staff', 'parent'],
  school: { id: 'P-08', name: 'МБОУ СОШ № 1 г. Камска' },
  subsystems: [
    { client_id: 'epos-school', name: 'ЭПОС.Школа', url: 'http://localhost:1/sign-in' },
    { client_id: 'epos-library', name: 'Библиотека', url: 'http://localhost:2/sign-in' },
  ],
};

let people = 0;
/** A Maria of her own for each test, so that tests can share a portal. */
export const somebody = (): FakePerson => ({ ...MARIA, sub: `maria-${people++}` });

const SESSION_KEY = Buffer.alloc(32, 7).toString('base64url');
const SECRET = 'a secret of the portal, long enough';

/** Where the way back from a subsystem leads. */
export const EPOS_URL = 'http://localhost:3';

export type PortalName = 'dictation' | 'compass' | 'epos' | 'kontingent';

export type OpenPortal = {
  readonly url: string;
  readonly issuer: string;
  /** Throws before the provider is there. */
  readonly op: FakeOp;
  /** Moves the portal's clock. */
  later(ms: number): void;
  startOp(): Promise<void>;
  /** A fresh process, as far as memory goes, on the same file. */
  restart(): Promise<void>;
  /** For a process of its own. */
  readonly environment: Record<string, string>;
  stop(): Promise<void>;
};

export type OpenOptions = {
  readonly environment?: Record<string, string>;
  /** The portal is started without a provider; `startOp` brings it. */
  readonly withoutOp?: boolean;
  /** `environment` is for a process that the test starts itself. */
  readonly withoutPortal?: boolean;
  /** Claims the provider sends though it must not. */
  readonly leaked?: readonly string[];
};

const START = {
  dictation: (environment: Record<string, string>, options: object) =>
    startDictation(readDictationSettings(environment), options),
  compass: (environment: Record<string, string>, options: object) =>
    startCompass(readCompassSettings(environment), options),
  epos: (environment: Record<string, string>, options: object) =>
    startEpos(readPortalSettings(environment), options),
  kontingent: (environment: Record<string, string>, options: object) =>
    startSubsystem(readSubsystemSettings(environment), options),
};

export async function openPortal(name: PortalName, options: OpenOptions = {}): Promise<OpenPortal> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const naming = { kid: 'dictation-1', alg: 'ES256', use: 'sig' };
  const [port, opPort] = [await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  const issuer = `http://localhost:${opPort}`;
  const folder = mkdtempSync(join(tmpdir(), 'portal-'));
  const environment = {
    ISSUER: issuer,
    PUBLIC_URL: url,
    HOST: '127.0.0.1',
    PORT: String(port),
    CLIENT_ID: name,
    DATABASE_FILE: join(folder, 'portal.sqlite'),
    SESSION_KEY,
    LOG_LEVEL: 'silent',
    ...(name === 'dictation'
      ? { CLIENT_PRIVATE_KEY: JSON.stringify({ ...(await exportJWK(privateKey)), ...naming }) }
      : { CLIENT_SECRET: SECRET }),
    ...(name === 'epos' && { SUPPORT_EMAIL: 'support@epos.example.test' }),
    ...(name === 'kontingent' && { SUBSYSTEM: 'kontingent', PORTAL_URL: EPOS_URL }),
    ...options.environment,
  };
  const client = clientOf(name, url, { ...(await exportJWK(publicKey)), ...naming });

  let moved = 0;
  const clock = { now: () => new Date(Date.now() + moved) };
  let op: FakeOp | undefined;
  let portal: RunningPortal | undefined;
  const startOp = async () => {
    op = await startFakeOp({ clients: [client], port: opPort, leaked: options.leaked ?? [] });
    op.person = MARIA;
  };
  const start = async () => {
    portal = await START[name](environment, { clock, log: pino({ level: 'debug' }, { write: keepLog }) });
  };
  if (!options.withoutOp) await startOp();
  if (!options.withoutPortal) await start();

  return {
    url,
    issuer,
    get op() {
      if (!op) throw new Error('the provider is not there yet');
      return op;
    },
    later(ms) {
      moved += ms;
    },
    startOp,
    async restart() {
      await portal?.stop();
      await start();
    },
    environment,
    async stop() {
      await portal?.stop();
      await op?.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

const SCOPES = {
  compass: 'openid profile_min membership',
  epos: 'openid name edu_role edu_subsystems',
  kontingent: 'openid name edu_role',
};

function clientOf(name: PortalName, url: string, publicJwk: JWK): ClientMetadata {
  const portal: ClientMetadata = {
    client_id: name,
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/`],
    backchannel_logout_uri: `${url}/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: 'ES256',
  };
  if (name !== 'dictation') return { ...portal, client_secret: SECRET, scope: SCOPES[name] };
  return {
    ...portal,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [publicJwk] } as never,
    scope: 'openid profile_min membership region certificate_name',
  };
}

/** Somebody with a browser. No connection is kept, because a portal that restarts under a test closes it. */
export const visit = (): Visitor => visitor({ connection: 'close' });

/** The cookies of the provider are forgotten, as if it were another day there. */
export async function forgetProvider({ jar }: Visitor, { issuer }: OpenPortal): Promise<void> {
  for (const { key } of await jar.getCookies(issuer)) {
    if (key.startsWith('_session')) await jar.setCookie(`${key}=; Max-Age=0; Path=/`, issuer);
  }
}

/** Somebody who has signed in; `page` is where she came out. */
export async function signedIn({ url }: OpenPortal): Promise<{ who: Visitor; page: Page }> {
  const who = visit();
  return { who, page: await who.open(`${url}/sign-in`) };
}

/** Begins the attempt; the first question's page. */
export async function begun(portal: OpenPortal): Promise<{ who: Visitor; page: Page }> {
  const { who, page } = await signedIn(portal);
  return { who, page: await who.follow(await who.submit(page, /^\/start$/)) };
}

export const heading = (page: Page): string => page.html.querySelector('h1')?.text.trim() ?? '';
export const noticeOn = (page: Page): string => page.html.querySelector('.notice')?.text.trim() ?? '';
/** Value of the option that is chosen on the page of a question. */
export const chosenOn = (page: Page): string | undefined =>
  page.html.querySelector('input[name=option][checked]')?.getAttribute('value');
