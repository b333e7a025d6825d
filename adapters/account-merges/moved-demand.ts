/**
 * That a second factor is asked for, when two accounts become one: the survivor asks as the closed one did, and stops when
 * that is undone, unless the person has settled it otherwise since. The closed one keeps its own, for when it comes back.
 */
import { ensureProtection } from '../authenticators/protection-row.ts';
import type { Queryable } from '../database/database.ts';

export type Pair = { readonly survivorId: string; readonly closedId: string };

/** Since when; null when the survivor asks for one by itself, or the closed one never did. */
export async function demandAsClosedDid(
  { survivorId, closedId }: Pair,
  within: Queryable,
): Promise<string | null> {
  await ensureProtection(survivorId, within);
  const [row] = await within.query<{ since: string }>(
    `update account_protection s set always_asked_at = c.always_asked_at, mail_counts_at = null
       from account_protection c
      where s.account_id = $1 and c.account_id = $2
        and s.always_asked_at is null and c.always_asked_at is not null
     returning s.always_asked_at::text as since`,
    [survivorId, closedId],
  );
  return row?.since ?? null;
}

/** Whoever has switched it off and on since wants it for itself: its moment is another one. */
export async function demandAsBefore(survivorId: string, since: string, within: Queryable): Promise<void> {
  await within.query(
    `update account_protection set always_asked_at = null, mail_counts_at = null
      where account_id = $1 and always_asked_at = $2::timestamptz`,
    [survivorId, since],
  );
}
