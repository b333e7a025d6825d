/** The relying party with the simulator in every mood: no. 8, 9, 14–16, 18, 20 and 21 of the checklist. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { UpstreamFault } from '../../../adapters/upstream/upstream.ts';
import { issueCertificate } from '../../../sandbox/esia/issue-certificate.ts';
import {
  type EsiaScene,
  esiaScene,
  esiaVisitor,
  folderWith,
  publishTo,
  REDIRECT_URI,
  signInAt,
} from '../../support/esia/esia-scene.ts';

let scene: EsiaScene;
beforeAll(async () => {
  scene = await esiaScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.simulator.scene.faults.mend());

async function prove(login = 'ivanova@example.test', change: Parameters<EsiaScene['open']>[0] = {}) {
  const upstream = scene.open(change);
  const { callback, state, secret } = await signInAt(scene, upstream, login);
  return upstream.complete(callback, state, secret);
}
const set = (change: object) => void scene.simulator.scene.faults.set(change);

test.each([
  ['string-sub', {}],
  ['string-expires-in', {}],
  ['auth-time-ms', { auth_time: expect.toSatisfy((value: number) => value < 1e11) }],
  ['unknown-amr', { amr: 'BIO' }],
  ['no-is-tru', { trusted: false }],
  ['record-without-trusted', { trusted: true }],
  ['record-not-trusted', { trusted: false }],
])('no. 13, no. 14, no. 15: %s is tolerated', async (quirk, claims) => {
  set({ quirk });
  expect(await prove()).toMatchObject({
    subject: '1000000101',
    claims: { family_name: 'Иванова', ...claims },
  });
});

test.each([
  ['kovalev@example.test', { claims: { trusted: false } }],
  ['e02@example.test', { claims: expect.not.objectContaining({ snils: expect.anything() }) }],
  ['000-000-600 03', { refused: 'child' }],
  ['e04@example.test', { claims: expect.not.objectContaining({ middle_name: expect.anything() }) }],
  ['000-000-600 05', { claims: expect.not.objectContaining({ email: expect.anything() }) }],
  ['000-000-600 06', { claims: { email: 'ivanova@example.test', email_verified: false } }],
  ['e07@example.test', { verifiedEmail: 'e07@example.test' }],
  ['belova@example.test', { claims: { family_name: 'Чернова' } }],
])('no. 14, no. 38: %s', async (login, answer) => {
  const proof = await prove(login);
  expect(proof).toMatchObject(answer);
  if (login === '000-000-600 06') expect(proof).not.toHaveProperty('verifiedEmail');
});

test('only the confirmed come through where that is set; electronic signature is told', async () => {
  expect(await prove('kovalev@example.test', { confirmedOnly: true })).toEqual({ refused: 'unconfirmed' });
  const upstream = scene.open();
  const state = randomUUID();
  const { url, secret } = await upstream.begin({ redirectUri: REDIRECT_URI, state });
  const callback = await esiaVisitor(scene.simulator.url).signIn(url, 'ivanova@example.test', {
    way: 'signature',
  });
  expect(await upstream.complete(callback, state, secret)).toMatchObject({ claims: { amr: 'DS' } });
});

test('v1 with signed attributes, and with scope_org in v2', async () => {
  expect(await prove(undefined, { protocol: 'v1', signedAttributes: true })).toHaveProperty('subject');
  expect(await prove(undefined, { scopeOrg: 'org_shortname' })).toHaveProperty('subject');
});

test('no. 16: a key of ESIA’s that nobody knows is not trusted; once in the folder, it works without a restart', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const upstream = scene.open();
  const prove = async () => {
    const { callback, state, secret } = await signInAt(scene, upstream, 'ivanova@example.test');
    return upstream.complete(callback, state, secret);
  };
  expect(await prove()).toHaveProperty('subject');
  scene.simulator.scene.authority.rotate();
  await expect(prove()).rejects.toMatchObject({ kind: 'untrusted', code: 'id_token_signature' });
  publishTo(scene.authorityKeys, scene.simulator);
  vi.advanceTimersByTime(3_000);
  expect(await prove()).toHaveProperty('subject');
  vi.useRealTimers();
});

test.each(['hang', 'reset', '503', '502-html', 'empty', 'truncated', 'garbage', 'huge'])(
  'no. 18: the person service %s: an outage in time',
  async (rs) => {
    set({ rs });
    const started = performance.now();
    await expect(prove()).rejects.toMatchObject({ kind: 'outage' });
    expect(performance.now() - started).toBeLessThan(3_000);
  },
);

test.each(['ESIA-007007', 'ESIA-007008'])('no. 17: %s at the token endpoint is an outage', async (te) => {
  set({ te });
  await expect(prove()).rejects.toMatchObject({ kind: 'outage', code: te });
});

test.each([
  'other-subject',
  'other-client',
  'wrong-sbt',
  'no-id-token',
  'wrong-state',
  'flipped-bit',
  'reversed-signature',
  'alg-hs256',
  'other-alg',
  'not-yet-valid',
])('no. 10, no. 11, no. 12, no. 13: tokens with %s are not trusted', async (tokens) => {
  set({ tokens });
  await expect(prove(undefined, { tokenAlgorithms: ['GOST3410_2012_256'] })).rejects.toMatchObject({
    kind: 'untrusted',
  });
});

test('a clock ten minutes off is our fault to mend, or not to be trusted, but never a person', async () => {
  set({ clock: 600 });
  const thrown = await prove().catch((error: UpstreamFault) => error);
  expect(thrown).toMatchObject({ kind: 'ours', code: 'ESIA-007015' });
});

describe('no. 20: the profile', () => {
  test('contacts that stay addresses are followed; links to another host never', async () => {
    set({ ignoreEmbed: true });
    expect(await prove()).toMatchObject({ verifiedEmail: 'ivanova@example.test' });
    set({ foreignLinks: true });
    const proof = await prove();
    expect(proof).toMatchObject({ claims: { family_name: 'Иванова' } });
    expect(proof).not.toHaveProperty('verifiedEmail');
  });
  test('a scope without data leaves claims out', async () => {
    const proof = await prove(undefined, { scope: ['openid'] });
    expect(proof).toMatchObject({ claims: { trusted: true } });
    expect(Object.keys((proof as { claims: object }).claims).sort()).toEqual(['amr', 'auth_time', 'trusted']);
  });
});

test('no. 18: a connection that breaks before an answer is tried once more, and only once', async () => {
  let connections = 0;
  const server = createServer((request, response) => {
    connections += 1;
    if (connections === 1) request.socket.destroy();
    else response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  await expect(scene.open({ url }).probe()).rejects.toMatchObject({ kind: 'outage', code: 'probe_503' });
  expect(connections).toBe(2);
  server.close();
});

test('no. 8, no. 9: a signer that is wrong or silent: a fault with a sentence, without the key', async () => {
  const stranger = issueCertificate({ commonName: 'x', kind: 'gost' });
  const folder = folderWith({ a: { ...scene.issued, keyPem: stranger.keyPem } });
  const begin = (signer: Parameters<typeof scene.open>[0]) =>
    scene.open(signer).begin({ redirectUri: REDIRECT_URI, state: randomUUID() });
  await expect(begin({ signer: { kind: 'js', folder } })).rejects.toMatchObject({
    kind: 'ours',
    code: 'signer_misconfigured',
    message: expect.stringMatching(/The key is not that of the certificate/),
  });
  await expect(
    begin({ signer: { kind: 'command', folder: scene.keys, command: ['false'], reverse: false } }),
  ).rejects.toMatchObject({ kind: 'outage', code: 'signer_unavailable' });
  await expect(scene.open({ signer: { kind: 'js', folder } }).check()).rejects.toThrow(/not that of/);
});

test('no. 5: state is a UUID of version 4 or nothing is sent', async () => {
  await expect(scene.open().begin({ redirectUri: REDIRECT_URI, state: 'short' })).rejects.toThrow(RangeError);
});

test('no. 21: signing out there uses redirect_url', () => {
  const url = scene.open().signOutUrl(new URL('https://id.example.test/out'));
  expect(url.href).toBe(
    `${scene.simulator.url}/idp/ext/Logout?client_id=UNIONID&redirect_url=https%3A%2F%2Fid.example.test%2Fout`,
  );
});

test('RSA stands in for GOST where the sandbox is told to take it', async () => {
  const issued = issueCertificate({ commonName: 'system', kind: 'rsa' });
  const own = await esiaScene({ issued });
  for (const protocol of ['v1', 'v2'] as const) {
    const upstream = own.open({ protocol, signer: { kind: 'rsa', folder: own.keys } });
    const { callback, state, secret } = await signInAt(own, upstream, 'ivanova@example.test');
    expect(await upstream.complete(callback, state, secret)).toHaveProperty('subject');
  }
  await own.close();
});
