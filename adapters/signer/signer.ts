/**
 * Signs what ESIA is asked, with the key of our system there. Knows no request: which bytes are signed, and how the
 * signature travels, is the upstream's.
 */

/** The names ESIA itself uses for its tokens' algorithms. RS256 only for sandboxes: ESIA refuses such requests. */
export type SignatureAlgorithm = 'GOST3410_2012_256' | 'RS256';

export type Certificate = {
  readonly der: Buffer;
  readonly algorithm: SignatureAlgorithm;
  /** Streebog-256 of the DER in upper-case hex: ESIA's `client_certificate_hash`. */
  readonly hash: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** A GOST signature is 64 bytes, s then r, big-endian. */
  verify(message: Uint8Array, signature: Uint8Array): boolean;
};

/** The certificate comes along, because the next signature may be another one's. */
export type Signed = { readonly signature: Buffer; readonly certificate: Certificate };

export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  /** Throws SignerUnavailable or SignerMisconfigured. */
  sign(message: Uint8Array): Promise<Signed>;
}

/** No signature just now; trying again later makes sense. Carries nothing of the message or the key. */
export class SignerUnavailable extends Error {
  override name = 'SignerUnavailable';
}

/** Where to look. */
export type SignerFlaw = 'key' | 'certificate' | 'byte order';

/** No signature before somebody corrects something; the message says what. */
export class SignerMisconfigured extends Error {
  override name = 'SignerMisconfigured';
  readonly flaw: SignerFlaw;

  constructor(message: string, flaw: SignerFlaw = 'key') {
    super(message);
    this.flaw = flaw;
  }
}

/**
 * Where the keys are: `folder` holds NAME.crt beside NAME.key, or NAME.crt alone when the key is elsewhere. A new pair is
 * taken up without a restart.
 */
type InFolder = { readonly folder: string };

export type SignerSettings =
  /** In this process, in JavaScript. */
  | (InFolder & { readonly kind: 'js' })
  /** OpenSSL's command with the GOST engine. */
  | (InFolder & {
      readonly kind: 'engine';
      readonly openssl: string;
      /** Its name, or the path of its shared object. */
      readonly engine: string;
    })
  /** Any program: the message on standard input, 64 bytes on standard output. `{name}` stands for the pair's name. */
  | (InFolder & {
      readonly kind: 'command';
      readonly command: readonly [string, ...string[]];
      /** It gives the bytes in CryptoPro's order, from the other end. */
      readonly reverse: boolean;
    })
  /** A signing service: the message in a POST, 64 bytes in the answer. `{name}` in the URL stands for the pair's name. */
  | (InFolder & {
      readonly kind: 'http';
      readonly url: string;
      readonly reverse: boolean;
      /** Our certificate and key towards the service, and whom to trust: paths of PEM files. */
      readonly tls?:
        | { readonly certificate: string; readonly key: string; readonly ca?: string | undefined }
        | undefined;
    })
  /** Stands in for GOST in a sandbox whose ESIA is told to take it. */
  | (InFolder & { readonly kind: 'rsa' });

export type SigningOutcome = 'success' | 'unavailable' | 'misconfigured';

/** For metrics and the log. Never throws. */
export type SignerEvents = {
  signed(kind: SignerSettings['kind'], outcome: SigningOutcome, seconds: number): void;
  /** A new pair in the folder was refused; the old one goes on. */
  pairRefused(reason: string): void;
  /** The certificate in use ends soon, and there is no later one. Told once a day while something is signed. */
  pairExpiring(notAfter: Date): void;
};
