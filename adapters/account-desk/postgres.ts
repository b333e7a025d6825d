/** The account desk in PostgreSQL: each act is one conditional update, so that of two at once one has happened. */
import type { AccountDesk } from './account-desk.ts';

export function postgresAccountDesk(): AccountDesk {
  return {
    async lock(id, within) {
      const rows = await within.query(
        `update account set status = 'locked', updated_at = now() where id = $1 and status = 'confirmed' returning id`,
        [id],
      );
      return rows.length === 1;
    },
    async unlock(id, within) {
      const rows = await within.query(
        `update account set status = 'confirmed', updated_at = now() where id = $1 and status = 'locked' returning id`,
        [id],
      );
      return rows.length === 1;
    },
    async releaseMember(id, within) {
      const [was] = await within.query<{ member_id: string | null }>(
        'select member_id from account where id = $1 for update',
        [id],
      );
      if (!was?.member_id) return undefined;
      await within.query(
        `update account set member_id = null, family_name = null, given_name = null, middle_name = null,
                updated_at = now()
          where id = $1`,
        [id],
      );
      await within.query(`delete from identifier where account_id = $1 and kind = 'ticket'`, [id]);
      return was.member_id;
    },
  };
}
