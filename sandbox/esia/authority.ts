/** ESIA's own keys: one pair for RS256, one for GOST, replaced on demand and without notice, as the real ones are. */
import { zipSync } from 'fflate';
import type { Certificate, SignatureAlgorithm } from '../../adapters/signer/signer.ts';
import { type Issued, issueCertificate } from './issue-certificate.ts';

export type PublishedFile = { readonly name: string; readonly pem: string };

export type Authority = {
  /** header.payload.signature, without a `kid`. */
  sign(algorithm: SignatureAlgorithm, header: object, payload: object): string;
  /** A key nobody has published. */
  signWithForeignKey(algorithm: SignatureAlgorithm, header: object, payload: object): string;
  /** The certificates that are or were in use. */
  certificates(): readonly Certificate[];
  /** For `/public/`: current and former ones. */
  published(): readonly PublishedFile[];
  /** `/public/esia.zip`. */
  archive(): Buffer;
  rotate(): void;
};

type Pair = Readonly<Record<SignatureAlgorithm, Issued>>;

const ENDS: Readonly<Record<SignatureAlgorithm, string>> = {
  RS256: 'rsa',
  GOST3410_2012_256: 'gost',
};

export function authority(): Authority {
  const pairs: [Pair, ...Pair[]] = [issuePair()];
  let foreign: Pair | undefined;

  const published = (): readonly PublishedFile[] =>
    pairs.flatMap((pair, age) =>
      Object.entries(pair).map(([algorithm, { certificatePem }]) => ({
        name: `esia-${ENDS[algorithm as SignatureAlgorithm]}${age === 0 ? '' : `-old-${age}`}.cer`,
        pem: certificatePem,
      })),
    );

  return {
    sign: (algorithm, header, payload) => jwt(pairs[0][algorithm], algorithm, header, payload),
    signWithForeignKey(algorithm, header, payload) {
      foreign ??= issuePair();
      return jwt(foreign[algorithm], algorithm, header, payload);
    },
    certificates: () => pairs.flatMap((pair) => Object.values(pair).map(({ certificate }) => certificate)),
    published,
    archive: () =>
      Buffer.from(
        zipSync(
          Object.fromEntries(published().map(({ name, pem }) => [name, new TextEncoder().encode(pem)])),
        ),
      ),
    rotate() {
      pairs.unshift(issuePair());
    },
  };
}

function issuePair(): Pair {
  return {
    RS256: issueCertificate({ commonName: 'Стенд ESIA RSA (не Госуслуги)', kind: 'rsa' }),
    GOST3410_2012_256: issueCertificate({ commonName: 'Стенд ESIA ГОСТ (не Госуслуги)', kind: 'gost' }),
  };
}

function jwt(key: Issued, algorithm: SignatureAlgorithm, header: object, payload: object): string {
  const signed = [{ ...header, alg: algorithm }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${key.sign(Buffer.from(signed)).toString('base64url')}`;
}
