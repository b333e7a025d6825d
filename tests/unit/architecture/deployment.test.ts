/** docker-compose.yml, Dockerfile and what they hand out agree with the settings our processes really read. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  SIGNING_ALGS,
  type SigningAlg,
  type SigningKey,
} from '../../../adapters/signing-keys/signing-keys.ts';
import { readDictationSettings } from '../../../clients/dictation/settings.ts';
import { readSettings } from '../../../clients/relying-party/settings.ts';
import { prepare } from '../../../deploy/prepare.ts';
import { clientJudge, parseMetadata } from '../../../provider/cli/client-registration.ts';
import { readConfig } from '../../../provider/config.ts';
import { describeVariables } from '../../../provider/variables.ts';
import { portalClients } from '../../../sandbox/clients.ts';

type Service = {
  readonly environment?: Record<string, string | number>;
  readonly secrets?: readonly string[];
  readonly healthcheck?: { disable?: boolean; test?: unknown };
  readonly build?: { target: string };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
};
type Compose = {
  readonly services: Record<string, Service>;
  readonly secrets: Record<string, { file: string }>;
};

const DOMAIN = 'example.org';
const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as Compose;
const dockerfile = readFileSync('Dockerfile', 'utf8');
const services = Object.entries(compose.services);
const service = (name: string): Service => compose.services[name] as Service;
const gateways = services.filter(([, { environment }]) => environment && 'TRUSTED_PROXIES' in environment);

const folder = mkdtempSync(join(tmpdir(), 'union-id-deployment-'));
beforeAll(() => prepare(folder, DOMAIN));
afterAll(() => rmSync(folder, { recursive: true }));

/** As the container sees it: variables filled in, secrets where the orchestrator puts them. */
function environmentOf({ environment = {} }: Service): Record<string, string> {
  const entries = Object.entries(environment).map(([name, value]): [string, string] => {
    const filled = String(value).replace(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_, variable: string, rest = '') =>
      variable === 'DOMAIN' ? DOMAIN : rest,
    );
    return [name, filled.replace(/^\/run\/secrets\/(.*)$/, (_, secret: string) => fileOf(secret))];
  });
  return Object.fromEntries(entries);
}

async function signingKey(alg: SigningAlg): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: alg, alg, use: 'sig' } as SigningKey['jwk'];
  return { kid: alg, alg, state: 'current', stateSince: new Date(0), jwk };
}

const fileOf = (secret: string): string => join(folder, basename(compose.secrets[secret]?.file ?? ''));

describe('the gateways', () => {
  it.each(gateways)('%s is told nothing that nobody reads', (_, { environment = {} }) => {
    const known = describeVariables().flatMap(({ name }) => [name, `${name}_FILE`]);
    expect(known).toEqual(expect.arrayContaining(Object.keys(environment)));
  });

  it.each(gateways)('%s starts with what it is told', (_, gateway) => {
    const config = readConfig(environmentOf(gateway));
    expect(config).toMatchObject({
      issuer: `https://id.${DOMAIN}`,
      sandbox: false,
      database: { kind: 'server' },
      redis: { kind: 'single' },
      sessionStore: 'redis',
    });
  });

  it('are two, and equal', () => {
    expect(service('gateway-1')).toEqual(service('gateway-2'));
  });
});

describe('the portals', () => {
  it('start with what they are told', () => {
    const dictation = readDictationSettings(environmentOf(service('dictation')));
    const compass = readSettings(environmentOf(service('compass')), {});
    expect(dictation).toMatchObject({ issuer: `https://id.${DOMAIN}`, clientId: 'dictation' });
    expect(compass).toMatchObject({ publicUrl: `https://compass.${DOMAIN}`, clientId: 'compass' });
  });

  const registrations = () => parseMetadata(readFileSync(join(folder, 'portals.json'), 'utf8'));

  it('are registered as the gateway demands', async () => {
    const keys = await Promise.all(SIGNING_ALGS.map(signingKey));
    const judge = clientJudge(readConfig(environmentOf(service('register'))), keys);
    for (const metadata of registrations()) {
      expect(await judge(metadata as Parameters<typeof judge>[0])).toBeUndefined();
    }
  });

  it('are the same parties as in the sandbox', () => {
    const urls = { dictation: `https://dictation.${DOMAIN}`, compass: `https://compass.${DOMAIN}` };
    const key = { kty: 'EC' };
    const tried = portalClients({ urls } as never, { dictationKey: key, compassSecret: 'x' } as never);
    const withoutCredentials = ({ jwks, client_secret, ...rest }: Record<string, unknown>) => rest;
    expect(registrations().map(withoutCredentials)).toEqual(tried.map(withoutCredentials));
  });

  it('keep their private key to themselves', () => {
    expect(JSON.stringify(registrations())).not.toContain('"d":');
  });
});

describe('the secrets', () => {
  it('are made by prepare.ts, all but the certificate', () => {
    const wanted = Object.values(compose.secrets).map(({ file }) => basename(file));
    expect(readdirSync(folder).sort()).toEqual(wanted.filter((file) => file !== 'tls.pem').sort());
  });

  it('are given to those alone who read them', () => {
    for (const [name, { environment = {}, secrets = [] }] of services) {
      const read = Object.values(environment).flatMap(
        (value) => /^\/run\/secrets\/(.*)$/.exec(String(value))?.[1] ?? [],
      );
      // Named in a command or a health check instead.
      const mentioned = secrets.filter((secret) =>
        JSON.stringify(service(name)).includes(`secrets/${secret}`),
      );
      expect(secrets, name).toEqual(expect.arrayContaining(read));
      expect(mentioned, name).toEqual(secrets);
    }
  });

  it('stay as they are when they are made again', () => {
    const before = readFileSync(join(folder, 'password_peppers'), 'utf8');
    expect(prepare(folder, 'elsewhere.example')).toEqual([]);
    expect(readFileSync(join(folder, 'password_peppers'), 'utf8')).toBe(before);
  });
});

describe('the containers', () => {
  it.each(services)('%s can neither write, nor gain rights', (_, each) => {
    expect(each).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it.each(services)('%s says how it is, or ends', (_, { healthcheck, build }) => {
    expect(healthcheck?.test !== undefined || healthcheck?.disable === true || build !== undefined).toBe(
      true,
    );
  });

  it('only the balancer is open to the street', () => {
    const open = services.flatMap(([name, { ports = [] }]) =>
      ports.filter((port) => !port.startsWith('127.0.0.1:')).map(() => name),
    );
    expect([...new Set(open)]).toEqual(['balancer']);
  });

  it('the balancer is told every variable of its configuration', () => {
    const used = readFileSync('deploy/haproxy.cfg', 'utf8').matchAll(/\$\{(\w+)\}/g);
    const told = Object.keys(service('balancer').environment ?? {});
    expect([...new Set([...used].map(([, name]) => name))].sort()).toEqual(told.sort());
  });

  it('run on the Node that everything is tried on, and as nobody in particular', () => {
    const major = process.versions.node.split('.')[0];
    const bases = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)$/gm)];
    const targets = new Set(bases.map(([, , name]) => name));
    expect(bases.filter(([, from]) => !targets.has(from)).map(([, from]) => from)).toEqual([
      `node:${major}-bookworm-slim`,
      `node:${major}-bookworm-slim`,
    ]);
    expect(dockerfile.match(/^USER .*$/gm)?.at(-1)).toBe('USER node');
  });
});
