/** The record of letters in PostgreSQL. */
import { createHmac } from 'node:crypto';
import type { Database, Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { LetterRecord, Trouble } from './letter-record.ts';

const SWEPT_AT_ONCE = 5_000;
/** Mail servers give up after five days; their reports take their time too. */
const LETTERS_REMEMBERED = '30 days';
const TROUBLE_REMEMBERED = '1 year';

/** `key`: whoever has the table but not the key cannot try out addresses. */
export function postgresLetterRecord(database: Database, key: Buffer): LetterRecord & Sweeper {
  const keyOf = (address: string): Buffer => createHmac('sha256', key).update(`letter:${address}`).digest();
  const settle = (tx: Queryable, letterId: string, addressKey: Buffer) =>
    tx.query(
      `insert into settled_letter (letter_id, address_key) values ($1, $2) on conflict (letter_id) do nothing`,
      [letterId, addressKey],
    );
  const trouble = (tx: Queryable, addressKey: Buffer, kind: Trouble['kind']) =>
    tx.query(
      `insert into address_trouble (address_key, kind) values ($1, $2) on conflict (address_key) do nothing`,
      [addressKey, kind],
    );

  return {
    async isSettled(letterId) {
      const rows = await database.query('select 1 from settled_letter where letter_id = $1', [letterId]);
      return rows.length > 0;
    },

    async accepted({ letterId, address }) {
      await database.query(
        `with recovered as (delete from address_trouble where address_key = $2)
         insert into settled_letter (letter_id, address_key) values ($1, $2) on conflict (letter_id) do nothing`,
        [letterId, keyOf(address)],
      );
    },

    async refused({ letterId, address }) {
      const addressKey = keyOf(address);
      await database.transaction(async (tx) => {
        await trouble(tx, addressKey, 'refused');
        await settle(tx, letterId, addressKey);
      });
    },

    async bounced(letterId) {
      return database.transaction(async (tx) => {
        const [letter] = await tx.query<{ address_key: Buffer }>(
          'select address_key from settled_letter where letter_id = $1',
          [letterId],
        );
        if (letter) await trouble(tx, Buffer.from(letter.address_key), 'bounced');
        return letter !== undefined;
      });
    },

    async troubleWith(address) {
      const [row] = await database.query<Trouble>(
        'select since, kind from address_trouble where address_key = $1',
        [keyOf(address)],
      );
      return row;
    },

    async domainOf(id, within = database) {
      const [row] = await within.query<{ domain: string }>(
        `select split_part(value, '@', 2) as domain from identifier
          where account_id = $1 and kind = 'email' and confirmed_at is not null and not further`,
        [id],
      );
      return row?.domain;
    },

    async sweep() {
      const letters = await database.query(
        `delete from settled_letter where letter_id in
           (select letter_id from settled_letter where at < now() - interval '${LETTERS_REMEMBERED}'
             limit ${SWEPT_AT_ONCE})
         returning letter_id`,
      );
      const troubles = await database.query(
        `delete from address_trouble where address_key in
           (select address_key from address_trouble where since < now() - interval '${TROUBLE_REMEMBERED}'
             limit ${SWEPT_AT_ONCE})
         returning address_key`,
      );
      return letters.length + troubles.length;
    },
  };
}
