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
  };
}
