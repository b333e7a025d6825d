import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../provider/config.ts';

const secret = Buffer.alloc(32, 7).toString('base64url');
const good = {
  ISSUER: 'https://id.example.test',
  COOKIE_KEYS: secret,
  ENCRYPTION_KEYS: `k1:${secret}`,
  PASSWORD_PEPPERS: `p1:${secret}`,
  PAIRWISE_SALT: secret,
};

const faultsOf = (environment: Record<string, string>): string[] => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
};

describe('configuration', () => {
  it('needs no more than an issuer and secrets', () => {
    const config = readConfig(good);
    expect(config.database).toEqual({ kind: 'embedded', directory: './data' });
    expect(config.sessionStore).toBe('database');
    expect(config.secure).toBe(true);
    expect(config.sandbox).toBe(false);
  });

  it('tells every fault at once, cross-field ones included', () => {
    const faults = faultsOf({
      ISSUER: 'http://id.example.test',
      PORT: 'x',
      REDIS_URL: 'redis://r',
      SESSION_STORE: 'redis',
    });
    for (const name of [
      'ISSUER',
      'PORT',
      'COOKIE_KEYS',
      'ENCRYPTION_KEYS',
      'PASSWORD_PEPPERS',
      'PAIRWISE_SALT',
      'DATABASE_URL',
    ]) {
      expect(
        faults.some((fault) => fault.startsWith(`${name}:`)),
        name,
      ).toBe(true);
    }
  });

  it.each([
    [{ ISSUER: 'https://id.example.test/' }, 'ISSUER'],
    [{ ISSUER: 'https://id.example.test/path' }, 'ISSUER'],
    [{ SANDBOX: 'on' }, 'SANDBOX'],
    [{ THROTTLE: 'off' }, 'THROTTLE'],
    [{ TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES'],
    [{ SESSION_STORE: 'redis' }, 'SESSION_STORE'],
    [{ DATABASE_URL: 'postgres://db/x', REDIS_URL: 'redis://a', REDIS_CLUSTER: 'redis://b' }, 'REDIS_URL'],
    [{ COOKIE_KEYS: 'c2hvcnQ' }, 'COOKIE_KEYS'],
    [{ ENCRYPTION_KEYS: secret }, 'ENCRYPTION_KEYS'],
    [{ INITIAL_ACCESS_TOKEN: 'short' }, 'INITIAL_ACCESS_TOKEN'],
    [{ REGISTRY_URL: 'https://ais.example.test' }, 'REGISTRY_TOKEN'],
    [{ REGISTRY_TOKEN: 'a token long enough' }, 'REGISTRY_URL'],
    [{ REGISTRY_URL: 'http://ais.example.test', REGISTRY_TOKEN: 'a token long enough' }, 'REGISTRY_URL'],
    [{ REGISTRY_POLL_SECONDS: '0' }, 'REGISTRY_POLL_SECONDS'],
  ])('refuses %j', (change, name) => {
    const faults = faultsOf({ ...good, ...(change as Record<string, string>) });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.every((fault) => fault.startsWith(`${name}:`))).toBe(true);
  });

  it('reads a secret from the file that NAME_FILE names, and not from both', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'salt');
    writeFileSync(file, `${secret}\n`);
    const { PAIRWISE_SALT: _, ...rest } = good;
    expect(readConfig({ ...rest, PAIRWISE_SALT_FILE: file }).secrets.pairwiseSalt).toEqual(
      Buffer.alloc(32, 7),
    );
    expect(faultsOf({ ...good, PAIRWISE_SALT_FILE: file })[0]).toMatch(/^PAIRWISE_SALT:/);
    expect(faultsOf({ ...rest, PAIRWISE_SALT_FILE: `${file}.gone` })[0]).toMatch(
      /^PAIRWISE_SALT_FILE: cannot be read/,
    );
  });

  it('takes an empty variable for an absent one', () => {
    expect(readConfig({ ...good, REDIS_URL: '', DATABASE_URL: '' }).redis).toBeUndefined();
  });
});
