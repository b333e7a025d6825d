/** What an upstream told, as a case keeps it: sealed, and opened only where it is compared or masked. */
import type { Case } from '../../adapters/case-store/case-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { ToldPerson } from '../../adapters/link-store/link-store.ts';

const CONTEXT = 'case-told';

export function sealTold(cipher: Cipher, told: ToldPerson): string {
  return cipher.seal(JSON.stringify(told), CONTEXT);
}

/** Undefined when it has been destroyed. */
export function openTold(cipher: Cipher, { told }: Pick<Case, 'told'>): ToldPerson | undefined {
  return told === undefined ? undefined : (JSON.parse(cipher.open(told, CONTEXT)) as ToldPerson);
}
