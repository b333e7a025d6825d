/** Environment → settings: every fault at once, secrets from files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readDictationSettings } from '../../../clients/dictation/settings.ts';
import { readSettings, SettingsError } from '../../../clients/relying-party/settings.ts';

const JWK = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd', kid: 'one' };
const GOOD = {
  ISSUER: 'https://id.example.test',
  PUBLIC_URL: 'https://quiz.example.test',
  PORT: '3001',
  CLIENT_ID: 'dictation',
  CLIENT_SECRET: 'a secret',
  DATABASE_FILE: '/tmp/quiz.sqlite',
  SESSION_KEY: Buffer.alloc(32).toString('base64url'),
};

const folder = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

function faultsOf(environment: Record<string, string | undefined>): string {
  try {
    readDictationSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
  }
  return 'none';
}

test('good settings are grouped and frozen', () => {
  const settings = readSettings(GOOD, {});
  expect(settings).toMatchObject({
    issuer: 'https://id.example.test',
    listen: { host: '0.0.0.0', port: 3001 },
    authentication: { kind: 'client_secret_basic', secret: 'a secret' },
    logLevel: 'info',
  });
  expect(Object.isFrozen(settings)).toBe(true);
});

test('all faults are named at once, those across fields too', () => {
  const faults = faultsOf({
    ISSUER: 'id.example.test',
    PORT: '70000',
    SESSION_KEY: 'short',
    ANSWERS_FROM: 'soon',
  });
  for (const name of Object.keys(GOOD)) expect(faults).toContain(name);
  expect(faults).toContain('ANSWERS_FROM');
  expect(faults).toContain('exactly one of');
});

test.each([
  'http://id.example.test',
  'https://id.example.test/',
  'https://id.example.test/tenant',
  'https://ID.example.test',
  'ftp://localhost',
  'http://localhost.example.test',
])('%s is no address for an issuer', (ISSUER) => {
  expect(faultsOf({ ...GOOD, ISSUER })).toContain('ISSUER');
});

test.each([
  'http://localhost:3000',
  'http://127.0.0.1:3000',
  'http://gateway.localhost:3000',
  'http://[::1]:3000',
])('%s is one on a laptop', (ISSUER) => {
  expect(faultsOf({ ...GOOD, ISSUER })).toBe('none');
});

test('both a secret and a key are one too many', () => {
  expect(faultsOf({ ...GOOD, CLIENT_PRIVATE_KEY: JSON.stringify(JWK) })).toContain('exactly one of');
});

test('an empty variable is absent', () => {
  const environment = { ...GOOD, CLIENT_SECRET: '', CLIENT_PRIVATE_KEY: JSON.stringify(JWK) };
  expect(readSettings(environment, {}).authentication).toEqual({ kind: 'private_key_jwt', jwk: JWK });
});

test('secrets come from files as well', () => {
  const file = join(folder, 'key.json');
  writeFileSync(file, `${JSON.stringify(JWK)}\n`);
  const { CLIENT_SECRET: _, ...rest } = GOOD;
  expect(readSettings({ ...rest, CLIENT_PRIVATE_KEY_FILE: file }, {}).authentication).toEqual({
    kind: 'private_key_jwt',
    jwk: JWK,
  });
  expect(faultsOf({ ...rest, CLIENT_SECRET_FILE: join(folder, 'none') })).toContain('CLIENT_SECRET_FILE');
});

test.each([
  'not json',
  '{}',
  JSON.stringify({ ...JWK, d: undefined }),
  JSON.stringify({ ...JWK, crv: 'P-384' }),
])('%s is no private key', (CLIENT_PRIVATE_KEY) => {
  const { CLIENT_SECRET: _, ...rest } = GOOD;
  expect(faultsOf({ ...rest, CLIENT_PRIVATE_KEY })).toContain('CLIENT_PRIVATE_KEY');
});
