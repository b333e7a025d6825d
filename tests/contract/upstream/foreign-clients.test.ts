/**
 * Clients of other people's making at the simulator: each request is put together as the named project does it, and signed
 * by OpenSSL. Nothing of our own client or signer takes part.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EsiaScene, esiaScene, esiaVisitor } from '../../support/esia/esia-scene.ts';
import { type OpenSsl, opensslWithGost } from '../../support/esia/openssl.ts';

let tool: OpenSsl;
let scene: EsiaScene;
let hash: string;

const CLIENT_ID = 'UNIONID';
const REDIRECT_URI = 'https://id.example.test/callback';
const SCOPE = 'openid fullname email mobile';

beforeAll(async () => {
  tool = await opensslWithGost();
  const make = async (name: string, algorithm: readonly string[], digest: string) => {
    await tool.openssl('genpkey', ...algorithm, '-out', `${name}.key`);
    const certificate = [
      '-key',
      `${name}.key`,
      '-out',
      `${name}.crt`,
      '-days',
      '2',
      '-config',
      'openssl.cnf',
    ];
    await tool.openssl('req', '-x509', '-new', digest, ...certificate);
    return readFileSync(join(tool.folder, `${name}.crt`), 'utf8');
  };
  const gost = await make('gost', ['-algorithm', 'gost2012_256', '-pkeyopt', 'paramset:A'], '-md_gost12_256');
  const rsa = await make('rsa', ['-algorithm', 'RSA'], '-sha256');
  await tool.openssl('x509', '-in', 'gost.crt', '-outform', 'DER', '-out', 'gost.bin');
  hash = (await tool.openssl('dgst', '-md_gost12_256', '-binary', 'gost.bin')).toString('hex').toUpperCase();
  scene = await esiaScene({ system: { certificates: [gost, rsa] } });
});
afterAll(() => scene.close());

type Signing = (message: string) => Promise<Buffer>;

const signedBy =
  (...args: string[]): Signing =>
  async (message) => {
    const name = randomUUID();
    writeFileSync(join(tool.folder, name), message);
    return tool.openssl(...args, ...(args[0] === 'dgst' ? [name] : ['-in', name]));
  };
const raw = signedBy('dgst', '-md_gost12_256', '-sign', 'gost.key');
const pair = (name: string) => ['-signer', `${name}.crt`, '-inkey', `${name}.key`, '-outform', 'DER'];
const stamp = (at: Date, zone: string, hours: number) =>
  `${new Date(at.getTime() + hours * 3_600_000).toISOString().slice(0, 19).replaceAll('-', '.').replace('T', ' ')} ${zone}`;
const utc = () => stamp(new Date(), '+0000', 0);
const perm = () => stamp(new Date(), '+0500', 5);
const unpadded = (bytes: Buffer) => bytes.toString('base64url');
const padded = (bytes: Buffer) => bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
const standard = (bytes: Buffer) => bytes.toString('base64');

type Fields = { scope: string; timestamp: string; state: string; code: string };
type Client = {
  readonly authorize: string;
  readonly token: string;
  readonly timestamp: () => string;
  readonly message: (fields: Fields) => string;
  readonly sign: Signing;
  readonly encode: (signature: Buffer) => string;
  /** Beside client_id, client_secret, redirect_uri, scope, state and timestamp. */
  readonly asks: Readonly<Record<string, string>>;
  readonly redeems: (state: string) => Readonly<Record<string, string>>;
  readonly tokenScope?: string;
  readonly repeatsState?: true;
  readonly person: string;
};

const OLD = { authorize: '/aas/oauth2/ac', token: '/aas/oauth2/te' };
const NEW = { authorize: '/aas/oauth2/v2/ac', token: '/aas/oauth2/v3/te' };
const oldOrder = ({ scope, timestamp, state }: Fields) => scope + timestamp + CLIENT_ID + state;
const newOrder = ({ scope, timestamp, state, code }: Fields) =>
  CLIENT_ID + scope + timestamp + state + REDIRECT_URI + code;
