/** What people take for a certificate's hash: the portal shows one, tools make others. Says which mistake it is, not what to do. */
import { createHash } from 'node:crypto';
import { streebog256 } from './gost/streebog.ts';
import type { Certificate } from './signer.ts';

export type HashMistake = 'sha1' | 'sha256' | 'pem' | 'reversed';

/** `told`: upper-case hex. Undefined when it is none of them. */
export function hashMistake(told: string, { der }: Certificate): HashMistake | undefined {
  const body = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  const pem = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`;
  const digests: readonly (readonly [HashMistake, Buffer])[] = [
    ['sha1', createHash('sha1').update(der).digest()],
    ['sha256', createHash('sha256').update(der).digest()],
    ['pem', streebog256(Buffer.from(`${pem}\n`))],
    ['pem', streebog256(Buffer.from(pem))],
    ['reversed', streebog256(der).reverse()],
  ];
  return digests.find(([, digest]) => digest.toString('hex').toUpperCase() === told)?.[0];
}
