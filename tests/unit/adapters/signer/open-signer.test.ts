/** Choosing, trying out and replacing pairs of key and certificate; every way of signing; what is said when it fails. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { cmsSignature } from '../../../../adapters/signer/cms.ts';
import { openSigner } from '../../../../adapters/signer/open-signer.ts';
import type { SignerSettings } from '../../../../adapters/signer/signer.ts';
import { issueCertificate } from '../../../../sandbox/esia/issue-certificate.ts';
import { readCms } from '../../../../sandbox/esia/read-cms.ts';
import { folderWith } from '../../../support/esia/esia-scene.ts';

const NOW = new Date();
const DAY_MS = 24 * 3_600_000;
const days = (count: number) => new Date(NOW.getTime() + count * DAY_MS);
const clock = { now: () => NOW };
const message = Buffer.from('openid2026.11.21 12:00:00 +0000UNIONID');
const gost = issueCertificate({ commonName: 'system', kind: 'gost' });

function open(settings: SignerSettings, timeoutMilliseconds = 3_000) {
  const events = { signed: vi.fn(), pairRefused: vi.fn(), pairExpiring: vi.fn() };
  return { signer: openSigner(settings, { clock, events, timeoutMilliseconds }), events };
}

afterEach(() => void vi.useRealTimers());

test.each([
  ['js', 'gost'],
  ['rsa', 'rsa'],
] as const)('%s: signs what its certificate verifies, and counts it', async (kind, of) => {
  const { signer, events } = open({
    kind,
    folder: folderWith({ a: issueCertificate({ commonName: 'a', kind: of }) }),
  });
  const { signature, certificate } = await signer.sign(message);
  expect(certificate.verify(message, signature)).toBe(true);
  expect(certificate.hash).toMatch(/^[0-9A-F]{64}$/);
  expect(events.signed).toHaveBeenCalledExactlyOnceWith(kind, 'success', expect.any(Number));
});

test.each([undefined, NOW])(
  'CMS, detached, signed attributes at %s: verifies with the certificate inside',
  async (at) => {
    const { signer } = open({ kind: 'js', folder: folderWith({ a: gost }) });
    const cms = readCms(await cmsSignature(signer, message, at));
    expect(cms).toMatchObject({ attached: undefined, attributes: at !== undefined });
    expect(cms?.certificate?.der).toEqual(gost.certificate.der);
    expect(cms?.verifies(message, gost.certificate)).toBe(true);
    expect(cms?.verifies(Buffer.from('another'), gost.certificate)).toBe(false);
  },
);

const refusals: [string, () => SignerSettings, RegExp][] = [
  ['no folder', () => ({ kind: 'js', folder: '/nowhere' }), /folder \/nowhere cannot be read \(ENOENT\)/],
  ['an empty folder', () => ({ kind: 'js', folder: folderWith({}) }), /holds no certificate \(\*\.crt\)/],
  [
    'an expired certificate',
    () => ({
      kind: 'js',
      folder: folderWith({ a: issueCertificate({ commonName: 'a', kind: 'gost', notAfter: days(-1) }) }),
    }),
    /a\.crt expired on /,
  ],
  [
    'a certificate of tomorrow',
    () => ({
      kind: 'js',
      folder: folderWith({ a: issueCertificate({ commonName: 'a', kind: 'gost', notBefore: days(1) }) }),
    }),
    /a\.crt is not valid before /,
  ],
  [
    'another’s key',
    () => {
      const folder = folderWith({ a: gost });
      writeFileSync(join(folder, 'a.key'), issueCertificate({ commonName: 'b', kind: 'gost' }).keyPem);
      return { kind: 'js', folder };
    },
    /The key is not that of the certificate .*a\.crt/,
  ],
  [
    'no key beside the certificate',
    () => {
      const folder = folderWith({ a: gost });
      rmSync(join(folder, 'a.key'));
      return { kind: 'js', folder };
    },
    /No key beside .*a\.crt/,
  ],
  [
    'an RSA key for GOST',
    () => ({ kind: 'js', folder: folderWith({ a: issueCertificate({ commonName: 'a', kind: 'rsa' }) }) }),
    /is for RS256, this signer makes GOST3410_2012_256/,
  ],
  [
    'a file that is no key',
    () => {
      const folder = folderWith({ a: gost });
      writeFileSync(join(folder, 'a.key'), 'a secret in clear');
      return { kind: 'js', folder };
    },
    /not a private key in unencrypted PKCS#8/,
  ],
  ['a file that is no certificate', () => ({ kind: 'js', folder: nonsense() }), /not an X\.509 certificate/],
  [
    'a program that is not there',
    () => ({ kind: 'command', folder: folderWith({ a: gost }), command: ['/nowhere/sign'], reverse: false }),
    /«\/nowhere\/sign» cannot be started \(ENOENT\)/,
  ],
  [
    'a program that answers in hexadecimal',
    () => ({
      kind: 'command',
      folder: folderWith({ a: gost }),
      command: script('console.log("ab".repeat(64))'),
      reverse: false,
    }),
    /has 64 raw bytes; the signer gave 129/,
  ],
];

test.each(refusals)(
  'no. 8: %s: refused at the start, with a sentence and without the key',
  async (_what, settings, sentence) => {
    const { signer, events } = open(settings());
    const thrown = await signer.check().catch((error: Error) => error);
    expect(thrown).toMatchObject({ name: 'SignerMisconfigured', message: expect.stringMatching(sentence) });
    expect((thrown as Error).message).not.toContain('a secret in clear');
    await expect(signer.sign(message)).rejects.toThrow(sentence);
    expect(events.signed).toHaveBeenCalledWith(settings().kind, 'misconfigured', expect.any(Number));
  },
);

test('a new pair is taken up without a restart; a bad one is told of and passed over', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const old = issueCertificate({ commonName: 'old', kind: 'gost', notBefore: days(-300) });
  const folder = folderWith({ old });
  const { signer, events } = open({ kind: 'js', folder });
  const hashNow = async () => (await signer.sign(message)).certificate.hash;
  expect(await hashNow()).toBe(old.certificate.hash);

  const bad = issueCertificate({ commonName: 'bad', kind: 'gost', notBefore: days(-2) });
  folderWith({ bad: { ...bad, keyPem: old.keyPem } }, folder);
  vi.advanceTimersByTime(3_000);
  expect(await hashNow()).toBe(old.certificate.hash);
  expect(events.pairRefused).toHaveBeenCalledWith(expect.stringMatching(/bad\.crt/));

  const next = issueCertificate({ commonName: 'next', kind: 'gost', notBefore: days(-1) });
  folderWith({ next }, folder);
  vi.advanceTimersByTime(3_000);
  expect(await hashNow()).toBe(next.certificate.hash);

  rmSync(join(folder, 'next.crt'));
  utimesSync(folder, NOW, NOW);
  vi.advanceTimersByTime(3_000);
  expect(await hashNow()).toBe(old.certificate.hash);
});

/** A program that signs as `order` leaves the bytes, through the very code under test. */
function signingProgram(order: string): [string, ...string[]] {
  const keyFile = join(mkdtempSync(join(tmpdir(), 'esia-')), 'key.pem');
  writeFileSync(keyFile, gost.keyPem);
  const signer = new URL('../../../../adapters/signer/', import.meta.url).href;
  return script(`
    const { readFileSync } = await import('node:fs');
    const { readGostPrivateKey } = await import('${signer}private-key.ts');
    const { signDigest } = await import('${signer}gost/signature.ts');
    const { streebog256 } = await import('${signer}gost/streebog.ts');
    const { curve, value } = readGostPrivateKey(readFileSync('${keyFile}', 'utf8'));
    const signature = signDigest(curve, value, streebog256(readFileSync(0)));
    process.stdout.write(${order});
  `);
}

