/** Merges of accounts in PostgreSQL. The rows of both accounts are the lock. */
import type { Database, Queryable } from '../database/database.ts';
import type { ConsentType } from '../document-store/document-store.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { AccountMerges, Merge } from './account-merges.ts';
import { moveRows, restoreRows } from './moved-rows.ts';
import { readSides } from './sides.ts';

const COLUMNS = `id, survivor_id, closed_id, merged_at, merged_by, reason, held_consents, carried_consents, undo_until, undone_at, undone_by`;

type Row = {
  id: string;
  survivor_id: string;
  closed_id: string;
  merged_at: Date;
  merged_by: string;
  reason: string;
  held_consents: ConsentType[];
  carried_consents: ConsentType[];
  undo_until: Date;
  undone_at: Date | null;
  undone_by: string | null;
};

export function postgresMerges(database: Database): AccountMerges & Sweeper {
  return {
    sides: (ids, within) => readSides(ids, within),
    move: (pair, moves, within) => moveRows(pair, moves, within),
    async record({ id, survivorId, closedId, by, reason, undoDays }, { held, carried }, before, within) {
      await within.query(
        `insert into account_merge (id, survivor_id, closed_id, merged_by, reason, held_consents, carried_consents, before, undo_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(days => $9))`,
        [id, survivorId, closedId, by, reason, held, carried, before, undoDays],
      );
    },
    async find(id, within: Queryable = database) {
      const [row] = await within.query<Row>(`select ${COLUMNS} from account_merge where id = $1`, [id]);
      return row && toMerge(row);
    },
    async claimUndo(id, by, within) {
      const [claimed] = await within.query<{ before: string | null }>(
        `with due as (
           select id, before from account_merge
            where id = $1 and undone_at is null and undo_until > now() and before is not null for update)
         update account_merge m set undone_at = now(), undone_by = $2, before = null
           from due where m.id = due.id returning due.before`,
        [id, by],
      );
      return claimed?.before ?? undefined;
    },
    restore: (pair, memory, within) => restoreRows(pair, memory, within),
    async of(id) {
      const rows = await database.query<Row>(
        `select ${COLUMNS} from account_merge where survivor_id = $1 or closed_id = $1 order by merged_at desc, id`,
        [id],
      );
      return rows.map(toMerge);
    },
    // What the closed one is protected by waits with it; it does not come back any more.
    async sweep() {
      const rows = await database.query(
        `with lapsed as (
           update account_merge set before = null where before is not null and undo_until <= now()
           returning id, closed_id),
         apps as (delete from code_app where account_id in (select closed_id from lapsed)),
         keys as (delete from passkey where account_id in (select closed_id from lapsed)),
         papers as (delete from recovery_code where account_id in (select closed_id from lapsed)),
         asked as (delete from account_protection where account_id in (select closed_id from lapsed))
         select id from lapsed`,
      );
      return rows.length;
    },
  };
}

function toMerge(row: Row): Merge {
  return {
    ...{ id: row.id, survivorId: row.survivor_id, closedId: row.closed_id, by: row.merged_by },
    ...{ reason: row.reason, mergedAt: row.merged_at, undoUntil: row.undo_until },
    ...{ held: row.held_consents, carried: row.carried_consents },
    ...(row.undone_at && { undone: { at: row.undone_at, by: row.undone_by ?? '' } }),
  };
}
