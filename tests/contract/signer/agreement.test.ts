/**
 * Implementations that share no code accept each other's work: our JavaScript, OpenSSL's engine as a command and inside
 * Node, a program, a service, and GnuTLS (checklist no. 2, 3). Signatures are random, so they are verified crosswise;
 * whatever is not random is equal byte for byte.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../adapters/clock.ts';
import { readCertificate } from '../../../adapters/signer/certificate.ts';
import { cmsSignature } from '../../../adapters/signer/cms.ts';
import { openSigner } from '../../../adapters/signer/open-signer.ts';
import type { Signer, SignerSettings } from '../../../adapters/signer/signer.ts';
import { silent } from '../../support/esia/esia-scene.ts';
import { type OpenSsl, opensslWithGost } from '../../support/esia/openssl.ts';

const run = promisify(execFile);
const message = Buffer.from('UNIONIDopenid2026.11.21 12:00:00 +0000https://id.example.test/callback/esia');

let tool: OpenSsl;
let service: Server;
let signers: Readonly<Record<string, Signer>>;
const at = (name: string) => join(tool.folder, name);
const certtool = (...args: string[]) => run('certtool', args, { cwd: tool.folder });

beforeAll(async () => {
  tool = await opensslWithGost();
  await tool.openssl('genpkey', '-algorithm', 'gost2012_256', '-pkeyopt', 'paramset:A', '-out', 'pair.key');
  const certificate = ['-key', 'pair.key', '-out', 'pair.crt', '-days', '2', '-config', 'openssl.cnf'];
  await tool.openssl('req', '-x509', '-new', '-md_gost12_256', ...certificate);
  writeFileSync(at('message'), message);
  copyFileSync(at('pair.key'), at('kept-elsewhere'));

  service = createServer(async (request, response) => {
    writeFileSync(at('asked'), await buffer(request));
    response.end(await tool.openssl('dgst', '-md_gost12_256', '-sign', 'kept-elsewhere', 'asked'));
  }).listen(0, 'localhost');
  await once(service, 'listening');
  const url = `http://localhost:${(service.address() as AddressInfo).port}/`;

  const { folder } = tool;
  const engine = [
    'openssl',
    'dgst',
    '-engine',
    'gost',
    '-md_gost12_256',
    '-sign',
    at('kept-elsewhere'),
  ] as const;
  const kinds: readonly SignerSettings[] = [
    { kind: 'js', folder },
    { kind: 'engine', folder, openssl: 'openssl', engine: 'gost' },
    { kind: 'command', folder, command: [...engine], reverse: false },
    { kind: 'http', folder, url, reverse: false },
  ];
  const options = { clock: systemClock, events: silent, timeoutMilliseconds: 20_000 };
  signers = Object.fromEntries(kinds.map((settings) => [settings.kind, openSigner(settings, options)]));
});
afterAll(() => void service.close());

test.each(['js', 'engine', 'command', 'http'])(
  'no. 2: what %s signs, raw and as CMS, OpenSSL and GnuTLS verify; all but the signature is the same',
  async (kind) => {
    const signer = signers[kind]!;
    const { signature, certificate } = await signer.sign(message);
    expect(certificate.verify(message, signature)).toBe(true);
    writeFileSync(at('signature'), signature);
    await tool.openssl('x509', '-in', 'pair.crt', '-noout', '-pubkey', '-out', 'pair.pub');
    const verify = ['dgst', '-md_gost12_256', '-verify', 'pair.pub', '-signature', 'signature', 'message'];
    expect((await tool.openssl(...verify)).toString()).toContain('Verified OK');

    const time = new Date('2026-11-21T12:00:00Z');
    for (const attributesAt of [undefined, time]) {
      const cms = await cmsSignature(signer, message, attributesAt);
      expect(cms.subarray(0, -64)).toEqual(
        (await cmsSignature(signers.js!, message, attributesAt)).subarray(0, -64),
      );
      writeFileSync(at('cms'), cms);
      const files = ['--inder', '--infile', 'cms', '--load-certificate', 'pair.crt', '--load-data'];
      const { stdout, stderr } = await certtool('--p7-verify', ...files, 'message');
      expect(stdout + stderr).toContain('Signature status: ok');
      await expect(certtool('--p7-verify', ...files, 'pair.crt')).rejects.toThrow(/verification failed/);
    }
  },
);

test('no. 3: GnuTLS computes the same hash of the certificate', async () => {
  const { stdout } = await certtool('--fingerprint', '--hash', 'streebog-256', '--infile', 'pair.crt');
  expect(readCertificate(readFileSync(at('pair.crt'))).hash).toBe(stdout.trim().toUpperCase());
});

test('no. 2: OpenSSL’s engine loaded into Node signs what we verify, and verifies what we sign', async () => {
  const [, folder = ''] = /"(.+)"/.exec((await tool.openssl('version', '-e')).toString()) ?? [];
  const { signature, certificate } = await signers.js!.sign(message);
  const program = `
    const { readFileSync } = require('node:fs');
    const crypto = require('node:crypto');
    crypto.setEngine(${JSON.stringify(join(folder, 'gost.so'))});
    const [message, key, certificate, theirs] = JSON.parse(process.argv[1]).map((part) => Buffer.from(part, 'base64'));
    const { publicKey } = new crypto.X509Certificate(certificate);
    console.log(JSON.stringify({
      signature: crypto.sign('md_gost12_256', message, key).toString('hex'),
      verified: crypto.verify('md_gost12_256', message, publicKey, theirs),
      hash: crypto.createHash('md_gost12_256').update(certificate).digest('hex').toUpperCase(),
    }));
  `;
  const parts = [message, readFileSync(at('pair.key')), certificate.der, signature];
  const told = JSON.stringify(parts.map((part) => part.toString('base64')));
  const { stdout } = await run(process.execPath, ['--no-deprecation', '--eval', program, told]);
  const { signature: theirs, verified, hash } = JSON.parse(stdout) as Record<string, string>;
  expect(certificate.verify(message, Buffer.from(theirs ?? '', 'hex'))).toBe(true);
  expect(verified).toBe(true);
  expect(hash).toBe(certificate.hash);
});
