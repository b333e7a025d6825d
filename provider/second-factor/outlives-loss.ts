/** Whether somebody gets in after losing any one thing she has. Pure. */
import type { Protection } from '../../adapters/authenticators/authenticators.ts';

/** A device of hers, and something beside it: another one, or codes on paper. */
export function outlivesLoss({ codeApps, passkeys, recoveryCodes }: Protection): boolean {
  const devices = codeApps + passkeys;
  return devices >= 2 || (devices === 1 && recoveryCodes > 0);
}
