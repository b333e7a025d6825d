/** Staff roles in PostgreSQL. */
import type { Database } from '../database/database.ts';
import type { StaffStore } from './staff-store.ts';

export function postgresStaff(database: Database): StaffStore {
  return {
    async has(id, role) {
      const rows = await database.query('select 1 from staff_role where account_id = $1 and role = $2', [
        id,
        role,
      ]);
      return rows.length === 1;
    },
    async grant(id, role, by, within = database) {
      const rows = await within.query(
        `insert into staff_role (account_id, role, granted_by) values ($1, $2, $3)
         on conflict do nothing returning role`,
        [id, role, by],
      );
      return rows.length === 1;
    },
    async revoke(id, role, within = database) {
      const rows = await within.query(
        'delete from staff_role where account_id = $1 and role = $2 returning role',
        [id, role],
      );
      return rows.length === 1;
    },
  };
}
