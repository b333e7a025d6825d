/** Whether somebody gets in after losing any one thing she has, and who of the staff is to look after that first. */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Protection, Protections } from '../../adapters/authenticators/authenticators.ts';
import { ACR, reaches } from '../login/assurance.ts';

/** A device of hers, and something beside it: another one, or codes on paper. */
export function outlivesLoss({
  codeApps,
  passkeys,
  recoveryCodes,
}: Pick<Protection, 'codeApps' | 'passkeys' | 'recoveryCodes'>): boolean {
  const devices = codeApps + passkeys;
  return devices >= 2 || (devices === 1 && recoveryCodes > 0);
}

type SignedIn = { readonly account: Account; readonly session: { readonly acr?: string | undefined } };

/** Of the Union's staff; whoever has come as a confirmed person of ЕСИА gets in by that again. */
export async function isToProtect(
  protections: Pick<Protections, 'of'>,
  { account, session }: SignedIn,
): Promise<boolean> {
  if (reaches(session.acr, ACR.confirmed)) return false;
  return !outlivesLoss(await protections.of(account.id));
}
