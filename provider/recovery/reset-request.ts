/** A request for a new password on its way to whoever delivers: sealed, because the queue need not know addresses. */
import { z } from 'zod';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import { wayBackShape } from '../interactions/way-back.ts';

const CONTEXT = 'password-reset';

const shape = z.object({
  /** Normal form. */
  email: z.string(),
  requestId: z.string(),
  network: z.string(),
  wayBack: wayBackShape.optional(),
});

export type ResetRequest = z.output<typeof shape>;

export function sealRequest(cipher: Cipher, request: ResetRequest): string {
  return cipher.seal(JSON.stringify(request), CONTEXT);
}

export function openRequest(cipher: Cipher, sealed: string): ResetRequest {
  return shape.parse(JSON.parse(cipher.open(sealed, CONTEXT)));
}
