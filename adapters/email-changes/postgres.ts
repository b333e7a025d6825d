/** Changes of address in PostgreSQL. The unique index of `identifier` decides who has an address. */
import type { Database, Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { CompletedEmailChange, EmailAddress, EmailChange, EmailChanges } from './email-changes.ts';

const COLUMNS = `id, account_id, value, original, proved_at is not null as proved, expires_at,
                 former_value, former_original`;

type Row = {
  id: string;
  account_id: string;
  value: string;
  original: string;
  proved: boolean;
  expires_at: Date;
  former_value: string | null;
  former_original: string | null;
};

export function postgresEmailChanges(database: Database): EmailChanges & Sweeper {
  const one = async (text: string, values: readonly string[], on: Queryable = database) =>
    (await on.query<Row>(text, values))[0];

  return {
    async begin(accountId, { id, address, seconds }, within) {
      // Of two begun at once the later one stands.
      await within.query('select from account where id = $1 for update', [accountId]);
      await within.query('delete from email_change where account_id = $1 and completed_at is null', [
        accountId,
      ]);
      await within.query(
        `insert into email_change (id, account_id, value, original, expires_at)
         values ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
        [id, accountId, address.key, address.original, seconds],
      );
    },
    async pending(accountId, within) {
      const row = await one(
        `select ${COLUMNS} from email_change
          where account_id = $1 and completed_at is null and expires_at > now()`,
        [accountId],
        within,
      );
      return row && toChange(row);
    },
    async find(id) {
      const row = await one(
        `select ${COLUMNS} from email_change where id = $1 and completed_at is null and expires_at > now()`,
        [id],
      );
      return row && toChange(row);
    },
    async prove(id, within) {
      const row = await one(
        `update email_change set proved_at = now()
          where id = $1 and completed_at is null and expires_at > now() returning ${COLUMNS}`,
        [id],
        within,
      );
      return row !== undefined;
    },
    async cancel(accountId, within) {
      const row = await one(
        `delete from email_change where account_id = $1 and completed_at is null returning ${COLUMNS}`,
        [accountId],
        within,
      );
      return row !== undefined;
    },
    async complete(id, undoSeconds, within) {
      const change = await one(
        `select ${COLUMNS} from email_change
          where id = $1 and completed_at is null and proved_at is not null and expires_at > now() for update`,
        [id],
        within,
      );
      if (!change) return undefined;
      const former = await replaceAddress(within, change.account_id, {
        key: change.value,
        original: change.original,
      });
      if (!former) return undefined;
      await within.query(
        `update email_change set completed_at = now(), former_value = $2, former_original = $3,
                expires_at = now() + make_interval(secs => $4)
          where id = $1`,
        [id, former.key, former.original, undoSeconds],
      );
      return { id, accountId: change.account_id, former };
    },
    async add(id, within) {
      const change = await one(
        `select ${COLUMNS} from email_change
          where id = $1 and completed_at is null and proved_at is not null and expires_at > now() for update`,
        [id],
        within,
      );
      if (!change) return undefined;
      const { account_id: accountId, value, original } = change;
      // Two additions of one account take turns, and the second finds the address of the first.
      await within.query('update account set updated_at = now() where id = $1', [accountId]);
      const added = await within.query(
        `insert into identifier (kind, value, account_id, original, confirmed_at)
         select 'email', $1, $2, $3, now()
          where not exists (select from identifier where account_id = $2 and kind = 'email')
         on conflict do nothing returning value`,
        [value, accountId, original],
      );
      if (added.length === 0) return undefined;
      await within.query('delete from email_change where id = $1', [id]);
      return accountId;
    },
    async undoable(id) {
      const row = await one(
        `select ${COLUMNS} from email_change
          where id = $1 and completed_at is not null and expires_at > now()`,
        [id],
      );
      return row && toCompleted(row);
    },
    async undo(id, within) {
      const change = await one(
        `select ${COLUMNS} from email_change
          where id = $1 and completed_at is not null and expires_at > now() for update`,
        [id],
        within,
      );
      const completed = change && toCompleted(change);
      if (!completed) return undefined;
      const { accountId, former } = completed;
      if (!(await replaceAddress(within, accountId, former))) return undefined;
      const forgotten = await within.query<{ id: string }>(
        `delete from email_change
          where account_id = $1 and (id = $2 or completed_at is null
                or completed_at >= (select completed_at from email_change where id = $2))
          returning id`,
        [accountId, id],
      );
      return forgotten.map((row) => row.id);
    },
    async sweep() {
      const rows = await database.query('delete from email_change where expires_at <= now() returning id');
      return rows.length;
    },
  };
}

/** The address the account had; undefined, and nothing done, when the new one is another's or the account has none. */
async function replaceAddress(
  within: Queryable,
  accountId: string,
  { key, original }: EmailAddress,
): Promise<EmailAddress | undefined> {
  const [former] = await within.query<{ value: string; original: string }>(
    `select value, original from identifier where account_id = $1 and kind = 'email' and not further for update`,
    [accountId],
  );
  if (!former) return undefined;
  if (former.value !== key) {
    // No error to break the transaction: a lost race is an answer.
    const taken = await within.query(
      `insert into identifier (kind, value, account_id, original, confirmed_at)
       values ('email', $1, $2, $3, now()) on conflict do nothing returning value`,
      [key, accountId, original],
    );
    if (taken.length === 0) return undefined;
    await within.query(`delete from identifier where kind = 'email' and value = $1`, [former.value]);
  }
  await within.query('update account set updated_at = now() where id = $1', [accountId]);
  return { key: former.value, original: former.original };
}

function toChange({ id, account_id, value, original, proved, expires_at }: Row): EmailChange {
  return {
    id,
    accountId: account_id,
    address: { key: value, original },
    proved,
    expiresAt: expires_at,
  };
}

function toCompleted({
  id,
  account_id,
  former_value,
  former_original,
}: Row): CompletedEmailChange | undefined {
  if (former_value === null || former_original === null) return undefined;
  return { id, accountId: account_id, former: { key: former_value, original: former_original } };
}
