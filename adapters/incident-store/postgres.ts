/** Incidents in PostgreSQL. Whom one is about is read from the index of sign-ins by their time. */
import type { Database, Queryable, Value } from '../database/database.ts';
import type { AffectedAccount, AffectedBy, ForcedReset, IncidentStore } from './incident-store.ts';

const SIGN_INS = `from audit where event = 'sign_in' and outcome = 'success' and account_id is not null
    and at >= $1 and at < $2 and ($3::text is null or network = $3) and ($4::text is null or client_id = $4)`;
const values = ({ from, until, network, clientId }: AffectedBy): readonly Value[] => [
  ...[from, until, network ?? null, clientId ?? null],
];

type AffectedRow = Omit<AffectedAccount, 'memberId'> & { memberId: string | null };
type ResetRow = Omit<ForcedReset, 'endedAt'> & { endedAt: Date | null };

export function postgresIncidents(database: Database): IncidentStore {
  return {
    async keepNote({ id, by, what, note }, within) {
      await within.query('insert into incident_note (id, staff_id, what, note) values ($1, $2, $3, $4)', [
        ...[id, by, what, note],
      ]);
    },
    async signOutEverybody(by, within) {
      const [row] = await within.query<{ at: Date }>(
        `insert into everybody_signed_out (at, by) values (clock_timestamp(), $1) returning at`,
        [by],
      );
      if (!row) throw new RangeError('the moment was not written');
      return row.at;
    },
    async lastSignOut() {
      const [row] = await database.query<{ at: Date; by: string }>(
        'select at, by from everybody_signed_out order by at desc limit 1',
      );
      return row;
    },
    async signedIn(until, after, limit) {
      const rows = await database.query<{ id: string }>(
        `(select distinct account_id as id from account_session
           where account_id > $2 and ended_at is null and signed_in_at <= $1 order by 1 limit $3)
         union
         (select distinct account_id from account_grant
           where account_id > $2 and created_at <= $1 order by 1 limit $3)
         order by id limit $3`,
        [until, after, limit],
      );
      return rows.map(({ id }) => id);
    },
    async countAffected(by, most) {
      const [row] = await database.query<{ found: number }>(
        `select count(*)::integer as found from (select distinct account_id ${SIGN_INS} limit $5) as each`,
        [...values(by), most],
      );
      return row?.found ?? 0;
    },
    async affects(by, accountId) {
      const [row] = await database.query<{ found: boolean }>(
        `select exists (select ${SIGN_INS} and account_id = $5) as found`,
        [...values(by), accountId],
      );
      return row?.found ?? false;
    },
    async affected(by, most) {
      const rows = await database.query<AffectedRow>(
        `with seen as (
           select account_id, count(*)::integer as sign_ins, min(at) as first, max(at) as last ${SIGN_INS}
            group by account_id order by account_id limit $5)
         select a.id as "accountId", a.member_id as "memberId", s.sign_ins as "signIns", s.first, s.last,
                exists (select from identifier where account_id = a.id and kind = 'email') as "hasEmail",
                a.phone is not null as "hasPhone",
                (select count(*)::integer from document d where d.account_id = a.id) as documents
           from seen s join account a on a.id = s.account_id order by a.id`,
        [...values(by), most],
      );
      return rows.map(({ memberId, ...row }) => ({ ...row, ...(memberId !== null && { memberId }) }));
    },
    async beginReset({ id, by }, affected, most, within) {
      await within.query('insert into forced_reset (id, begun_by, accounts) values ($1, $2, 0)', [id, by]);
      const taken = await within.query(
        `insert into forced_reset_account (reset_id, account_id)
         select $6, a.id from account a
          where a.status <> 'closed' and a.id <> $7 and a.id in (select distinct account_id ${SIGN_INS} limit $5)
         returning 1`,
        [...values(affected), most, id, by],
      );
      await within.query('update forced_reset set accounts = $2 where id = $1', [id, taken.length]);
      return taken.length;
    },
    async resets(limit) {
      const rows = await database.query<ResetRow>(
        `select r.id, r.begun_at as "begunAt", r.begun_by as "begunBy", r.accounts, r.ended_at as "endedAt",
                count(a.done_at)::integer as done, (count(*) filter (where not a.written))::integer as unreachable
           from (select * from forced_reset order by begun_at desc, id limit $1) as r
           left join forced_reset_account a on a.reset_id = r.id
          group by r.id, r.begun_at, r.begun_by, r.accounts, r.ended_at order by r.begun_at desc, r.id`,
        [limit],
      );
      return rows.map(({ endedAt, ...row }) => ({ ...row, ...(endedAt && { endedAt }) }));
    },
    async waitingInReset(id, limit) {
      const rows = await database.query<{ account_id: string }>(
        `select account_id from forced_reset_account where reset_id = $1 and done_at is null
          order by account_id limit $2`,
        [id, limit],
      );
      return rows.map((row) => row.account_id);
    },
    async markReset(id, accountId, written, within: Queryable) {
      const rows = await within.query(
        `update forced_reset_account set done_at = now(), written = $3
          where reset_id = $1 and account_id = $2 and done_at is null returning 1`,
        [id, accountId, written],
      );
      return rows.length === 1;
    },
    async endReset(id) {
      await database.query('update forced_reset set ended_at = coalesce(ended_at, now()) where id = $1', [
        id,
      ]);
    },
  };
}
