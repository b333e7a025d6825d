/** The doctor names the one thing that is wrong. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../adapters/clock.ts';
import { streebog256 } from '../../../adapters/signer/gost/streebog.ts';
import { openSigner } from '../../../adapters/signer/open-signer.ts';
import { examineHere } from '../../../adapters/upstream/esia/examine-here.ts';
import { examineThere } from '../../../adapters/upstream/esia/examine-there.ts';
import type { Observation } from '../../../adapters/upstream/esia/observation.ts';
import { ENDPOINTS } from '../../../adapters/upstream/esia/requests.ts';
import type { EsiaSettings } from '../../../adapters/upstream/upstream.ts';
import { type Issued, issueCertificate } from '../../../sandbox/esia/issue-certificate.ts';
import {
  type EsiaScene,
  esiaScene,
  folderWith,
  REDIRECT_URI,
  SCOPE,
  silent,
} from '../../support/esia/esia-scene.ts';

let scene: EsiaScene;
const servers: Server[] = [];
beforeEach(async () => {
  scene = await esiaScene();
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await scene.close();
});

async function listening(server: Server): Promise<string> {
  servers.push(server.listen(0, 'localhost'));
  await once(server, 'listening');
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

const digestOf = (name: string, content: Buffer) => createHash(name).update(content).digest('hex');

async function wrongIn(
  change: Partial<EsiaSettings>,
  redirectUri = REDIRECT_URI,
  portalHash?: string,
): Promise<readonly string[]> {
  return (await examine(change, redirectUri, portalHash)).map(({ area }) => area);
}

async function examine(
  change: Partial<EsiaSettings>,
  redirectUri = REDIRECT_URI,
  portalHash?: string,
): Promise<readonly Observation[]> {
  const settings = { ...scene.settings, ...change };
  const options = {
    signer: openSigner(settings.signer, { clock: systemClock, events: silent }),
    clock: systemClock,
    redirectUri,
    portalHash,
  };
  const here = await examineHere(settings, options);
  const there = here.certificate ? await examineThere(settings, options, here.certificate) : [];
  return [...here.observations, ...there].filter(({ state }) => state !== 'ok');
}

test('nothing is wrong', async () => {
  expect(await wrongIn({})).toEqual([]);
  expect(await wrongIn({ protocol: 'v1' })).toEqual([]);
});

test.each<[string, Partial<EsiaSettings>, readonly string[]]>([
  ['a scope that is not granted', { scope: ['openid', 'fullname', 'inn'] }, ['scope']],
  ['a scope nobody knows', { scope: ['openid', 'nonsense'] }, ['scope']],
  ['no openid', { scope: ['fullname'] }, ['scope']],
  ['another mnemonic', { clientId: 'OTHER' }, ['mnemonic']],
  ['a mnemonic that cannot be', { clientId: 'my-esia' }, ['mnemonic', 'mnemonic']],
  ['ESIA’s certificates missing', { authorityKeys: '/nowhere' }, ['authority', 'authority']],
  ['a host that is not there', { url: 'http://localhost:9' }, ['network']],
  ['no pair at all', { signer: { kind: 'js', folder: '/nowhere' } }, ['key']],
])('%s', async (_what, change, areas) => {
  expect(await wrongIn(change)).toEqual(areas);
});

test('another’s key beside the certificate', async () => {
  const { keyPem } = issueCertificate({ commonName: 'x', kind: 'gost' });
  const folder = folderWith({ a: { ...scene.issued, keyPem } });
  expect(await wrongIn({ signer: { kind: 'js', folder } })).toEqual(['key']);
});

test('an expired certificate', async () => {
  const notAfter = new Date(Date.now() - 24 * 3_600_000);
  const folder = folderWith({ a: issueCertificate({ commonName: 'a', kind: 'gost', notAfter }) });
  expect(await wrongIn({ signer: { kind: 'js', folder } })).toEqual(['certificate']);
});

test('bytes in the order of CryptoPro', async () => {
  const service = createServer(async (request, response) => {
    response.end(scene.issued.sign(await buffer(request)).reverse());
  });
  const url = await listening(service);
  const [found] = await examine({ signer: { kind: 'http', folder: scene.keys, url, reverse: false } });
  expect(found).toMatchObject({ area: 'byte order', text: expect.stringContaining('set «reverse» to true') });
  expect(await wrongIn({ signer: { kind: 'http', folder: scene.keys, url, reverse: true } })).toEqual([]);
});

test('the order of the other protocol', async () => {
  const answers: Readonly<Record<string, string>> = {
    [ENDPOINTS.v1.authorize]: '/login',
    [ENDPOINTS.v2.authorize]: `${REDIRECT_URI}?error=access_denied&error_description=ESIA-007053`,
  };
  const onlyOld = createServer((request, response) => {
    const location = answers[(request.url ?? '').split('?')[0] ?? ''];
    response.writeHead(location ? 302 : 200, location ? { location } : {}).end();
  });
  const [found, ...more] = await examine({ url: await listening(onlyOld) });
  expect(found).toMatchObject({ area: 'layout', advice: 'Set the protocol to v1.' });
  expect(more).toEqual([]);
});

test.each<[string, (issued: Issued) => string, RegExp]>([
  ['SHA-1', ({ certificate }) => digestOf('sha1', certificate.der), /SHA-1/],
  ['SHA-256', ({ certificate }) => digestOf('sha256', certificate.der), /SHA-256/],
  [
    'of the PEM',
    ({ certificatePem }) => streebog256(Buffer.from(certificatePem)).toString('hex'),
    /made of the PEM text/,
  ],
  [
    'of another certificate',
    () => issueCertificate({ commonName: 'x', kind: 'gost' }).certificate.hash,
    /another certificate/,
  ],
])('a hash on the portal that is %s', async (_what, hash, text) => {
  const [found, ...more] = await examine({}, REDIRECT_URI, hash(scene.issued));
  expect(found).toMatchObject({ area: 'hash', text: expect.stringMatching(text) });
  expect(more).toEqual([]);
});

test('the right hash, as people write it', async () => {
  const hash = scene.issued.certificate.hash.toLowerCase().replace(/..(?=.)/g, '$&:');
  expect(await wrongIn({}, REDIRECT_URI, hash)).toEqual([]);
});

test('an unregistered certificate', async () => {
  const folder = folderWith({ a: issueCertificate({ commonName: 'new', kind: 'gost' }) });
  expect(await wrongIn({ signer: { kind: 'js', folder } })).toEqual(['certificate']);
});

test('a certificate that ends soon', async () => {
  const notAfter = new Date(Date.now() + 5 * 24 * 3_600_000);
  const issued = issueCertificate({ commonName: 'soon', kind: 'gost', notAfter });
  await scene.close();
  scene = await esiaScene({ issued });
  expect(await wrongIn({})).toEqual(['certificate']);
});

test('a clock that is off, on the wire and in the headers', async () => {
  scene.simulator.scene.faults.set({ clock: 900 });
  expect(await wrongIn({})).toEqual(['clock', 'clock']);
});

test('an address that is not registered', async () => {
  expect(await wrongIn({}, new URL('https://evil.test/cb'))).toEqual(['redirect']);
});

test('ESIA in trouble', async () => {
  scene.simulator.scene.faults.set({ ac: '503' });
  expect(await wrongIn({})).toEqual(['authorize']);
  scene.simulator.scene.faults.set({ ac: null, te: 'ESIA-007008' });
  expect(await wrongIn({ scope: SCOPE })).toEqual(['token']);
});
