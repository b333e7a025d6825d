/** The trail a page at a time, for people who look into it: of an account, of a span of time, of views of somebody's data. */
import type { Cipher } from '../cipher/cipher.ts';
import type { Database } from '../database/database.ts';
import type { AuditPages, ListedAuditEntry, SightRecord } from './audit-log.ts';

const ENTRY = `id::text as id, at, jsonb_strip_nulls(jsonb_build_object('event', event, 'outcome', outcome,
         'actor', actor, 'accountId', account_id, 'clientId', client_id, 'sessionUid', session_uid,
         'requestId', request_id, 'network', network, 'reason', reason, 'detail', detail)) as entry`;

type Row = {
  id: string;
  at: Date;
  entry: Omit<ListedAuditEntry, 'id' | 'at' | 'note'>;
  sealed: Sealed | null;
};
/** `context`: what it was sealed for. */
type Sealed = { note: string; context: string };

/** The rows of a page with the names of whom and what they speak of: one statement, whatever the number of rows. */
const WITH_NAMES = `
  select p.id, p.at,
         p.entry || jsonb_strip_nulls(jsonb_build_object(
           'actorName', coalesce(nullif(concat_ws(' ', a.family_name, a.given_name, a.middle_name), ''),
                                 ca.metadata ->> 'client_name'),
           'actorKind', case when exists (select from staff_role r where r.account_id = a.id) then 'operator'
                             when a.id is not null then 'account'
                             when ca.client_id is not null then 'application' end,
           'clientName', c.metadata ->> 'client_name')) as entry,
         case when v.note is not null then jsonb_build_object('note', v.note, 'context', 'staff-visit:' || v.id)
              when n.note is not null then jsonb_build_object('note', n.note, 'context', 'incident-note:' || n.id)
         end as sealed
    from page p
    left join account a on a.id = p.entry ->> 'actor'
    left join client ca on ca.client_id = p.entry ->> 'actor'
    left join client c on c.client_id = p.entry ->> 'clientId'
    left join staff_visit v on v.id = coalesce(p.entry -> 'detail' ->> 'note', p.entry -> 'detail' ->> 'visit')
    left join incident_note n on n.id = p.entry -> 'detail' ->> 'note'
   order by p.id::bigint desc`;

export function postgresAuditPages(database: Database, cipher: Pick<Cipher, 'open'>): AuditPages {
  const entryOf = ({ id, at, entry, sealed }: Row): ListedAuditEntry => ({
    ...{ id, at, ...entry },
    ...(sealed && { note: cipher.open(sealed.note, sealed.context) }),
  });

  return {
    async ofAccount(accountId, { limit, before }) {
      const rows = await database.query<Row>(
        `with page as (select ${ENTRY} from audit where account_id = $1 and ($2::bigint is null or id < $2)
          order by audit.id desc limit $3) ${WITH_NAMES}`,
        [accountId, before ?? null, limit],
      );
      return rows.map(entryOf);
    },
    async ofTime({ from, until, events }, { limit, before }) {
      const rows = await database.query<Row>(
        `with page as (select ${ENTRY} from audit
          where at >= $1 and at < $2 and event = any($3) and ($4::bigint is null or id < $4)
          order by audit.id desc limit $5) ${WITH_NAMES}`,
        [from, until, events, before ?? null, limit],
      );
      return rows.map(entryOf);
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
