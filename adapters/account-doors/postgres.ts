/** Doors of an account in PostgreSQL. The row of the account is the lock. */
import type { Queryable } from '../database/database.ts';
import type { AccountDoors, FormerLink } from './account-doors.ts';

export function postgresDoors(database: Queryable): AccountDoors {
  return {
    async lock(id, within) {
      await within.query('select from account where id = $1 for update', [id]);
      // A statement of its own: it sees what was committed while the lock was waited for.
      const doors = await within.query<{
        door: 'password' | 'email' | 'ticket' | 'upstream' | 'passkey';
        name: string;
      }>(
        `select 'password' as door, '' as name from password where account_id = $1
          union all
         select kind, '' from identifier
          where account_id = $1 and kind in ('email', 'ticket') and confirmed_at is not null
          union all
         select 'upstream', upstream from linked_identity where account_id = $1
          union all
         select 'passkey', '' from passkey where account_id = $1`,
        [id],
      );
      return {
        hasPassword: doors.some(({ door }) => door === 'password'),
        identifiers: doors.flatMap(({ door }) => (door === 'email' || door === 'ticket' ? [door] : [])),
        passkeys: doors.filter(({ door }) => door === 'passkey').length,
        upstreams: doors.flatMap(({ door, name }) => (door === 'upstream' ? [name] : [])),
      };
    },
    async formerLinksOf(id) {
      return database.query<FormerLink>(
        `select issuer, subject, upstream, linked_at as "linkedAt", unlinked_at as "unlinkedAt"
           from former_link where account_id = $1 order by unlinked_at desc`,
        [id],
      );
    },
  };
}
