/** Uploaded lists in PostgreSQL, every row sealed. */
import type { Cipher } from '../cipher/cipher.ts';
import type { Database, Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { ListPart, ListRow, MemberList, MemberLists } from './member-lists.ts';

const KEPT_DAYS = 1;
const COLUMNS = `id, organisation_id, uploaded_by, uploaded_at, state, rows, done, added, changed, unchanged, refused,
                 to_add, to_change, to_leave, faulty`;
/** As the partial indexes have it. */
const IS_IN: Readonly<Record<ListPart, string>> = {
  faults: `faults <> '{}'`,
  changes: `faults = '{}' and writes`,
};

type Row = {
  id: string;
  organisation_id: string;
  uploaded_by: string;
  uploaded_at: Date;
  state: MemberList['state'];
  rows: number;
  done: number;
  added: number;
  changed: number;
  unchanged: number;
  refused: number;
  to_add: number;
  to_change: number;
  to_leave: number;
  faulty: number;
};
type LineRow = { line: number; sealed: string; faults: string[]; writes: boolean };

export function postgresMemberLists(database: Database, cipher: Cipher): MemberLists & Sweeper {
  const contextOf = (id: string, line: number): string => `member-list:${id}:${line}`;
  const toLine = (id: string, { line, sealed, faults, writes }: LineRow): ListRow => ({
    ...{ line, faults, writes },
    content: cipher.open(sealed, contextOf(id, line)),
  });

  return {
    async keep({ id, organisationId, uploadedBy, uploadedAt }, rows, { add, change, same }) {
      const sound = rows.filter(({ faults }) => faults.length === 0).length;
      await database.transaction(async (tx) => {
        await tx.query(
          `insert into member_list (id, organisation_id, uploaded_by, uploaded_at, rows, to_add, to_change, to_leave,
                                    faulty)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            ...[id, organisationId, uploadedBy, uploadedAt],
            ...[sound, add, change, same, rows.length - sound],
          ],
        );
        await tx.query(
          `insert into member_list_row (list_id, line, sealed, faults, writes)
           select $1, line, sealed, string_to_array(faults, ' '), writes::boolean
             from unnest($2::int[], $3::text[], $4::text[], $5::text[]) as given (line, sealed, faults, writes)`,
          [
            id,
            rows.map(({ line }) => line),
            rows.map(({ line, content }) => cipher.seal(content, contextOf(id, line))),
            rows.map(({ faults }) => faults.join(' ')),
            rows.map(({ writes }) => String(writes)),
          ],
        );
      });
    },
    async find(organisationId, id, within = database) {
      const [row] = await within.query<Row>(
        `select ${COLUMNS} from member_list where id = $1 and organisation_id = $2`,
        [id, organisationId],
      );
      return row && toList(row);
    },
    async page(id, part, after, limit) {
      const rows = await database.query<LineRow>(
        `select line, sealed, faults, writes from member_list_row
          where list_id = $1 and ${IS_IN[part]} and line > $2 order by line limit $3`,
        [id, after, limit],
      );
      return rows.map((row) => toLine(id, row));
    },
    async confirm(organisationId, id, within) {
      const rows = await within.query(
        `update member_list set state = case when rows = 0 then 'done' else 'confirmed' end
          where id = $1 and organisation_id = $2 and state = 'checked' returning 1`,
        [id, organisationId],
      );
      return rows.length === 1;
    },
    async next(id, limit, within) {
      const [list] = await within.query<Row>(
        `select ${COLUMNS} from member_list where id = $1 and state = 'confirmed' for update`,
        [id],
      );
      if (!list) return undefined;
      const rows = await within.query<LineRow>(
        `select line, sealed, faults, writes from member_list_row
          where list_id = $1 and not settled and faults = '{}' order by line limit $2`,
        [id, limit],
      );
      return { list: toList(list), rows: rows.map((row) => toLine(id, row)) };
    },
    async settle(id, lines, { added, changed, unchanged, refused }, faults, within) {
      await within.query('update member_list_row set settled = true where list_id = $1 and line = any($2)', [
        id,
        lines,
      ]);
      await markRefused(within, id, faults);
      await within.query(
        `update member_list
            set done = done + $2, added = added + $3, changed = changed + $4, unchanged = unchanged + $5,
                refused = refused + $6, faulty = faulty + $6, state = case when done + $2 = rows then 'done' else state end
          where id = $1`,
        [id, lines.length, added, changed, unchanged, refused],
      );
    },
    async sweep() {
      const rows = await database.query(
        `delete from member_list where uploaded_at < now() - make_interval(days => ${KEPT_DAYS}) returning 1`,
      );
      return rows.length;
    },
  };
}

async function markRefused(
  within: Queryable,
  id: string,
  faults: ReadonlyMap<number, string>,
): Promise<void> {
  if (faults.size === 0) return;
  await within.query(
    `update member_list_row r set faults = array[given.fault]
       from unnest($2::int[], $3::text[]) as given (line, fault) where r.list_id = $1 and r.line = given.line`,
    [id, [...faults.keys()], [...faults.values()]],
  );
}

function toList({ organisation_id, uploaded_by, uploaded_at, ...row }: Row): MemberList {
  return {
    ...{ organisationId: organisation_id, uploadedBy: uploaded_by, uploadedAt: uploaded_at },
    ...{ id: row.id, state: row.state, rows: row.rows, done: row.done },
    ...{ added: row.added, changed: row.changed, unchanged: row.unchanged, refused: row.refused },
    plans: { add: row.to_add, change: row.to_change, same: row.to_leave },
    faulty: row.faulty,
  };
}
