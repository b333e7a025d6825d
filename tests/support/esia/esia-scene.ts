/** A system with a key, registered at an ESIA simulator, and a visitor who goes through its pages. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../adapters/clock.ts';
import { systemClock } from '../../../adapters/clock.ts';
import type { SignerSettings } from '../../../adapters/signer/signer.ts';
import { type OpenUpstream, openUpstream } from '../../../adapters/upstream/open-upstream.ts';
import type { EsiaSettings } from '../../../adapters/upstream/upstream.ts';
import { type Issued, issueCertificate } from '../../../sandbox/esia/issue-certificate.ts';
import { type Simulator, startEsiaSimulator } from '../../../sandbox/esia/simulator.ts';
import { readSystems, type SystemEntry } from '../../../sandbox/esia/systems.ts';

export const MNEMONIC = 'UNIONID';
const PASSWORD = 'a password of the sandbox';
export const REDIRECT_URI = new URL('https://id.example.test/callback/esia');
export const SCOPE = ['openid', 'fullname', 'birthdate', 'gender', 'snils', 'email', 'mobile'] as const;

export const silent = { signed: () => {}, pairRefused: () => {}, pairExpiring: () => {} };

/** NAME.crt and NAME.key in a folder of their own, or in the one that is named. */
export function folderWith(
  pairs: Readonly<Record<string, Issued>>,
  folder = mkdtempSync(join(tmpdir(), 'esia-')),
): string {
  for (const [name, { certificatePem, keyPem }] of Object.entries(pairs)) {
    writeFileSync(join(folder, `${name}.crt`), certificatePem);
    writeFileSync(join(folder, `${name}.key`), keyPem);
  }
  return folder;
}

export type EsiaScene = {
  readonly simulator: Simulator;
  readonly issued: Issued;
  readonly keys: string;
  readonly authorityKeys: string;
  readonly settings: EsiaSettings;
  open(change?: Partial<EsiaSettings>, clock?: Clock): OpenUpstream;
  close(): Promise<void>;
};

export type EsiaSceneOptions = {
  readonly system?: Partial<SystemEntry>;
  readonly issued?: Issued;
  readonly signer?: SignerSettings['kind'];
  readonly autoLogin?: string;
};

export async function esiaScene({
  system = {},
  issued = issueCertificate({ commonName: 'Union ID', kind: 'gost' }),
  autoLogin,
}: EsiaSceneOptions = {}): Promise<EsiaScene> {
  const entry: SystemEntry = {
    mnemonic: MNEMONIC,
    certificates: [issued.certificatePem],
    redirect_domains: ['example.test'],
    scopes: [...SCOPE],
    ...system,
  };
  const simulator = await startEsiaSimulator({
    port: 0,
    systems: readSystems([entry], '/'),
    password: PASSWORD,
    autoLogin,
  });
  const keys = folderWith({ system: issued });
  const authorityKeys = mkdtempSync(join(tmpdir(), 'esia-authority-'));
  publishTo(authorityKeys, simulator);
  const settings: EsiaSettings = {
    kind: 'esia',
    id: 'esia',
    url: simulator.url,
    issuer: simulator.scene.issuer,
    clientId: MNEMONIC,
    scope: SCOPE,
    protocol: 'v2',
    signedAttributes: false,
    confirmedOnly: false,
    tokenAlgorithms: ['GOST3410_2012_256', 'RS256'],
    authorityKeys,
    timeoutMilliseconds: 1_000,
    signer: { kind: 'js', folder: keys },
  };
  return {
    simulator,
    issued,
    keys,
    authorityKeys,
    settings,
    open: (change = {}, clock = systemClock) =>
      openUpstream({ ...settings, ...change }, { clock, signerEvents: silent }),
    close: simulator.close,
  };
}

/** What an operator does with the archive of certificates. */
export function publishTo(folder: string, { scene }: Simulator): void {
  for (const { name, pem } of scene.authority.published()) writeFileSync(join(folder, name), pem);
}

/** A browser with cookies that stops where it is sent outside the simulator. */
export function esiaVisitor(url: string) {
  const cookies = new Map<string, string>();
  async function go(address: string | URL, form?: Record<string, string>): Promise<Response> {
    const response = await fetch(address, {
      method: form ? 'POST' : 'GET',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form && { body: new URLSearchParams(form) }),
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    return response;
  }
  /** The first address outside, or the page where the way ends. */
  async function follow(response: Response): Promise<{ at: URL; response: Response }> {
    const target = response.headers.get('location');
    if (target === null) return { at: new URL(response.url), response };
    const at = new URL(target, url);
    return at.origin === url ? follow(await go(at)) : { at, response };
  }
  return {
    go,
    /** Signs in as a person does: login, password, consent. Where the system is told. */
    async signIn(
      authorize: URL,
      login: string,
      answer: { way?: string; consent?: 'agree' | 'refuse' } = {},
    ): Promise<URL> {
      let step = await follow(await go(authorize));
      if (/^\/login\/[^/]+$/.test(step.at.pathname)) {
        const typed = { way: answer.way ?? 'password', login, password: PASSWORD, action: 'enter' };
        step = await follow(await go(step.at, typed));
      }
      if (step.at.pathname.endsWith('/consent')) {
        step = await follow(await go(step.at, { action: answer.consent ?? 'agree' }));
      }
      return step.at;
    },
    async cancel(authorize: URL): Promise<URL> {
      const { at } = await follow(await go(authorize));
      return (await follow(await go(at, { action: 'cancel' }))).at;
    },
  };
}

/** A whole sign-in at the upstream, up to its callback. */
export async function signInAt(scene: EsiaScene, upstream: OpenUpstream, login: string) {
  const state = randomUUID();
  const { url, secret } = await upstream.begin({ redirectUri: REDIRECT_URI, state });
  const callback = await esiaVisitor(scene.simulator.url).signIn(url, login);
  return { callback, state, secret };
}
