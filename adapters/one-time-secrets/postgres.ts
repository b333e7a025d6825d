/** One-time secrets in PostgreSQL: one conditional statement decides, and its row lock puts parallel guesses in a line. */
import { createHmac } from 'node:crypto';
import type { Database, Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { OneTimeSecrets, Purpose } from './one-time-secrets.ts';

const SWEPT_AT_ONCE = 5_000;
/** Kept a while after their end: «used» is remembered longer than anybody tries again. */
const REMEMBERED = '7 days';

/** `key`: whoever has the table but not the key cannot try out codes. */
export function postgresOneTimeSecrets(database: Database, key: Buffer): OneTimeSecrets & Sweeper {
  const hashOf = (purpose: Purpose, secret: string): Buffer =>
    createHmac('sha256', key).update(`one-time:${purpose}:${secret}`).digest();

  const write = async (tx: Queryable, purpose: Purpose, subject: string): Promise<void> => {
    // Serialises two that are issued at once: the later one stands.
    await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 5))`, [`${purpose}:${subject}`]);
    await tx.query(`delete from one_time_secret where purpose = $1 and subject = $2 and used_at is null`, [
      purpose,
      subject,
    ]);
  };

  return {
    async issue({ purpose, subject, binding = '', secret, seconds, tries }, within) {
      const work = async (tx: Queryable): Promise<void> => {
        await write(tx, purpose, subject);
        await tx.query(
          `insert into one_time_secret (purpose, subject, secret_hash, binding, tries_left, expires_at)
           values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))`,
          [purpose, subject, hashOf(purpose, secret), binding, tries, seconds],
        );
      };
      await (within ? work(within) : database.transaction(work));
    },

    async redeem({ purpose, subject, binding = '', secret }, within = database) {
      const [row] = await within.query<{ is_right: boolean; tries_left: number }>(
        `update one_time_secret
            set tries_left = tries_left - 1,
                used_at = case when secret_hash = $3 and binding = $4 then clock_timestamp() end
          where purpose = $1 and subject = $2 and used_at is null and tries_left > 0
            and expires_at > clock_timestamp()
        returning used_at is not null as is_right, tries_left`,
        [purpose, subject, hashOf(purpose, secret), binding],
      );
      if (!row) return { kind: 'none' };
      return row.is_right ? { kind: 'right' } : { kind: 'wrong', triesLeft: row.tries_left };
    },

    async subjectOf(purpose, secret) {
      const [row] = await database.query<{ subject: string }>(
        `select subject from one_time_secret
          where purpose = $1 and secret_hash = $2 and used_at is null and tries_left > 0 and expires_at > now()`,
        [purpose, hashOf(purpose, secret)],
      );
      return row?.subject;
    },

    async issuedAt(purpose, subject) {
      const [row] = await database.query<{ created_at: Date }>(
        `select created_at from one_time_secret
          where purpose = $1 and subject = $2 and used_at is null and expires_at > now()`,
        [purpose, subject],
      );
      return row?.created_at;
    },

    async revoke(purpose, subject, within = database) {
      await within.query(
        `delete from one_time_secret where purpose = $1 and subject = $2 and used_at is null`,
        [purpose, subject],
      );
    },

    async sweep() {
      const rows = await database.query(
        `delete from one_time_secret where id in
           (select id from one_time_secret where expires_at < now() - interval '${REMEMBERED}' limit ${SWEPT_AT_ONCE})
         returning id`,
      );
      return rows.length;
    },
  };
}
