/** The record of letters in PostgreSQL. */
import { createHmac } from 'node:crypto';
import type { Database, Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { LetterOutcome, LetterRecord, Trouble } from './letter-record.ts';

const SWEPT_AT_ONCE = 5_000;
/** Signing codes are evidence and stay; the others answer a complaint, and nobody complains after a year. */
const REMEMBERED = '1 year';

/** `key`: whoever has the table but not the key cannot try out addresses. */
export function postgresLetterRecord(database: Database, key: Buffer): LetterRecord & Sweeper {
  const keyOf = (address: string): Buffer => createHmac('sha256', key).update(`letter:${address}`).digest();
  const trouble = (tx: Queryable, addressKey: Buffer, kind: Trouble['kind']) =>
    tx.query(
      `insert into address_trouble (address_key, kind) values ($1, $2) on conflict (address_key) do nothing`,
      [addressKey, kind],
    );

  return {
    async isSettled(letterId) {
      const rows = await database.query('select 1 from letter_outcome where letter_id = $1', [letterId]);
      return rows.length > 0;
    },

    async accepted({ letterId, template, accountId, address, receipt }) {
      const addressKey = keyOf(address);
      await database.query(
        `with recovered as (delete from address_trouble where address_key = $4)
         insert into letter_outcome (letter_id, template, account_id, address_key, outcome, receipt)
         values ($1, $2, $3, $4, 'accepted', $5) on conflict (letter_id) do nothing`,
        [letterId, template, accountId ?? null, addressKey, receipt],
      );
    },

    async refused({ letterId, template, accountId, address }) {
      const addressKey = keyOf(address);
      await database.transaction(async (tx) => {
        await trouble(tx, addressKey, 'refused');
        await tx.query(
          `insert into letter_outcome (letter_id, template, account_id, address_key, outcome)
           values ($1, $2, $3, $4, 'refused') on conflict (letter_id) do nothing`,
          [letterId, template, accountId ?? null, addressKey],
        );
      });
    },

    async bounced(address, letterId) {
      const addressKey = keyOf(address);
      await database.transaction(async (tx) => {
        await trouble(tx, addressKey, 'bounced');
        if (letterId === undefined) return;
        // Only the letter that really went to this address: whoever forges a report cannot tell.
        await tx.query(
          `update letter_outcome set outcome = 'bounced' where letter_id = $1 and address_key = $2`,
          [letterId, addressKey],
        );
      });
    },

    async troubleWith(address) {
      const [row] = await database.query<Trouble>(
        'select since, kind from address_trouble where address_key = $1',
        [keyOf(address)],
      );
      return row && { since: row.since, kind: row.kind };
    },

    lettersTo: (id) =>
      database.query<LetterOutcome>(
        `select letter_id as "letterId", template, at, outcome, receipt
           from letter_outcome where account_id = $1 order by at, letter_id`,
        [id],
      ),

    async domainOf(id, within = database) {
      const [row] = await within.query<{ domain: string }>(
        `select split_part(value, '@', 2) as domain from identifier
          where account_id = $1 and kind = 'email' and confirmed_at is not null`,
        [id],
      );
      return row?.domain;
    },

    async sweep() {
      const outcomes = await database.query(
        `delete from letter_outcome where letter_id in
           (select letter_id from letter_outcome
             where template <> 'signing-code' and at < now() - interval '${REMEMBERED}' limit ${SWEPT_AT_ONCE})
         returning letter_id`,
      );
      const troubles = await database.query(
        `delete from address_trouble where address_key in
           (select address_key from address_trouble
             where since < now() - interval '${REMEMBERED}' limit ${SWEPT_AT_ONCE})
         returning address_key`,
      );
      return outcomes.length + troubles.length;
    },
  };
}
