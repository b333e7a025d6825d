import { expect, it } from 'vitest';
import { outlivesLoss } from '../../../provider/second-factor/outlives-loss.ts';

it.each([
  [false, { codeApps: 0, passkeys: 0, recoveryCodes: 0 }],
  [false, { codeApps: 0, passkeys: 0, recoveryCodes: 10 }],
  [false, { codeApps: 1, passkeys: 0, recoveryCodes: 0 }],
  [false, { codeApps: 0, passkeys: 1, recoveryCodes: 0 }],
  [true, { codeApps: 1, passkeys: 0, recoveryCodes: 1 }],
  [true, { codeApps: 0, passkeys: 1, recoveryCodes: 10 }],
  [true, { codeApps: 1, passkeys: 1, recoveryCodes: 0 }],
  [true, { codeApps: 0, passkeys: 2, recoveryCodes: 0 }],
])('%s: %o', (outlives, held) => {
  expect(outlivesLoss(held)).toBe(outlives);
});
