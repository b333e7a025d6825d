/**
 * Argon2id (RFC 9106) with a pepper. A stored hash is `<pepper id>:<PHC string>`; the pepper is Argon2's own secret
 * input, so it is worth nothing to somebody who has the database alone.
 */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash as argon2Hash, verify as argon2Verify, parseOptions } from '@node-rs/argon2';
import type { PasswordHasher } from './password-hasher.ts';
import { type WaitingLine, waitingLine } from './waiting-line.ts';

/** The floor of OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
const SALT_BYTES = 16;
/** What one hash takes on a middling core, until it has been measured. */
const EXPECTED_MILLISECONDS = 15;
const LONGEST_LINE = 5_000;
/** In UTF-16 units: far more than may be set, and little enough to normalise on the event loop. */
const LONGEST_PASSWORD = 4_096;

export type Pepper = { readonly id: string; readonly key: Uint8Array };

export type Argon2idOptions = {
  /** The newest first. An id is never used for another key. */
  readonly peppers: readonly [Pepper, ...Pepper[]];
  /** Hashes computed at the same time; more than the process has cores makes each of them slower. */
  readonly atOnce?: number;
  /** Longest wait in the queue. */
  readonly queueMilliseconds?: number;
  /** Most that may wait. */
  readonly queueLength?: number;
  /** Shared with whatever else is computed for sign-ins, in place of a line of its own. */
  readonly line?: WaitingLine;
  /** Memory in KiB. */
  readonly parameters?: {
    readonly memoryCost: number;
    readonly timeCost: number;
    readonly parallelism: number;
  };
};

export type LineOptions = Pick<Argon2idOptions, 'atOnce' | 'queueMilliseconds' | 'queueLength'>;

export function hashingLine({
  atOnce = availableParallelism(),
  queueMilliseconds = 5_000,
  queueLength = LONGEST_LINE,
}: LineOptions): WaitingLine {
  return waitingLine({
    atOnce,
    deadlineMilliseconds: queueMilliseconds,
    longest: queueLength,
    turnMilliseconds: EXPECTED_MILLISECONDS,
  });
}

export function argon2id({ peppers, parameters, line: shared, ...own }: Argon2idOptions): PasswordHasher {
  const wanted = { ...PARAMETERS, ...parameters };
  const [newest] = peppers;
  const line = shared ?? hashingLine(own);
  const nobodys = `${newest.id}:${unmatchable(wanted)}`;

  function open(stored: string): { phc: string; pepper: Pepper } {
    const colon = stored.indexOf(':');
    const pepper = peppers.find(({ id }) => id === stored.slice(0, colon));
    if (!pepper) throw new Error('the pepper of a password hash is not configured');
    return { phc: stored.slice(colon + 1), pepper };
  }

  function isOutdated(phc: string, pepper: Pepper): boolean {
    const { memoryCost, timeCost, parallelism, outputLen } = parseOptions(phc);
    const used = { memoryCost, timeCost, parallelism, outputLen };
    return (
      pepper.id !== newest.id ||
      Object.entries(wanted).some(([name, value]) => used[name as keyof typeof used] !== value)
    );
  }

  return {
    async hash(password, { signal } = {}) {
      if (password.length > LONGEST_PASSWORD) throw new RangeError('the password is too long to be hashed');
      const phc = await line.take(
        () => argon2Hash(password.normalize('NFC'), { ...wanted, secret: newest.key }),
        signal,
      );
      return `${newest.id}:${phc}`;
    },
    async verify(stored, password, { signal } = {}) {
      // A password nobody can have costs what any wrong one costs.
      const isPossible = stored !== undefined && password.length <= LONGEST_PASSWORD;
      const { phc, pepper } = open(isPossible ? stored : nobodys);
      const input = password.slice(0, LONGEST_PASSWORD).normalize('NFC');
      const matches = await line.take(() => argon2Verify(phc, input, { secret: pepper.key }), signal);
      return { matches: matches && isPossible, outdated: isPossible && isOutdated(phc, pepper) };
    },
    stats: line.stats,
  };
}

/** A well-formed hash of nothing: random salt, random digest. */
function unmatchable({ memoryCost, timeCost, parallelism, outputLen }: Parameters): string {
  const base64 = (size: number): string => randomBytes(size).toString('base64').replace(/=+$/, '');
  return [
    '',
    'argon2id',
    'v=19',
    `m=${memoryCost},t=${timeCost},p=${parallelism}`,
    base64(SALT_BYTES),
    base64(outputLen),
  ].join('$');
}

type Parameters = Record<keyof typeof PARAMETERS, number>;
