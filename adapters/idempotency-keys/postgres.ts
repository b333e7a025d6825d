/** Keys of calls in PostgreSQL: the unique index makes the second of two callers wait for the first. */
import type { Cipher } from '../cipher/cipher.ts';
import type { Database } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { IdempotencyKeys, KeyedCall } from './idempotency-keys.ts';

const KEPT_HOURS = 24;

type Row = { readonly digest: string; readonly answer: string | null };

export function postgresIdempotencyKeys(database: Database, cipher: Cipher): IdempotencyKeys & Sweeper {
  return {
    async claim(call, within) {
      const { accountId, key, digest } = call;
      const made = await within.query(
        `insert into idempotency_key (account_id, key, digest) values ($1, $2, $3)
         on conflict (account_id, key) do update
           set digest = excluded.digest, answer = null, created_at = now()
           where idempotency_key.created_at <= now() - make_interval(hours => $4)
         returning 1`,
        [accountId, key, digest, KEPT_HOURS],
      );
      if (made.length > 0) return { kind: 'new' };
      const [row] = await within.query<Row>(
        'select digest, answer from idempotency_key where account_id = $1 and key = $2',
        [accountId, key],
      );
      if (row?.digest !== digest || row.answer === null) return { kind: 'other' };
      return { kind: 'done', answer: cipher.open(row.answer, sealingContext(call)) };
    },
    async settle(call, answer, within) {
      await within.query('update idempotency_key set answer = $3 where account_id = $1 and key = $2', [
        ...[call.accountId, call.key],
        cipher.seal(answer, sealingContext(call)),
      ]);
    },
    async sweep() {
      const rows = await database.query(
        'delete from idempotency_key where created_at <= now() - make_interval(hours => $1) returning 1',
        [KEPT_HOURS],
      );
      return rows.length;
    },
  };
}

const sealingContext = ({ accountId, key }: KeyedCall): string => `idempotency:${accountId}:${key}`;
