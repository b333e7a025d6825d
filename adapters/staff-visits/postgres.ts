/** Visits in PostgreSQL. They stay: the audit names them, and only here stands why, in somebody's words. */
import type { Database } from '../database/database.ts';
import type { StaffVisits } from './staff-visits.ts';

export function postgresStaffVisits(database: Database): StaffVisits {
  return {
    async begin({ staffId, sessionUid }, { accountId, memberId }, { id, reason, note }, minutes, within) {
      await within.query(
        `insert into staff_visit (id, staff_id, session_uid, account_id, member_id, reason, note, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(mins => $8))`,
        [id, staffId, sessionUid, accountId ?? null, memberId ?? null, reason, note ?? null, minutes],
      );
    },
    async noteAct({ staffId, sessionUid }, { accountId, memberId }, { id, reason, note, act }, within) {
      await within.query(
        `insert into staff_visit (id, staff_id, session_uid, account_id, member_id, reason, note, act, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, now())`,
        [id, staffId, sessionUid, accountId ?? null, memberId ?? null, reason, note, act],
      );
    },
    async current({ staffId, sessionUid }, { accountId, memberId }) {
      const [row] = await database.query<{ id: string; reason: string; note: string | null }>(
        `select id, reason, note from staff_visit
          where staff_id = $1 and session_uid = $2 and expires_at > now()
            and case when $3::text is null then member_id = $4 and account_id is null else account_id = $3 end
          order by opened_at desc limit 1`,
        [staffId, sessionUid, accountId ?? null, memberId ?? null],
      );
      return row && { id: row.id, reason: row.reason, ...(row.note !== null && { note: row.note }) };
    },
  };
}
