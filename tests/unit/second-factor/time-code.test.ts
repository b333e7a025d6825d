import { describe, expect, it } from 'vitest';
import { enrolmentUri, freshCodeSecret, stepOf } from '../../../provider/second-factor/time-code.ts';

/** RFC 6238, appendix B: «12345678901234567890» with SHA-1. Ours have six digits: the last ones of its eight. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (seconds: number) => new Date(seconds * 1_000);

describe('a code', () => {
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_111_111_111, '050471', 37_037_037],
    [1_234_567_890, '005924', 41_152_263],
    [2_000_000_000, '279037', 66_666_666],
    [20_000_000_000, '353130', 666_666_666],
  ])('at %i is that of the standard', (seconds, code, step) => {
    expect(stepOf(SECRET, code, at(seconds))).toBe(step);
  });

  it.each([
    ['half a minute before its step', 29, 1],
    ['at the first moment of its step', 30, 1],
    ['at the last moment of its step', 59, 1],
    ['half a minute after it', 89, 1],
    ['a moment too late', 90, undefined],
  ])('counts %s', (_when, seconds, step) => {
    expect(stepOf(SECRET, '287082', at(seconds))).toBe(step);
  });

  it('is too early a step and a half before', () => {
    expect(stepOf(SECRET, '081804', at(1_111_111_109 - 31 - 29))).toBeUndefined();
  });

  it.each(['287 082', ' 287082 ', '287-082', '287\u00a0082'])('is read as people copy it: «%s»', (typed) => {
    expect(stepOf(SECRET, typed, at(59))).toBe(1);
  });

  it.each(['', '28708', '2870822', '28708x', '94287082', '٢٨٧٠٨٢'])('is none: «%s»', (typed) => {
    expect(stepOf(SECRET, typed, at(59))).toBeUndefined();
  });
});

it('a secret has 160 bits and is fresh', () => {
  const secrets = Array.from({ length: 50 }, freshCodeSecret);
  expect(new Set(secrets).size).toBe(50);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
});

it('the picture says whose codes these are, and nothing else', () => {
  const uri = new URL(enrolmentUri(SECRET, 'id.example.test', 'ivanova@example.test'));
  expect(uri.protocol).toBe('otpauth:');
  expect(decodeURIComponent(uri.pathname)).toContain('id.example.test:ivanova@example.test');
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    ...{ issuer: 'id.example.test', secret: SECRET, algorithm: 'SHA1', digits: '6', period: '30' },
  });
});
