/** Signers that stand outside the process: what they may learn, how they fail, and how many are asked at once. */
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { openSigner } from '../../../../adapters/signer/open-signer.ts';
import type { SignerSettings } from '../../../../adapters/signer/signer.ts';
import { issueCertificate } from '../../../../sandbox/esia/issue-certificate.ts';
import { localhostCertificate } from '../../../support/certificate.ts';
import { folderWith } from '../../../support/esia/esia-scene.ts';

const DAY_MS = 24 * 3_600_000;
const gost = issueCertificate({ commonName: 'system', kind: 'gost' });
const message = Buffer.from('openid2026.11.21 12:00:00 +0000UNIONID');

function open(settings: SignerSettings, now = () => new Date(), timeoutMilliseconds = 5_000) {
  const events = { signed: vi.fn(), pairRefused: vi.fn(), pairExpiring: vi.fn() };
  return { signer: openSigner(settings, { clock: { now }, events, timeoutMilliseconds }), events };
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A program that signs as the engine does, and leaves a note of all it was told beside its input. */
function notingProgram(): { program: string; notes(): string } {
  const folder = mkdtempSync(join(tmpdir(), 'signing-'));
  const program = join(folder, 'program.mjs');
  const signer = new URL('../../../../adapters/signer/', import.meta.url).href;
  writeFileSync(join(folder, 'key.pem'), gost.keyPem);
  writeFileSync(
    program,
    `#!${process.execPath}
    import { appendFileSync, readFileSync } from 'node:fs';
    import { readGostPrivateKey } from '${signer}private-key.ts';
    import { signDigest } from '${signer}gost/signature.ts';
    import { streebog256 } from '${signer}gost/streebog.ts';
    appendFileSync('${folder}/notes', JSON.stringify([process.argv, process.env]));
    const { curve, value } = readGostPrivateKey(readFileSync('${folder}/key.pem', 'utf8'));
    process.stdout.write(signDigest(curve, value, streebog256(readFileSync(0))));`,
  );
  chmodSync(program, 0o700);
  return { program, notes: () => readFileSync(join(folder, 'notes'), 'utf8') };
}

test.each(['engine', 'command'] as const)(
  'no. 9: %s: neither the key nor the message is in the arguments or the environment',
  async (kind) => {
    const { program, notes } = notingProgram();
    const folder = folderWith({ pair: gost });
    const settings: SignerSettings =
      kind === 'engine'
        ? { kind, folder, openssl: program, engine: 'gost' }
        : { kind, folder, command: [program, '--pair', '{name}'], reverse: false };
    const { signature } = await open(settings).signer.sign(message);
    expect(gost.certificate.verify(message, signature)).toBe(true);
    expect(notes()).toContain(kind === 'engine' ? join(folder, 'pair.key') : '"--pair","pair"');
    for (const line of gost.keyPem.split('\n').slice(1, -2)) expect(notes()).not.toContain(line);
    expect(notes()).not.toContain(message.toString());
  },
);

test.each([
  ['ends with a code', ['sh', '-c', 'echo "the PIN is 12345678" >&2; exit 3']],
  ['is killed', ['sh', '-c', 'kill -9 $$']],
] as const)(
  'no. 9: a program that %s: unavailable, and none of its words are repeated',
  async (_what, command) => {
    const { signer, events } = open({
      kind: 'command',
      folder: folderWith({ pair: gost }),
      command: [...command],
      reverse: false,
    });
    const thrown = await signer.sign(message).catch((error: Error) => error);
    expect(thrown).toMatchObject({
      name: 'SignerUnavailable',
      message: expect.stringContaining('«sh» ended with'),
    });
    expect(String(thrown)).not.toContain('12345678');
    expect(events.signed).toHaveBeenCalledExactlyOnceWith('command', 'unavailable', expect.any(Number));
  },
);

test('no. 9: after three failures in a row nobody waits for the signer, until a few seconds have passed', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  closing.push(() => vi.useRealTimers());
  let asked = 0;
  let isWell = false;
  const server = createServer(async (request, response) => {
    asked += 1;
    response.statusCode = isWell ? 200 : 503;
    response.end(gost.sign(await buffer(request)));
  }).listen(0, 'localhost');
  closing.push(() => server.close());
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  const { signer } = open({ kind: 'http', folder: folderWith({ pair: gost }), url, reverse: false });
  for (let turn = 0; turn < 5; turn += 1) {
    await expect(signer.sign(message)).rejects.toMatchObject({ name: 'SignerUnavailable' });
  }
  expect(asked).toBe(3);
  await expect(signer.sign(message)).rejects.toThrow('tried again in a few seconds');
  isWell = true;
  vi.setSystemTime(Date.now() + 6_000);
  expect((await signer.sign(message)).signature).toHaveLength(64);
});

