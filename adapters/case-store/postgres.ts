/** Cases in PostgreSQL. The partial unique index holds one unsettled case to an identity and a record. */
import type { Database, Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { Case, CaseSide, CaseState, CaseStore, MismatchKind, NewCase } from './case-store.ts';

/** How long what was told is kept after a case is settled, and of one that nobody touches any more. */
const SETTLED_DAYS = 30;
const FORGOTTEN_DAYS = 365;

const COLUMNS = `number, side, issuer, subject, upstream, account_id, member_id, school_person_id, school_id,
       kinds, told, client_id, state, reason, opened_at, changed_at, effective_at`;
const SETTLED = `state in ('retry_ok', 'closed')`;
/** Of a case and of the one its page begins behind. */
const IS_SETTLED = `(c.${SETTLED})`;
const WAS_SETTLED = `(b.${SETTLED})`;

type Row = {
  number: string;
  side: CaseSide;
  issuer: string;
  subject: string | null;
  upstream: string;
  account_id: string | null;
  member_id: string | null;
  school_person_id: string | null;
  school_id: string | null;
  kinds: MismatchKind[];
  told: string | null;
  client_id: string;
  state: CaseState;
  reason: string | null;
  opened_at: Date;
  changed_at: Date | null;
  effective_at: Date | null;
};

export function postgresCases(database: Database): CaseStore & Sweeper {
  return {
    open: (fresh, within) =>
      within ? openCase(fresh, within) : database.transaction((tx) => openCase(fresh, tx)),
    async find(number) {
      const [row] = await database.query<Row>(`select ${COLUMNS} from mismatch_case where number = $1`, [
        number,
      ]);
      return row && toCase(row);
    },
    async list(of, { limit, before }) {
      const rows = await database.query<Row>(
        `select ${COLUMNS} from mismatch_case c
          where side = $1 and school_id is not distinct from $2
            and ($3::text is null
                 or exists (select from mismatch_case b
                             where b.number = $3
                               and (${IS_SETTLED} > ${WAS_SETTLED}
                                    or ${IS_SETTLED} = ${WAS_SETTLED} and c.number < b.number)))
          order by ${IS_SETTLED}, number desc limit $4`,
        [of.side, of.side === 'school' ? of.schoolId : null, before ?? null, limit],
      );
      return rows.map(toCase);
    },
    async latestOf(side, { issuer, subject }) {
      const [row] = await database.query<Row>(
        `select ${COLUMNS} from mismatch_case
          where side = $1 and issuer = $2 and subject = $3 and not (${SETTLED})
          order by opened_at desc, number desc limit 1`,
        [side, issuer, subject],
      );
      return row && toCase(row);
    },
    async ofIdentity({ issuer, subject }) {
      const rows = await database.query<Row>(
        `select ${COLUMNS} from mismatch_case where issuer = $1 and subject = $2 order by opened_at, number`,
        [issuer, subject],
      );
      return rows.map(toCase);
    },
    async move(number, from, to, within, { effectiveAt, reason, accountId } = {}) {
      const rows = await within.query(
        `update mismatch_case
            set state = $3, effective_at = coalesce($4, effective_at), reason = coalesce($5, reason),
                account_id = coalesce($6, account_id), touched_at = now(),
                changed_at = case when $3 = 'changed' then now() else changed_at end
          where number = $1 and state = any($2) returning number`,
        [number, from, to, effectiveAt ?? null, reason ?? null, accountId ?? null],
      );
      return rows.length === 1;
    },
    async narrow(number, kinds, within) {
      await within.query('update mismatch_case set kinds = $2, touched_at = now() where number = $1', [
        number,
        kinds,
      ]);
    },
    async sweep() {
      const rows = await database.query(
        `update mismatch_case
            set subject = null, told = null, reason = null,
                state = case when state = 'retry_ok' then state else 'closed' end
          where subject is not null
            and touched_at < now() - make_interval(days => case when ${SETTLED} then $1::int else $2::int end)
        returning number`,
        [SETTLED_DAYS, FORGOTTEN_DAYS],
      );
      return rows.length;
    },
  };
}

async function openCase(fresh: NewCase, within: Queryable): Promise<Case> {
  const known = await tellAgain(fresh, within);
  if (known) return known;
  // Whoever opens one waits here for the others of the year; what they have opened meanwhile is seen after it.
  const [next] = await within.query<{ number: string }>(
    `insert into case_number as n (year, last)
     values (extract(year from now() at time zone 'Europe/Moscow')::int, 1)
     on conflict (year) do update set last = n.last + 1
     returning year || '-' || lpad(last::text, greatest(6, length(last::text)), '0') as number`,
  );
  const opened = await tellAgain(fresh, within);
  if (opened) return opened;
  const { side, key, upstream, accountId, memberId, schoolPersonId, schoolId, kinds, told, clientId } = fresh;
  const [row] = await within.query<Row>(
    `insert into mismatch_case (number, side, issuer, subject, upstream, account_id, member_id,
            school_person_id, school_id, kinds, told, client_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     returning ${COLUMNS}`,
    [
      ...[next?.number ?? null, side, key.issuer, key.subject, upstream, accountId ?? null, memberId ?? null],
      ...[schoolPersonId ?? null, schoolId ?? null, kinds, told, clientId],
    ],
  );
  if (!row) throw new Error('an inserted case came back as nothing');
  return toCase(row);
}

/** She has tried again: what differs now is what counts. */
async function tellAgain(
  { side, key, schoolPersonId, memberId, accountId, kinds, told }: NewCase,
  within: Queryable,
): Promise<Case | undefined> {
  const [row] = await within.query<Row>(
    `update mismatch_case
        set kinds = $5, told = $6, account_id = coalesce(account_id, $7), touched_at = now()
      where side = $1 and issuer = $2 and subject = $3
        and coalesce(school_person_id, member_id, account_id, '') = $4
        and state not in ('retry_ok', 'closed')
      returning ${COLUMNS}`,
    [
      ...[side, key.issuer, key.subject, schoolPersonId ?? memberId ?? accountId ?? ''],
      ...[kinds, told, accountId ?? null],
    ],
  );
  return row && toCase(row);
}

function toCase(row: Row): Case {
  const { number, side, upstream, kinds, state } = row;
  return {
    ...{ number, side, upstream, kinds, state, clientId: row.client_id, openedAt: row.opened_at },
    ...(row.subject !== null && { key: { issuer: row.issuer, subject: row.subject } }),
    ...(row.account_id !== null && { accountId: row.account_id }),
    ...(row.member_id !== null && { memberId: row.member_id }),
    ...(row.school_person_id !== null && { schoolPersonId: row.school_person_id }),
    ...(row.school_id !== null && { schoolId: row.school_id }),
    ...(row.told !== null && { told: row.told }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.changed_at !== null && { changedAt: row.changed_at }),
    ...(row.effective_at !== null && { effectiveAt: row.effective_at }),
  };
}
