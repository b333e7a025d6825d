/** OpenSSL's GOST engine and our own code accept each other's certificates, hashes, signatures and CMS (checklist no. 2, 3, 8). */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../adapters/clock.ts';
import { readCertificate } from '../../../adapters/signer/certificate.ts';
import { cmsSignature } from '../../../adapters/signer/cms.ts';
import { streebog256 } from '../../../adapters/signer/gost/streebog.ts';
import { openSigner } from '../../../adapters/signer/open-signer.ts';
import { issueCertificate } from '../../../sandbox/esia/issue-certificate.ts';
import { readCms } from '../../../sandbox/esia/read-cms.ts';
import { silent } from '../../support/esia/esia-scene.ts';
import { type OpenSsl, opensslWithGost } from '../../support/esia/openssl.ts';

let tool: OpenSsl;
beforeAll(async () => {
  tool = await opensslWithGost();
});

const message = Buffer.from(
  'openid fullname2026.11.21 12:00:00 +0000UNIONID3f2504e0-4f89-41d3-9a0c-0305e82c3301',
);
const put = (name: string, content: string | Uint8Array) => writeFileSync(join(tool.folder, name), content);
const take = (name: string) => readFileSync(join(tool.folder, name));
const signerOf = (kind: 'js' | 'engine') =>
  openSigner(
    kind === 'js'
      ? { kind, folder: tool.folder }
      : { kind, folder: tool.folder, openssl: 'openssl', engine: 'gost' },
    { clock: systemClock, events: silent },
  );

test('Streebog agrees, byte for byte, at every length around its blocks', async () => {
  for (const length of [0, 1, 31, 32, 63, 64, 65, 127, 128, 129, 1_000, 10_000]) {
    const content = randomBytes(length);
    put('content', content);
    const told = await tool.openssl('dgst', '-md_gost12_256', '-binary', 'content');
    expect(streebog256(content).toString('hex'), `${length} bytes`).toBe(told.toString('hex'));
  }
});

describe.each([
  ['A', '1.2.643.2.2.35.1'],
  ['B', '1.2.643.2.2.35.2'],
  ['C', '1.2.643.2.2.35.3'],
  ['TCA', '1.2.643.7.1.2.1.1.1'],
])('parameter set %s', (set, curve) => {
  beforeAll(async () => {
    await tool.openssl(
      'genpkey',
      '-algorithm',
      'gost2012_256',
      '-pkeyopt',
      `paramset:${set}`,
      '-out',
      'pair.key',
    );
    await tool.openssl(
      'req',
      '-x509',
      '-new',
      '-md_gost12_256',
      '-key',
      'pair.key',
      '-out',
      'pair.crt',
      '-days',
      '2',
      '-config',
      'openssl.cnf',
    );
    put('message', message);
  });

  test('no. 3: the certificate hash is that of OpenSSL', async () => {
    await tool.openssl('x509', '-in', 'pair.crt', '-outform', 'DER', '-out', 'pair.bin');
    const told = await tool.openssl('dgst', '-md_gost12_256', '-binary', 'pair.bin');
    expect(readCertificate(take('pair.crt')).hash).toBe(told.toString('hex').toUpperCase());
  });

  test.each(['js', 'engine'] as const)('no. 2: what %s signs, OpenSSL and we accept', async (kind) => {
    const { signature, certificate } = await signerOf(kind).sign(message);
    expect(signature).toHaveLength(64);
    expect(certificate.verify(message, signature)).toBe(true);
    put('signature', signature);
    await tool.openssl('x509', '-in', 'pair.crt', '-noout', '-pubkey', '-out', 'pair.pub');
    const told = await tool.openssl(
      'dgst',
      '-md_gost12_256',
      '-verify',
      'pair.pub',
      '-signature',
      'signature',
      'message',
    );
    expect(told.toString()).toContain('Verified OK');
    put('signature', Buffer.from(signature).reverse());
    await expect(
      tool.openssl('dgst', '-md_gost12_256', '-verify', 'pair.pub', '-signature', 'signature', 'message'),
    ).rejects.toThrow();
  });

  test.each([undefined, new Date()])(
    'no. 2: OpenSSL accepts our CMS, signed attributes at %s',
    async (at) => {
      put('ours.cms', await cmsSignature(signerOf('js'), message, at));
      const verify = [
        'cms',
        '-verify',
        '-binary',
        '-inform',
        'DER',
        '-in',
        'ours.cms',
        '-CAfile',
        'pair.crt',
        '-purpose',
        'any',
      ];
      await tool.openssl(...verify, '-content', 'message', '-out', 'verified');
      expect(take('verified')).toEqual(message);
      put('other', 'another message');
      await expect(tool.openssl(...verify, '-content', 'other', '-out', 'verified')).rejects.toThrow();
    },
  );

  test.each([[['-noattr']], [[]]])(
    'no. 2: we accept its CMS %j, and without attributes ours differs in the signature alone',
    async (more) => {
      await tool.openssl(
        'cms',
        '-sign',
        '-binary',
        ...more,
        '-outform',
        'DER',
        '-md',
        'md_gost12_256',
        '-signer',
        'pair.crt',
        '-inkey',
        'pair.key',
        '-in',
        'message',
        '-out',
        'theirs.cms',
      );
      const theirs = take('theirs.cms');
      const certificate = readCertificate(take('pair.crt'));
      expect(readCms(theirs)?.verifies(message, certificate)).toBe(true);
      expect(readCms(theirs)?.verifies(Buffer.from('another'), certificate)).toBe(false);
      if (more.length === 0) return;
      const ours = await cmsSignature(signerOf('js'), message);
      expect(ours.subarray(0, -64)).toEqual(theirs.subarray(0, -64));
    },
  );

  test('OpenSSL takes the certificates and keys the sandbox makes', async () => {
    const issued = issueCertificate({ commonName: 'Стенд «Ёлка»', kind: 'gost', curve });
    put('made.pem', issued.certificatePem);
    put('made.secret', issued.keyPem);
    expect((await tool.openssl('verify', '-CAfile', 'made.pem', 'made.pem')).toString()).toContain('OK');
    const signature = await tool.openssl('dgst', '-md_gost12_256', '-sign', 'made.secret', 'message');
    expect(issued.certificate.verify(message, signature)).toBe(true);
  });
});

test('an engine that is not there is named in a sentence', async () => {
  const signer = openSigner(
    { kind: 'engine', folder: tool.folder, openssl: 'openssl', engine: 'no-such-engine' },
    { clock: systemClock, events: silent },
  );
  await expect(signer.check()).rejects.toThrow(
    /finds no engine «no-such-engine»\. Install libengine-gost-openssl/,
  );
});
