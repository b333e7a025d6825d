/** The outbox of consent events as a table. */
import { randomUUID } from 'node:crypto';
import type { Queryable } from '../database/database.ts';
import type { ConsentEvent, ConsentEvents } from './consent-events.ts';

type Row = Omit<ConsentEvent, 'version'> & { readonly version: string | null };

export function postgresConsentEvents(database: Queryable): ConsentEvents {
  return {
    async append(recipient, { type, subject, at, version }, within) {
      // Of two changes at once each sees what the other has said.
      await within.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `consent-event:${recipient}:${subject}`,
      ]);
      const rows = await within.query(
        `with last as (
           select type, version, at from consent_event
            where recipient = $2 and subject = $3 order by seq desc limit 1
         )
         insert into consent_event (id, recipient, subject, type, version, at)
         select $1, $2, $3, $4, $5, $6
          where case when exists (select from last)
                     then (select $6 > at and (type <> $4 or ($4 = 'granted' and version is distinct from $5)) from last)
                     else $4 = 'granted' end
         returning id`,
        [randomUUID(), recipient, subject, type, version ?? null, at],
      );
      return rows.length === 1;
    },
    async undelivered(recipient, except, limit) {
      const rows = await database.query<Row>(
        `select id, type, subject, at, version from consent_event
          where recipient = $1 and delivered_at is null and subject <> all ($2) order by seq limit $3`,
        [recipient, except, limit],
      );
      return rows.map(({ version, ...event }) => ({ ...event, ...(version !== null && { version }) }));
    },
    async markDelivered(id) {
      await database.query(
        'update consent_event set delivered_at = now() where id = $1 and delivered_at is null',
        [id],
      );
    },
  };
}