const hashed = () => ({ client_certificate_hash: hash });
const code = { response_type: 'code' };
const bearer = { grant_type: 'authorization_code', token_type: 'Bearer' };

const CLIENTS: Readonly<Record<string, () => Client>> = {
  'ilimurzin/esia 4 (PHP)': () => ({
    ...NEW,
    timestamp: perm,
    message: newOrder,
    sign: raw,
    encode: unpadded,
    asks: { ...hashed(), ...code, scope_org: '', access_type: 'offline' },
    redeems: () => ({ ...hashed(), ...bearer, scope_org: '' }),
    person: '',
  }),
  'ofstudio/go-api-epgu (Go)': () => ({
    ...NEW,
    timestamp: utc,
    message: newOrder,
    sign: raw,
    encode: padded,
    asks: { ...hashed(), ...code, access_type: 'online', permissions: 'W10=' },
    redeems: () => ({ ...hashed(), ...bearer }),
    person: '',
  }),
  'AISGorod 2 (.NET)': () => ({
    ...NEW,
    timestamp: perm,
    message: newOrder,
    sign: raw,
    encode: standard,
    asks: {
      ...hashed(),
      ...code,
      access_type: 'offline',
      response_mode: 'form_post',
      'x-client-SKU': 'ID_NET8_0',
    },
    // ASP.NET's handler knows no token_type.
    redeems: () => ({ ...hashed(), grant_type: 'authorization_code', 'x-client-SKU': 'ID_NET8_0' }),
    person: '/ctts?embed=(elements)',
  }),
  'ekapusta/oauth2-esia (PHP)': () => ({
    ...OLD,
    timestamp: perm,
    message: oldOrder,
    sign: signedBy('smime', '-sign', '-binary', '-noattr', ...pair('gost')),
    encode: unpadded,
    asks: { ...code, access_type: 'online' },
    redeems: () => bearer,
    tokenScope: 'openid',
    person: '?embed=(contacts.elements)',
  }),
  'sokolovs/esia-oauth2 (Python)': () => ({
    ...OLD,
    timestamp: utc,
    message: oldOrder,
    sign: signedBy('smime', '-sign', '-md', 'md_gost12_256', ...pair('gost')),
    encode: padded,
    asks: { ...code, access_type: 'offline' },
    redeems: () => bearer,
    repeatsState: true,
    person: '/ctts?embed=(elements)',
  }),
  'LdDl/esia-potato (Go)': () => ({
    ...OLD,
    timestamp: utc,
    message: oldOrder,
    sign: signedBy('cms', '-sign', '-binary', '-md', 'md_gost12_256', ...pair('gost')),
    encode: padded,
    asks: { ...code, access_type: 'offline' },
    redeems: () => bearer,
    person: '',
  }),
  'esia (npm), RSA attached': () => ({
    ...OLD,
    timestamp: utc,
    message: oldOrder,
    sign: signedBy('cms', '-sign', '-binary', '-nodetach', '-md', 'sha256', ...pair('rsa')),
    encode: unpadded,
    asks: { ...code, access_type: 'offline' },
    redeems: () => bearer,
    person: '',
  }),
  'fr05t1k/esia 2 (PHP)': () => ({
    ...OLD,
    timestamp: perm,
    message: oldOrder,
    sign: signedBy('cms', '-sign', '-binary', '-md', 'md_gost12_256', ...pair('gost')),
    encode: unpadded,
    asks: { ...code, access_type: 'offline' },
    // It puts the state there too.
    redeems: (state) => ({ ...bearer, refresh_token: state }),
    person: '/ctts',
  }),
};

async function paramsOf(client: Client, more: object, fields: Fields) {
  const { scope, timestamp, state } = fields;
  const client_secret = client.encode(await client.sign(client.message(fields)));
  const common = { client_id: CLIENT_ID, client_secret, redirect_uri: REDIRECT_URI, scope, timestamp, state };
  return new URLSearchParams({ ...common, ...more });
}

