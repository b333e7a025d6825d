/** The row by which an account is protected: made when something is first set on it, with a handle that says nothing. */
import { randomBytes } from 'node:crypto';
import type { Queryable } from '../database/database.ts';

const HANDLE_BYTES = 32;

export async function ensureProtection(accountId: string, within: Queryable): Promise<void> {
  await within.query(
    'insert into account_protection (account_id, user_handle) values ($1, $2) on conflict do nothing',
    [accountId, randomBytes(HANDLE_BYTES).toString('base64url')],
  );
}
