/** How sure we are: the methods of a sign-in → the level it reaches (domain.md §2.3, design.md §3). */
import type { Amr } from './login-method.ts';

/** Every level that can be reached. */
export const ACR = { password: 'urn:opo:loa:1' } as const;
export type Acr = (typeof ACR)[keyof typeof ACR];

/**
 * A password proves level 1: only confirmed addresses and assigned tickets sign in with one. So does a code from the
 * mailbox of a registration: it is what confirmed the address, and no second proof beside it.
 */
const ACR_OF: Record<Amr, Acr> = { pwd: ACR.password, otp: ACR.password };

/** The highest level among the methods. */
export function acrOf(amr: readonly Amr[]): Acr {
  const levels = amr.map((method) => ACR_OF[method]).sort();
  return levels.at(-1) ?? ACR.password;
}
