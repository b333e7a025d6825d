import { expect, it } from 'vitest';
import {
  freshRecoveryCodes,
  looksLikeRecoveryCode,
  RECOVERY_CODES,
  spelledCode,
  typedRecoveryCode,
} from '../../../provider/second-factor/recovery-codes.ts';

it('ten different ones, each read back as it is spelled', () => {
  const codes = freshRecoveryCodes();
  expect(new Set(codes).size).toBe(RECOVERY_CODES);
  for (const code of codes) {
    expect(looksLikeRecoveryCode(code)).toBe(true);
    expect(spelledCode(code)).toMatch(/^.{5}-.{5}$/);
    expect(typedRecoveryCode(spelledCode(code))).toBe(code);
  }
});

it.each([
  ['7k2qx-m4t9b', '7K2QXM4T9B'],
  [' 7K2QX M4T9B ', '7K2QXM4T9B'],
  ['7K2QX – M4T9B', '7K2QXM4T9B'],
  ['OiL01-00000', '0110100000'],
])('«%s» is read as %s', (typed, code) => {
  expect(typedRecoveryCode(typed)).toBe(code);
});

it.each(['', '7K2QXM4T9', '7K2QXM4T9BB', '7K2QXM4T9U', 'ЖK2QXM4T9B'])('«%s» is none', (code) => {
  expect(looksLikeRecoveryCode(code)).toBe(false);
});
