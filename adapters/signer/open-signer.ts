/**
 * A signer from its settings: chooses the pair, tries it out once before it signs anything that matters, gives each
 * signature a time limit, lets few run at once where they cost a process or a connection, and gives a signer that fails
 * again and again a rest.
 */
import { randomBytes } from 'node:crypto';
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  handleType,
  wrap,
} from 'cockatiel';
import type { Clock } from '../clock.ts';
import { signByCommand } from './command.ts';
import { signByEngine } from './engine.ts';
import { SIGNATURE_BYTES } from './gost/signature.ts';
import { signByService } from './http.ts';
import { signInJavaScript } from './js.ts';
import { type KeyPair, keyFolder } from './key-folder.ts';
import { signWithRsa } from './rsa.ts';
import {
  type Certificate,
  type Signer,
  type SignerEvents,
  SignerMisconfigured,
  type SignerSettings,
  SignerUnavailable,
} from './signer.ts';
import type { Way } from './way.ts';

const AT_ONCE = 4;
const WAITING = 100;
/** Whoever waits in vain so often in a row need not be waited for again just yet. */
const FAILURES_IN_A_ROW = 3;
const RETRY_MS = 5_000;
const PROOF_BYTES = 32;
const DAY_MS = 24 * 3_600_000;
const WARN_BEFORE_MS = 30 * DAY_MS;

export type SignerOptions = {
  readonly clock: Clock;
  readonly events: SignerEvents;
  readonly timeoutMilliseconds?: number;
};

export type CheckedSigner = Signer & {
  /** The start-up self-test: signs a random message and verifies it. Throws like `sign`. */
  check(): Promise<Certificate>;
};

/** Throws SignerMisconfigured for files the settings name and nobody can read. */
export function openSigner(
  settings: SignerSettings,
  { clock, events, timeoutMilliseconds = 3_000 }: SignerOptions,
): CheckedSigner {
  const folder = keyFolder(settings.folder);
  const way = wayOf(settings);
  const gate = wrap(
    circuitBreaker(handleType(SignerUnavailable), {
      halfOpenAfter: RETRY_MS,
      breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
    }),
    bulkhead(AT_ONCE, WAITING),
  );
  const tried = new WeakSet<KeyPair>();
  let warnedAt = Number.NEGATIVE_INFINITY;
  const algorithm = settings.kind === 'rsa' ? 'RS256' : 'GOST3410_2012_256';

  return {
    algorithm,
    async check() {
      return (await usablePair()).certificate;
    },
    async sign(message) {
      const started = performance.now();
      const tell = (outcome: Parameters<SignerEvents['signed']>[1]) =>
        events.signed(settings.kind, outcome, (performance.now() - started) / 1_000);
      try {
        const pair = await usablePair();
        const signature = await rawSignature(message, pair);
        tell('success');
        return { signature, certificate: pair.certificate };
      } catch (error) {
        tell(error instanceof SignerMisconfigured ? 'misconfigured' : 'unavailable');
        throw error;
      }
    },
  };

  /** The newest pair that is valid and passes the test. */
  async function usablePair(): Promise<KeyPair> {
    let refused: SignerMisconfigured | undefined;
    for (const pair of await validPairs()) {
      try {
        if (!tried.has(pair)) await tryOut(pair);
        tried.add(pair);
        warnOf(pair);
        return pair;
      } catch (error) {
        if (!(error instanceof SignerMisconfigured)) throw error;
        events.pairRefused(error.message);
        refused ??= error;
      }
    }
    throw refused;
  }

  function warnOf({ certificate: { notAfter } }: KeyPair): void {
    const now = clock.now().getTime();
    if (notAfter.getTime() - now > WARN_BEFORE_MS || now - warnedAt < DAY_MS) return;
    warnedAt = now;
    events.pairExpiring(notAfter);
  }

  async function validPairs(): Promise<readonly KeyPair[]> {
    const { pairs, faults } = await folder.look().catch((error: Error) => {
      throw new SignerMisconfigured(error.message);
    });
    const now = clock.now();
    const valid = pairs.filter(
      ({ certificate: { notBefore, notAfter } }) => notBefore <= now && now <= notAfter,
    );
    if (valid.length > 0) {
      return valid.toSorted((a, b) => b.certificate.notBefore.getTime() - a.certificate.notBefore.getTime());
    }
    const expired = pairs.map(({ certificatePath, certificate: { notBefore, notAfter } }) =>
      now < notBefore
        ? `The certificate ${certificatePath} is not valid before ${notBefore.toISOString()}.`
        : `The certificate ${certificatePath} expired on ${notAfter.toISOString()}.`,
    );
    const why = [...expired, ...faults];
    throw new SignerMisconfigured(
      why.length > 0 ? why.join(' ') : `The folder ${settings.folder} holds no certificate (*.crt).`,
      'certificate',
    );
  }

  async function tryOut(pair: KeyPair): Promise<void> {
    const { certificate, certificatePath } = pair;
    if (certificate.algorithm !== algorithm) {
      throw new SignerMisconfigured(
        `The certificate ${certificatePath} is for ${certificate.algorithm}, this signer makes ${algorithm}.`,
        'certificate',
      );
    }
    const message = randomBytes(PROOF_BYTES);
    checkSignature(message, await rawSignature(message, pair), pair);
  }

  async function rawSignature(message: Uint8Array, pair: KeyPair): Promise<Buffer> {
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    try {
      return await gate.execute(() => way(message, pair, signal));
    } catch (error) {
      if (error instanceof BulkheadRejectedError) {
        throw new SignerUnavailable('Too many signatures are waiting already.');
      }
      if (error instanceof BrokenCircuitError) {
        throw new SignerUnavailable(
          'The signer has failed several times in a row; it is tried again in a few seconds.',
        );
      }
      throw error;
    }
  }
}

function wayOf(settings: SignerSettings): Way {
  switch (settings.kind) {
    case 'js':
      return signInJavaScript();
    case 'rsa':
      return signWithRsa();
    case 'engine':
      return signByEngine(settings);
    case 'command':
      return inOrder(signByCommand(settings.command), settings.reverse);
    case 'http':
      return inOrder(signByService(settings), settings.reverse);
  }
}

function inOrder(way: Way, reverse: boolean): Way {
  return reverse
    ? async (...call) => {
        const signature = await way(...call);
        return signature.reverse();
      }
    : way;
}

/** Throws SignerMisconfigured, with the reason why it does not verify. */
function checkSignature(
  message: Uint8Array,
  signature: Buffer,
  { certificate, certificatePath }: KeyPair,
): void {
  if (certificate.verify(message, signature)) return;
  if (certificate.algorithm === 'GOST3410_2012_256' && signature.length !== SIGNATURE_BYTES) {
    throw new SignerMisconfigured(
      `A GOST signature has ${SIGNATURE_BYTES} raw bytes; the signer gave ${signature.length}. Is it hexadecimal, base64 or CMS?`,
      'byte order',
    );
  }
  if (certificate.verify(message, Buffer.from(signature).reverse())) {
    throw new SignerMisconfigured(
      'The signer gives the bytes from the other end, as CryptoPro does: set «reverse» to true (or to false if it is true).',
      'byte order',
    );
  }
  const half = signature.length / 2;
  if (certificate.verify(message, Buffer.concat([signature.subarray(half), signature.subarray(0, half)]))) {
    throw new SignerMisconfigured('The signer gives r before s; ESIA wants s before r.', 'byte order');
  }
  throw new SignerMisconfigured(
    `The key is not that of the certificate ${certificatePath}: its signature does not verify in any byte order.`,
  );
}
