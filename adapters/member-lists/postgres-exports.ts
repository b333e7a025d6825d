/** Exports of lists in PostgreSQL, the reasons sealed. */
import type { Cipher } from '../cipher/cipher.ts';
import type { Database } from '../database/database.ts';
import type { MemberExports } from './member-lists.ts';

export function postgresMemberExports(database: Database, cipher: Cipher): MemberExports {
  return {
    async note({ id, organisationId, by, at, members, reason }) {
      await database.query(
        `insert into member_export (id, organisation_id, exported_by, exported_at, members, reason)
         values ($1, $2, $3, $4, $5, $6)`,
        [id, organisationId, by, at, members, cipher.seal(reason, `member-export:${id}`)],
      );
    },
    async latestAbout(memberId, limit) {
      const rows = await database.query<{ id: string; at: Date; organisation: string; reason: string }>(
        `select e.id, e.exported_at as at, o.short_name as organisation, e.reason
           from member m
           join member_export e on e.organisation_id = m.organisation_id
           join organisation o on o.id = m.organisation_id
          where m.id = $1 and m.membership in ('member', 'suspended')
            -- Both may be unknown; before she was on record there, no list of it had her.
            and coalesce(e.exported_at >= greatest(m.joined_on, m.on_record_since), true)
          order by e.exported_at desc limit $2`,
        [memberId, limit],
      );
      return rows.map(({ id, reason, ...taken }) => ({
        ...taken,
        reason: cipher.open(reason, `member-export:${id}`),
      }));
    },
  };
}