function script(text: string): [string, ...string[]] {
  return [process.execPath, '--input-type=module', '--eval', text];
}

function nonsense(): string {
  const folder = folderWith({});
  writeFileSync(join(folder, 'a.crt'), 'nonsense');
  return folder;
}

test.each([
  ['signature', false, undefined],
  ['signature.reverse()', true, undefined],
  ['signature.reverse()', false, /from the other end, as CryptoPro does: set «reverse»/],
  ['Buffer.concat([signature.subarray(32), signature.subarray(0, 32)])', false, /r before s/],
])('no. 8: a program that writes %s, reverse: %s', async (order, reverse, sentence) => {
  const { signer } = open({
    kind: 'command',
    folder: folderWith({ a: gost }),
    command: signingProgram(order),
    reverse,
  });
  if (sentence) await expect(signer.check()).rejects.toThrow(sentence);
  else expect((await signer.sign(message)).signature).toHaveLength(64);
});

test('no. 9: a program that never ends: unavailable in time', async () => {
  const { signer } = open(
    { kind: 'command', folder: folderWith({ a: gost }), command: ['sleep', '30'], reverse: false },
    200,
  );
  const started = performance.now();
  await expect(signer.sign(message)).rejects.toMatchObject({ name: 'SignerUnavailable' });
  expect(performance.now() - started).toBeLessThan(1_500);
});

test('no. 9: a service signs; away, slow or wrong it is unavailable', async () => {
  let behaviour: 'sign' | '500' | 'hang' = 'sign';
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const body = await buffer(request);
    if (behaviour === 'hang') return;
    response.statusCode = behaviour === '500' ? 500 : 200;
    response.end(gost.sign(body));
  }).listen(0, 'localhost');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}/sign/{name}`;
  const { signer } = open({ kind: 'http', folder: folderWith({ 'a b': gost }), url, reverse: false }, 300);
  expect((await signer.sign(message)).signature).toHaveLength(64);
  expect(asked[0]).toBe('POST /sign/a%20b');
  for (const broken of ['500', 'hang'] as const) {
    behaviour = broken;
    await expect(signer.sign(message)).rejects.toMatchObject({ name: 'SignerUnavailable' });
  }
  server.closeAllConnections();
  server.close();
  await expect(signer.sign(message)).rejects.toMatchObject({ name: 'SignerUnavailable' });
});
