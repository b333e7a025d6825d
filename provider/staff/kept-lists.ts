/**
 * How many uploaded lists are kept for an organisation in an hour. Each lies with us for a day, with data of as many people
 * as it has lines: enough for whoever mends hers again and again, and no storehouse.
 */
import { createHash } from 'node:crypto';
import type { Limiter } from '../../adapters/limiter/limiter.ts';

export const LISTS_PER_ORGANISATION = { points: 30, seconds: 60 * 60 } as const;

export type ListRefusal = {
  readonly code: 'lists_too_many';
  readonly params: { readonly limit: number; readonly minutes: number };
};

/** Undefined when one more may be kept, which is counted then. */
export async function listRefusal(lists: Limiter, organisationId: string): Promise<ListRefusal | undefined> {
  const key = createHash('sha256').update(organisationId).digest('base64url');
  const { allowed, retryAfter } = await lists.take(key);
  if (allowed) return undefined;
  const { points: limit } = LISTS_PER_ORGANISATION;
  return { code: 'lists_too_many', params: { limit, minutes: Math.ceil(retryAfter / 60) } };
}
