/**
 * «Забыли пароль?»: takes the address and answers at once. Whether anybody has it is found out later, by whoever
 * delivers: the answer to the asker can then depend on it neither by text nor by time (security.md c2 #71, class 5).
 */
import { createHash } from 'node:crypto';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { ProblemCode } from '../http/texts.ts';
import type { WayBack } from '../interactions/way-back.ts';
import { sealRequest } from './reset-request.ts';

/**
 * Letters an hour to one address. Whoever uses them up in somebody's name keeps nobody out: the last of them is good
 * for as long, and lies in the owner's mailbox (security.md #67).
 */
export const LETTERS_PER_ADDRESS = { points: 5, seconds: 60 * 60 } as const;
/** A school behind one address, on the morning of the quiz. */
export const REQUESTS_PER_SOURCE = { points: 600, seconds: 10 * 60 } as const;

export type AskResetNeeds = {
  readonly cipher: Cipher;
  readonly jobs: JobQueue;
  readonly resetLimits: { readonly address: Limiter; readonly source: Limiter };
  readonly events: Events;
};

export type AskResetProblem = {
  readonly field: 'email' | 'form';
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, number>>;
};

/** Undefined when the request is taken, which says nothing of whether a letter will leave. */
export async function askReset(
  { cipher, jobs, resetLimits, events }: AskResetNeeds,
  origin: RequestOrigin,
  typed: string,
  wayBack: WayBack | undefined,
): Promise<AskResetProblem | undefined> {
  if (typed.trim() === '') return { field: 'email', code: 'email_missing' };
  const parsed = parseEmailAddress(typed);
  if (!parsed.ok) return { field: 'email', code: parsed.fault };

  const source = await resetLimits.source.take(limitKey(origin.source));
  if (!source.allowed) {
    return { field: 'form', code: 'throttled', params: { minutes: Math.ceil(source.retryAfter / 60) } };
  }
  const address = await resetLimits.address.take(limitKey(parsed.key));
  if (address.allowed) {
    const request = { email: parsed.key, requestId: origin.requestId, network: origin.network };
    await jobs.add('password-reset', {
      sealed: sealRequest(cipher, { ...request, ...(wayBack && { wayBack }) }),
    });
  }
  events.resetAsked(origin, address.allowed);
  return undefined;
}

export const limitKey = (text: string): string => createHash('sha256').update(text).digest('base64url');
