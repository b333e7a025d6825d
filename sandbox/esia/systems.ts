/** The systems ESIA knows: what an integrator would enter on the technical portal. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { readCertificate } from '../../adapters/signer/certificate.ts';
import type { Certificate } from '../../adapters/signer/signer.ts';
import { SCOPES } from './scopes.ts';

const system = z.strictObject({
  /** Latin capitals and digits; some words are ESIA's own (technical portal manual §3.1). */
  mnemonic: z
    .string()
    .regex(/^[A-Z0-9_-]{1,50}$/, 'латинские заглавные буквы, цифры, «-» и «_»')
    .refine((name) => !/ESIA|EPGU|GOSUSLUGI|SMEV|^PGU/.test(name), {
      message: 'без ESIA, EPGU, GOSUSLUGI и SMEV, и не с PGU в начале',
    }),
  /** PEM, or the path of a file beside the list. RSA only for a stand-in signer. */
  certificates: z.array(z.string().min(1)).min(1),
  /** Main domains: what is below them is allowed too. */
  redirect_domains: z.array(z.string().regex(/^[a-z0-9.-]+$/, 'имя узла без схемы, порта и пути')).min(1),
  scopes: z.array(z.enum(SCOPES)).min(1),
  /** How ESIA signs what it gives to this system. */
  token_alg: z.enum(['RS256', 'GOST3410_2012_256']).default('GOST3410_2012_256'),
  /** What the old endpoints answer to a wrong signature: the real ones have been seen to give either. */
  v1_bad_signature: z.enum(['ESIA-007019', 'ESIA-007005']).default('ESIA-007019'),
  /** Takes signatures as unpadded base64url alone. */
  strict_encoding: z.boolean().default(false),
});

export type SystemEntry = z.input<typeof system>;
export type System = Omit<z.output<typeof system>, 'certificates'> & {
  readonly certificates: readonly Certificate[];
};
export type Systems = ReadonlyMap<string, System>;

/** `folder`: where relative paths begin. Throws z.ZodError, or RangeError about a mnemonic or a certificate. */
export function readSystems(entries: unknown, folder: string): Systems {
  const list = z.array(system).min(1).parse(entries);
  const twice = list.find(({ mnemonic }, at) =>
    list.some((other, before) => before < at && other.mnemonic === mnemonic),
  );
  if (twice) throw new RangeError(`Мнемоника ${twice.mnemonic} указана дважды.`);
  return new Map(
    list.map((entry) => [
      entry.mnemonic,
      { ...entry, certificates: entry.certificates.map((named) => certificateOf(named, folder)) },
    ]),
  );
}

function certificateOf(named: string, folder: string): Certificate {
  if (named.includes('-----BEGIN')) return readCertificate(Buffer.from(named));
  const path = resolve(folder, named);
  try {
    return readCertificate(readFileSync(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new RangeError(`Сертификат ${path} не читается: ${code ?? message}.`);
  }
}
