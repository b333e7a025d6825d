/** Where the register kept by ourselves notes what happened, in the order in which it was committed. */
import type { Queryable } from '../database/database.ts';

/** Any number nobody else uses as an advisory lock: «reg» in hexadecimal. */
const LOCK = 0x726567;

export type LoggedChange = {
  readonly applicationId?: string;
  readonly applicationState?: 'received' | 'accepted' | 'returned' | 'rejected';
  readonly reason?: string;
  readonly memberId?: string;
};

/** The last statement of its transaction: others wait for its end, or a reader could pass a number not yet committed. */
export async function recordChange(tx: Queryable, change: LoggedChange): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
  await tx.query(
    `insert into register_change (application_id, application_state, reason, member_id) values ($1, $2, $3, $4)`,
    [
      ...[change.applicationId ?? null, change.applicationState ?? null],
      ...[change.reason ?? null, change.memberId ?? null],
    ],
  );
}

/** The same for members whose state or tickets have changed together. */
export async function recordMemberChanges(tx: Queryable, memberIds: readonly string[]): Promise<void> {
  if (memberIds.length === 0) return;
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
  await tx.query(
    'insert into register_change (member_id) select member from unnest($1::text[]) as changed (member)',
    [memberIds],
  );
}
