/** Recovery codes in PostgreSQL, kept as keyed hashes. */
import { createHmac } from 'node:crypto';
import type { RecoveryCodes } from './authenticators.ts';

/** `key`: whoever has the table but not the key cannot try out codes. */
export function postgresRecoveryCodes(key: Buffer): RecoveryCodes {
  const hashOf = (accountId: string, code: string): Buffer =>
    createHmac('sha256', key).update(`recovery:${accountId}:${code}`).digest();

  return {
    async replace(accountId, codes, within) {
      await within.query('delete from recovery_code where account_id = $1', [accountId]);
      for (const code of codes) {
        await within.query('insert into recovery_code (account_id, code_hash) values ($1, $2)', [
          accountId,
          hashOf(accountId, code),
        ]);
      }
    },
    async redeem(accountId, code, within) {
      const used = await within.query(
        `update recovery_code set used_at = now()
          where account_id = $1 and code_hash = $2 and used_at is null returning account_id`,
        [accountId, hashOf(accountId, code)],
      );
      if (used.length === 0) return undefined;
      const [row] = await within.query<{ left: number }>(
        `select count(*)::int as left from recovery_code where account_id = $1 and used_at is null`,
        [accountId],
      );
      return row?.left ?? 0;
    },
  };
}
