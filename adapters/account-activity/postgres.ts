/** The account's use in PostgreSQL: one statement per question. */
import type { Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { AccountActivity, Connection, Consent, ConsentBook, GrantRecord } from './account-activity.ts';

// Data-modifying CTEs run whether or not they are read; `known` sees the table as it was before them.
const ARRIVAL = {
  name: 'activity-arrival',
  text: `with known as (
           select coalesce(bool_or(device = $6), true) as device_known from account_session where account_id = $1
         ), session as (
           insert into account_session (uid, account_id, device, network, expires_at)
           select $2, $1, $6, $5, $9 where $6::text is not null
           on conflict (uid) do update set signed_in_at = now(), expires_at = excluded.expires_at, ended_at = null
             where account_session.account_id = excluded.account_id
         ), "grant" as (
           insert into account_grant (id, account_id, client_id, session_uid, scope, expires_at)
           select $10, $1, $3, $2, $11, $12 where $10::text is not null
           on conflict (id) do update set scope = excluded.scope, session_uid = excluded.session_uid
             where account_grant.account_id = excluded.account_id
         ), trail as (
           insert into audit (event, outcome, actor, account_id, client_id, session_uid, request_id, network, detail)
           select event, 'success', $1, $1, $3, $2, $4, $5, detail from (values
             ('sign_in', jsonb_build_object('method', $7::text, 'acr', $8::text), $6::text is not null),
             ('grant', jsonb_build_object('scope', $11::text), $10::text is not null)
           ) as happened (event, detail, really) where really
         )
         select device_known as "knownDevice" from known`,
};

const SWEPT_AT_ONCE = 5_000;
/** A device seen within this time is no new one. */
const DEVICES_REMEMBERED = '180 days';

const GRANT_COLUMNS =
  'id, client_id as "clientId", session_uid as "sessionUid", scope, created_at as "createdAt"';

const CONSENT_COLUMNS = 'scope, claims, declined, given_at as "givenAt"';

export function postgresActivity(database: Queryable): AccountActivity & ConsentBook & Sweeper {
  return {
    async recordArrival({ accountId, sessionUid, clientId, requestId, network, signIn, grant }) {
      const [row] = await database.query<{ knownDevice: boolean }>(ARRIVAL, [
        accountId,
        sessionUid,
        clientId,
        requestId,
        network,
        signIn?.device ?? null,
        signIn?.method ?? null,
        signIn?.acr ?? null,
        signIn?.expiresAt ?? null,
        grant?.id ?? null,
        grant?.scope ?? null,
        grant?.expiresAt ?? null,
      ]);
      return { knownDevice: row?.knownDevice ?? false };
    },
    async sessionsOf(id) {
      return database.query(
        `select uid, device, network, signed_in_at as "signedInAt" from account_session
          where account_id = $1 and ended_at is null and expires_at > now() order by signed_in_at desc`,
        [id],
      );
    },
    async endSession(id, uid) {
      const [ended] = await database.query(
        `update account_session set ended_at = now()
          where uid = $2 and account_id = $1 and ended_at is null returning uid`,
        [id, uid],
      );
      return ended !== undefined;
    },
    async grantsOf(id) {
      return database.query<GrantRecord>(
        `select ${GRANT_COLUMNS} from account_grant where account_id = $1 and expires_at > now()`,
        [id],
      );
    },
    async dropGrants(id, { clientId, sessionUid, onlineOnly = false }) {
      return database.query<GrantRecord>(
        `delete from account_grant
          where account_id = $1 and ($2::text is null or client_id = $2) and ($3::text is null or session_uid = $3)
            and not ($4 and 'offline_access' = any (string_to_array(scope, ' ')))
          returning ${GRANT_COLUMNS}`,
        [id, clientId ?? null, sessionUid ?? null, onlineOnly],
      );
    },
    async consentTo(id, clientId) {
      const [row] = await database.query<Consent>(
        `select ${CONSENT_COLUMNS} from client_consent where account_id = $1 and client_id = $2`,
        [id, clientId],
      );
      return row;
    },
    async rememberConsent(id, clientId, { scope, claims, declined, offered }) {
      await database.query(
        `insert into client_consent as before (account_id, client_id, scope, claims, declined)
         values ($1, $2, $3, $4, $5)
         on conflict (account_id, client_id) do update set
           scope = (select string_agg(name, ' ' order by place) from (
             select name, min(place) as place
               from unnest(string_to_array(before.scope || ' ' || excluded.scope, ' ')) with ordinality
                 as each (name, place) group by name) as scopes),
           claims = array(select unnest(before.claims) union select unnest(excluded.claims) order by 1),
           declined = array((select unnest(before.declined) except select unnest($6::text[]))
                            union select unnest(excluded.declined) order by 1),
           given_at = now()`,
        [id, clientId, scope, claims, declined, offered],
      );
    },
    async chooseClaims(id, clientId, claims, told) {
      const changed = await database.query(
        `update client_consent set declined = case when $4
             then array(select unnest(declined) except select unnest($3::text[]) order by 1)
             else array(select unnest(declined) union select unnest($3::text[]) order by 1) end
          where account_id = $1 and client_id = $2 returning 1`,
        [id, clientId, claims, told],
      );
      return changed.length === 1;
    },
    async withdrawConsent(id, clientId) {
      await database.query('delete from client_consent where account_id = $1 and client_id = $2', [
        id,
        clientId,
      ]);
    },
    async sweep() {
      const swept = await database.query(
        `with grants as (
           delete from account_grant where id in (select id from account_grant where expires_at < now() limit $1)
           returning id
         ), sessions as (
           delete from account_session
            where uid in (select uid from account_session where expires_at < now() - $2::interval limit $1)
           returning uid
         )
         select id from grants union all select uid from sessions`,
        [SWEPT_AT_ONCE, DEVICES_REMEMBERED],
      );
      return swept.length;
    },
    async connectionsOf(id) {
      const rows = await database.query<Omit<Connection, 'consent'> & Partial<Consent>>(
        `select connection."clientId", connection.scope, connection.since,
                consent.claims, consent.declined, consent.given_at as "givenAt"
           from (select client_id as "clientId", string_agg(scope, ' ') as scope, min(since) as since, max(since) as last
                   from (select client_id, scope, created_at as since from account_grant
                          where account_id = $1 and expires_at > now()
                         union all
                         select client_id, scope, given_at from client_consent where account_id = $1) as each
                  group by client_id) as connection
           left join client_consent consent
             on consent.account_id = $1 and consent.client_id = connection."clientId"
          order by connection.last desc`,
        [id],
      );
      return rows.map(({ claims, declined, givenAt, ...connection }) => ({
        ...connection,
        ...(claims &&
          declined &&
          givenAt && { consent: { scope: connection.scope, claims, declined, givenAt } }),
      }));
    },
  };
}
