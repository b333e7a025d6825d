import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { CipherError } from '../../../adapters/cipher/cipher.ts';

const old = { id: 'k1', key: randomBytes(32) };
const fresh = { id: 'k2', key: randomBytes(32) };

it('opens what it sealed, never twice the same', () => {
  const cipher = aesGcm([fresh]);
  const sealed = cipher.seal('тайна', 'here');
  expect(sealed).not.toContain('тайна');
  expect(cipher.seal('тайна', 'here')).not.toBe(sealed);
  expect(cipher.open(sealed, 'here')).toBe('тайна');
});

it('opens values of an older key and seals with the newest', () => {
  const sealed = aesGcm([old]).seal('тайна', 'here');
  expect(aesGcm([fresh, old]).open(sealed, 'here')).toBe('тайна');
  expect(aesGcm([fresh, old]).seal('x', 'here')).toMatch(/^k2\./);
  expect(() => aesGcm([fresh]).open(sealed, 'here')).toThrow(CipherError);
});

it('refuses another context, a changed byte and nonsense', () => {
  const cipher = aesGcm([fresh]);
  const sealed = cipher.seal('тайна', 'client_secret:a');
  const changed = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA');
  expect(() => cipher.open(sealed, 'client_secret:b')).toThrow(CipherError);
  expect(() => cipher.open(changed, 'client_secret:a')).toThrow(CipherError);
  for (const value of ['', 'k2', 'k2.a.b', 'k2.a.b.c', 'k9.a.b.c']) {
    expect(() => cipher.open(value, 'client_secret:a')).toThrow(CipherError);
  }
});
