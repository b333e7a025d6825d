/** The trail a page at a time, for people who look into it: of an account, of a span of time, of views of somebody's data. */
import type { Database } from '../database/database.ts';
import type { AuditPages, ListedAuditEntry, SightRecord } from './audit-log.ts';

const ENTRY = `id::text as id, at, jsonb_strip_nulls(jsonb_build_object('event', event, 'outcome', outcome,
         'actor', actor, 'accountId', account_id, 'clientId', client_id, 'sessionUid', session_uid,
         'requestId', request_id, 'network', network, 'reason', reason, 'detail', detail)) as entry`;

type Row = { id: string; at: Date; entry: Omit<ListedAuditEntry, 'id' | 'at'> };

export function postgresAuditPages(database: Database): AuditPages {
  return {
    async ofAccount(accountId, { limit, before }) {
      const rows = await database.query<Row>(
        `select ${ENTRY} from audit where account_id = $1 and ($2::bigint is null or id < $2)
          order by audit.id desc limit $3`,
        [accountId, before ?? null, limit],
      );
      return rows.map(({ id, at, entry }) => ({ id, at, ...entry }));
    },
    async ofTime({ from, until, events }, { limit, before }) {
      const rows = await database.query<Row>(
        `select ${ENTRY} from audit
          where at >= $1 and at < $2 and event = any($3) and ($4::bigint is null or id < $4)
          order by audit.id desc limit $5`,
        [from, until, events, before ?? null, limit],
      );
      return rows.map(({ id, at, entry }) => ({ id, at, ...entry }));
    },
    async sightsOf({ accountId, memberId }, { limit, before }) {
      const rows = await database.query<
        Omit<SightRecord, 'organisation' | 'atSchool'> & { organisation: string | null; atSchool: boolean }
      >(
        `with seen as (
           (select id, at, reason, detail from audit
             where event = 'person_seen' and account_id = $1 and ($3::bigint is null or id < $3)
             order by id desc limit $4)
           union
           (select id, at, reason, detail from audit
             where event = 'person_seen' and detail ->> 'member' = $2 and ($3::bigint is null or id < $3)
             order by id desc limit $4)
           union
           (select id, at, 'case', detail || '{"fields":"case"}' from audit
             where event = 'case_seen' and account_id = $1 and ($3::bigint is null or id < $3)
             order by id desc limit $4))
         select s.id::text as id, s.at, s.reason, string_to_array(s.detail ->> 'fields', ' ') as fields,
                o.short_name as organisation, coalesce(s.detail ->> 'side' = 'school', false) as "atSchool"
           from seen s left join organisation o on o.id = s.detail ->> 'organisation'
          order by s.id desc limit $4`,
        [accountId, memberId ?? null, before ?? null, limit],
      );
      return rows.map(({ organisation, atSchool, ...row }) => ({
        ...row,
        ...(atSchool && { atSchool }),
        ...(organisation !== null && { organisation }),
      }));
    },
  };
}
