/** The protocol of a signature in one exact form, and the digests that tie it to its documents and to the audit trail. */
import type { Signing, SigningProtocol } from '../../adapters/document-store/document-store.ts';
import { sha256 } from './sha256.ts';

/** What a code is good for: these documents in this order, this act, account and address (security.md #143, #148). */
export function bindingOf(
  { id, accountId, digest }: Pick<Signing, 'id' | 'accountId' | 'digest'>,
  address: string,
): string {
  return sha256(`${digest}\n${id}\n${accountId}\n${address}\n`);
}

/** JSON with the keys in a fixed order and a line feed at its end: what is exported, and what the digest is made of. */
export function protocolText(protocol: SigningProtocol): string {
  const { id, accountId, signer, address, signedAt, termsVersion, network, device, digest } = protocol;
  const ordered = { id, accountId, signer, address, signedAt, termsVersion, network, device, digest };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

/** In the audit entry of the signature: whoever changes the protocol afterwards has to change the sealed trail, too. */
export function protocolDigest(protocol: SigningProtocol): string {
  return sha256(protocolText(protocol));
}