test.each(Object.keys(CLIENTS))(
  '%s walks from the authorization request to the person’s data',
  async (name) => {
    const client = CLIENTS[name]!();
    const { url } = scene.simulator;
    const state = randomUUID();
    const asked = { scope: SCOPE, timestamp: client.timestamp(), state, code: '' };
    const authorize = new URL(client.authorize, url);
    authorize.search = (await paramsOf(client, client.asks, asked)).toString();
    const callback = await esiaVisitor(url).signIn(authorize, 'ivanova@example.test');
    expect(callback.origin + callback.pathname, `${callback}`).toBe(REDIRECT_URI);
    expect(callback.searchParams.get('state')).toBe(state);
    const given = callback.searchParams.get('code') ?? '';

    const fresh = client.repeatsState ? state : randomUUID();
    const scope = client.tokenScope ?? SCOPE;
    const body = await paramsOf(
      client,
      { ...client.redeems(fresh), code: given },
      { scope, timestamp: client.timestamp(), state: fresh, code: given },
    );
    const answer = await fetch(new URL(client.token, url), { method: 'POST', body });
    const tokens = (await answer.json()) as Record<string, string>;
    expect(tokens, JSON.stringify(tokens)).toMatchObject({
      state: fresh,
      token_type: 'Bearer',
      expires_in: 3_600,
    });
    await expectSignedByEsia(tokens.id_token);
    await expectSignedByEsia(tokens.access_token);

    const claims = JSON.parse(Buffer.from(tokens.access_token?.split('.')[1] ?? '', 'base64url').toString());
    const get = async (path: string) => {
      const headers = { authorization: `Bearer ${tokens.access_token}`, accept: 'application/json' };
      return (await fetch(new URL(path, url), { headers })).json() as Promise<Record<string, unknown>>;
    };
    const told = await get(`/rs/prns/${claims['urn:esia:sbj_id']}${client.person}`);
    const followed =
      client.person === '/ctts' ? await Promise.all((told.elements as string[]).map(get)) : told;
    expect(JSON.stringify(followed)).toContain(client.person === '' ? 'Иванова' : 'ivanova@example.test');
  },
);

/** By the certificate under /public/, as OpenSSL reads it. */
async function expectSignedByEsia(token = ''): Promise<void> {
  const [head, body, mark = ''] = token.split('.');
  const certificate = await (await fetch(`${scene.simulator.url}/public/esia-gost.cer`)).text();
  const files = { 'esia.cer': certificate, signed: `${head}.${body}`, mark: Buffer.from(mark, 'base64url') };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(tool.folder, name), content);
  await tool.openssl('x509', '-in', 'esia.cer', '-noout', '-pubkey', '-out', 'esia.pub');
  const verified = await tool.openssl(
    'dgst',
    '-md_gost12_256',
    '-verify',
    'esia.pub',
    '-signature',
    'mark',
    'signed',
  );
  expect(verified.toString()).toContain('Verified OK');
}

test('no. 24: fr05t1k/esia 3.1 (PHP), which signs the old string in a CMS for the new address, is refused', async () => {
  const client = { ...CLIENTS['fr05t1k/esia 2 (PHP)']!(), ...NEW };
  const authorize = new URL(client.authorize, scene.simulator.url);
  const fields = { scope: SCOPE, timestamp: perm(), state: randomUUID(), code: '' };
  authorize.search = (await paramsOf(client, { ...client.asks, ...hashed() }, fields)).toString();
  const { headers } = await fetch(authorize, { redirect: 'manual' });
  const refused = new URL(headers.get('location') ?? '').searchParams;
  expect(refused.get('error_description')).toMatch(/^ESIA-007053/);
  expect(scene.simulator.scene.log.all()[0]?.why.join(' ')).toMatch(/CMS, а v2.*порядок v1/);
});