test('no. 9: few are asked at once, the others wait; too many are refused at once', async () => {
  let running = 0;
  let most = 0;
  let release: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isFirst = true;
  const server = createServer(async (request, response) => {
    running += 1;
    most = Math.max(most, running);
    const body = await buffer(request);
    if (!isFirst) await opened;
    isFirst = false;
    running -= 1;
    response.end(gost.sign(body));
  }).listen(0, 'localhost');
  closing.push(() => server.close());
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  const { signer } = open(
    { kind: 'http', folder: folderWith({ pair: gost }), url, reverse: false },
    undefined,
    30_000,
  );
  await signer.check();
  const asked = Array.from({ length: 110 }, () => signer.sign(message));
  const refused = asked
    .slice(104)
    .map((each) => expect(each).rejects.toThrow('Too many signatures are waiting'));
  await Promise.all(refused);
  release();
  const signed = await Promise.all(asked.slice(0, 104));
  expect(signed.every(({ signature }) => gost.certificate.verify(message, signature))).toBe(true);
  expect(most).toBeLessThanOrEqual(4);
});

test.each([false, true])('a service over mutual TLS, reverse: %s', async (reverse) => {
  const [own, theirs] = [localhostCertificate(), localhostCertificate()];
  const folder = mkdtempSync(join(tmpdir(), 'signing-'));
  const put = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const server = createTlsServer(
    { ...theirs, ca: own.cert, requestCert: true, rejectUnauthorized: true },
    async (request, response) => {
      const signature = gost.sign(await buffer(request));
      response.end(reverse ? signature.reverse() : signature);
    },
  ).listen(0, 'localhost');
  closing.push(() => server.close());
  await once(server, 'listening');
  const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  const certificates = { certificate: put('own.crt', own.cert), key: put('own.pem', own.key) };
  const keys = folderWith({ pair: gost });
  const trusted = { ...certificates, ca: put('ca.crt', theirs.cert) };
  const { signature } = await open({ kind: 'http', folder: keys, url, reverse, tls: trusted }).signer.sign(
    message,
  );
  expect(gost.certificate.verify(message, signature)).toBe(true);
  const { signer } = open({ kind: 'http', folder: keys, url, reverse, tls: certificates });
  await expect(signer.sign(message)).rejects.toMatchObject({ name: 'SignerUnavailable' });
  server.closeAllConnections();
});

test('a certificate that ends within a month is told of once a day, until a later one is there', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  closing.push(() => vi.useRealTimers());
  const start = Date.now();
  const ending = issueCertificate({ commonName: 'a', kind: 'gost', notAfter: new Date(start + 20 * DAY_MS) });
  const folder = folderWith({ ending });
  let now = start;
  const { signer, events } = open({ kind: 'js', folder }, () => new Date(now));
  for (const passed of [0, 1 / 24, 1, 1.5, 2]) {
    now = start + passed * DAY_MS;
    await signer.sign(message);
  }
  expect(events.pairExpiring.mock.calls).toEqual([1, 2, 3].map(() => [ending.certificate.notAfter]));
  const notBefore = new Date(start + DAY_MS);
  folderWith({ next: issueCertificate({ commonName: 'b', kind: 'gost', notBefore }) }, folder);
  vi.advanceTimersByTime(3_000);
  now = start + 4 * DAY_MS;
  await signer.sign(message);
  expect(events.pairExpiring).toHaveBeenCalledTimes(3);
});
