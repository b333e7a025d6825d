/** An authenticator made of software: it makes a passkey and signs with it, well or in whatever way a test needs. */
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';

/** What the gateway's pages hand to a browser; of it, what a device looks at. */
type Options = {
  readonly challenge: string;
  readonly rp?: { readonly id?: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
};

/** Where the device is made to lie. */
export type Told = {
  readonly origin: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  /** False: somebody has touched it, nobody was recognised. */
  readonly userVerified?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
};

export type SoftwarePasskey = {
  readonly id: string;
  readonly userHandle: string;
  /** The answer to `navigator.credentials.get`, as JSON. */
  answer(options: Options, told: Told): string;
};

const FLAG = { present: 0x01, verified: 0x04, eligible: 0x08, backedUp: 0x10, attested: 0x40 } as const;

const base64url = (bytes: Buffer): string => bytes.toString('base64url');
const sha256 = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest();

/** The key, and the answer to `navigator.credentials.create`, as JSON. */
export function makePasskey(options: Options, told: Told): { passkey: SoftwarePasskey; answer: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credential = randomBytes(32);
  const id = base64url(credential);
  const attested = Buffer.concat([
    Buffer.alloc(16),
    uint(credential.length, 2),
    credential,
    coseOf(privateKey),
  ]);
  const authData = authDataOf(told.rpId ?? options.rp?.id ?? '', told, attested);
  const attestationObject = cbor(
    new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]),
  );
  const userHandle = options.user?.id ?? '';
  return {
    passkey: {
      id,
      userHandle,
      answer: (asked, lie) => assertion({ id, userHandle, privateKey }, asked, lie),
    },
    answer: JSON.stringify({
      ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
      response: {
        clientDataJSON: base64url(clientDataOf('webauthn.create', options, told)),
        attestationObject: base64url(attestationObject),
        transports: ['internal'],
      },
    }),
  };
}

function assertion(
  key: { readonly id: string; readonly userHandle: string; readonly privateKey: KeyObject },
  options: Options,
  told: Told,
): string {
  const clientData = clientDataOf('webauthn.get', options, told);
  const authData = authDataOf(told.rpId ?? options.rpId ?? '', told);
  const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), key.privateKey);
  return JSON.stringify({
    ...{ id: key.id, rawId: key.id, type: 'public-key', clientExtensionResults: {} },
    response: {
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(authData),
      signature: base64url(signature),
      userHandle: told.userHandle ?? key.userHandle,
    },
  });
}

function clientDataOf(type: string, { challenge }: Options, told: Told): Buffer {
  const data = { type: told.type ?? type, challenge: told.challenge ?? challenge, origin: told.origin };
  return Buffer.from(JSON.stringify({ ...data, crossOrigin: false }));
}

function authDataOf(
  rpId: string,
  { userVerified = true, counter = 0 }: Told,
  attested: Buffer = Buffer.alloc(0),
): Buffer {
  const flags =
    FLAG.present |
    FLAG.eligible |
    FLAG.backedUp |
    (userVerified ? FLAG.verified : 0) |
    (attested.length > 0 ? FLAG.attested : 0);
  return Buffer.concat([sha256(rpId), uint(flags, 1), uint(counter, 4), attested]);
}

/** RFC 9053 §7.1.1: ES256 on P-256. */
function coseOf(privateKey: KeyObject): Buffer {
  const { x = '', y = '' } = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })).export({
    format: 'jwk',
  });
  return cbor(
    new Map<number, unknown>([
      ...([
        [1, 2],
        [3, -7],
        [-1, 1],
      ] as const),
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]),
  );
}

function uint(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

/** RFC 8949, as far as WebAuthn needs it. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (!(value instanceof Map)) throw new TypeError('no such CBOR here');
  return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
}

function head(major: number, value: number): Buffer {
  const first = major << 5;
  if (value < 24) return uint(first | value, 1);
  return value < 256
    ? Buffer.concat([uint(first | 24, 1), uint(value, 1)])
    : Buffer.concat([uint(first | 25, 1), uint(value, 2)]);
}
