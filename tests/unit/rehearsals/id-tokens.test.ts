import { createHmac } from 'node:crypto';
import { type CryptoKey, exportSPKI, importJWK, type JWK, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  idToken,
  publicJwk,
  REHEARSAL_ALGORITHMS,
  rehearsalKey,
} from '../../../provider/rehearsals/id-tokens.ts';
import { type RehearsalCase, WRONG_TOKENS } from '../../../provider/rehearsals/rehearsal-cases.ts';

const now = new Date('2026-11-21T12:00:00Z');
const facts = { issuer: 'https://id.test/rehearsal/1', clientId: 'acme', nonce: 'n-1', now };

describe.each(REHEARSAL_ALGORITHMS)('%s', async (algorithm) => {
  const key = await rehearsalKey(algorithm);
  const jwk: JWK = publicJwk(key);
  const verified = async (name: RehearsalCase) =>
    jwtVerify(await idToken(name, key, facts), await importJWK(jwk, algorithm), {
      ...{ issuer: facts.issuer, audience: facts.clientId, algorithms: [algorithm], currentDate: now },
    });
  const read = (token: string, at: number) =>
    JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString());

  test('the right one verifies, with what was asked for', async () => {
    const { payload, protectedHeader } = await verified('right');
    expect(payload).toMatchObject({ nonce: 'n-1', sub: 'rehearsal-person' });
    expect(protectedHeader.kid).toBe(jwk.kid);
  });
  test('the published key has no private part', () => {
    expect(Object.keys(jwk).filter((part) => ['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(part))).toEqual([]);
  });
  test.each(WRONG_TOKENS.filter((name) => name !== 'nonce'))('%s does not verify', async (name) => {
    await expect(verified(name)).rejects.toThrow();
  });
  test('nonce: all right but the nonce', async () => {
    expect((await verified('nonce')).payload.nonce).toBe('another-nonce');
  });
  test('the wrong ones differ from the right one in one thing', async () => {
    const right = read(await idToken('right', key, facts), 1);
    const differing = async (name: RehearsalCase) => {
      const claims = read(await idToken(name, key, facts), 1);
      return Object.keys(right).filter((claim) => claims[claim] !== right[claim]);
    };
    expect(await differing('signature')).toEqual([]);
    expect(await differing('unsigned')).toEqual([]);
    expect(await differing('issuer')).toEqual(['iss']);
    expect(await differing('audience')).toEqual(['aud']);
    expect(await differing('expired')).toEqual(['iat', 'auth_time', 'exp']);
  });
  test('signed_with_public_key is what a careless HS256 check takes', async () => {
    const token = await idToken('signed_with_public_key', key, facts);
    const published = (await importJWK(jwk, algorithm, { extractable: true })) as CryptoKey;
    const [signed = '', signature] = [token.slice(0, token.lastIndexOf('.')), token.split('.')[2]];
    const made = createHmac('sha256', await exportSPKI(published))
      .update(signed)
      .digest('base64url');
    expect(signature).toBe(made);
    expect(read(token, 0).alg).toBe('HS256');
  });
});
