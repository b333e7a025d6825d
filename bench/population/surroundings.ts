/**
 * What people leave behind when they use the house, table by table, as statements over the accounts there are. And the
 * tables that stay small whatever comes, each with why: a table that stands in neither list is a mistake.
 */

const OF_ACCOUNTS = 'from (select id, row_number() over (order by id) as n from account) as a';

export const SURROUNDINGS: Readonly<Record<string, string>> = {
  account_session: `insert into account_session (uid, account_id, device, network, signed_in_at, expires_at)
    select 's' || n || '-' || k, id, 'Firefox · Windows', '203.0.113.0/24', now() - n % 100 * interval '1 day',
           now() + (n % 200 - 100) * interval '1 hour' ${OF_ACCOUNTS}, generate_series(1, 2) k`,
  account_grant: `insert into account_grant (id, account_id, client_id, session_uid, scope, expires_at)
    select 'g' || n || '-' || k, id, 'portal-' || (n + k) % 20, 's' || n || '-' || k, 'openid profile_min membership',
           now() + (n % 200 - 100) * interval '1 hour' ${OF_ACCOUNTS}, generate_series(1, 2) k`,
  client_consent: `insert into client_consent (account_id, client_id, scope)
    select id, 'portal-' || n % 20, 'openid' ${OF_ACCOUNTS}`,
  audit: `insert into audit (at, event, outcome, actor, account_id, client_id, network, detail)
    select now() - n * interval '7 seconds', case k when 1 then 'sign_in' when 2 then 'grant' else 'person_seen' end,
           case when n % 9 = 0 then 'failure' else 'success' end, id, id, 'portal-' || n % 20, '203.0.113.0/24',
           jsonb_build_object('method', 'password_email', 'member', 'G-' || n) ${OF_ACCOUNTS}, generate_series(1, 3) k`,
  artefact: `insert into artefact (model, id, payload, uid, grant_id, expires_at)
    select case k when 1 then 'Session' else 'Grant' end, md5(n || '-' || k), '{}', 'u' || n || '-' || k, 'g' || n,
           now() + interval '1 day' ${OF_ACCOUNTS}, generate_series(1, 2) k`,
  passing_artefact: `insert into passing_artefact (model, id, payload, uid, grant_id, expires_at)
    select 'AuthorizationCode', md5('p' || n), '{}', null, 'g' || n, now() + interval '1 minute' ${OF_ACCOUNTS}`,
  revoked_grant: `insert into revoked_grant (grant_id, expires_at) select 'r' || n, now() + interval '1 day' ${OF_ACCOUNTS}`,
  throttle: `insert into throttle (key, points, expire) select 'guess-account:' || n, 1, 4102444800000 ${OF_ACCOUNTS}`,
  one_time_secret: `insert into one_time_secret (purpose, subject, secret_hash, tries_left, expires_at, used_at)
    select 'sign', id, sha256(id::bytea), 3, now() + interval '10 minutes', case when k = 1 then now() end
      ${OF_ACCOUNTS}, generate_series(1, 2) k`,
  registration: `insert into registration (id, email_key, email, password_hash, locale, terms_version, device, network)
    select 'reg' || n, 'new' || n || '@example.test', 'x', 'h', 'ru', 'v1', 'd', 'n' ${OF_ACCOUNTS}`,
  signing: `insert into signing (id, account_id, purpose, signer, digest, signed_at, address, terms_version, network, device)
    select 'sig' || n, id, 'membership', 'x', 'd', now(), 'a', 'v1', 'n', 'd' ${OF_ACCOUNTS}`,
  document: `insert into document (id, account_id, signing_id, place, type, version, title, body, sha256)
    select 'doc' || n || '-' || k, id, 'sig' || n, k,
           (array['union_pd', 'finfort_pd', 'union_messages', 'application'])[k], 'v1', 't', 'b',
           encode(sha256('b'), 'hex') ${OF_ACCOUNTS}, generate_series(1, 4) k`,
  terms_acceptance: `insert into terms_acceptance (account_id, version, network) select id, 'v1', 'n' ${OF_ACCOUNTS}`,
  application: `insert into application (id, account_id, purpose, organisation, state, signed_at, sealed)
    select 'app' || n, id, 'joining', '{}', case when n % 50 = 0 then 'received' else 'accepted' end, now(),
           case when n % 500 = 0 then 'x' end ${OF_ACCOUNTS}`,
  register_application: `insert into register_application (id, organisation_id, purpose, state, member_id)
    select 'app' || a.n, m.organisation_id, 'joining', case when a.n % 50 = 0 then 'received' else 'accepted' end, m.id
      ${OF_ACCOUNTS} join account on account.id = a.id join member m on m.id = account.member_id`,
  register_change: `insert into register_change (member_id) select member_id from account where member_id is not null`,
  member_consent: `insert into member_consent (member_id, type, given, dated, by_account, by_name)
    select id, 'union_pd', true, current_date, 'chair', 'chair' from member`,
  message_channel: `insert into message_channel (account_id, channel, senders, token_hash, opened_at)
    select id, 'email', '{union}', sha256(id::bytea), now() ${OF_ACCOUNTS}`,
  consent_event: `insert into consent_event (id, recipient, subject, type, at, delivered_at)
    select 'ce' || n, 'finfort', 'sub' || n, 'granted', now(), now() ${OF_ACCOUNTS}`,
  settled_letter: `insert into settled_letter (letter_id, address_key) select md5(id)::uuid, sha256(id::bytea) ${OF_ACCOUNTS}`,
  address_trouble: `insert into address_trouble (address_key, kind)
    select sha256(id::bytea), case when n % 3 = 0 then 'bounced' else 'refused' end ${OF_ACCOUNTS} where n % 20 = 0`,
  linked_identity: `with door as (
      insert into identifier (kind, value, account_id, original, confirmed_at)
      select 'https://esia.test', 'oid' || n, id, 'oid' || n, now() ${OF_ACCOUNTS} where n % 3 = 0
      returning kind, value, account_id)
    insert into linked_identity (issuer, subject, account_id, upstream, confirmed)
    select kind, value, account_id, 'esia', true from door`,
  former_link: `insert into former_link (issuer, subject, account_id, upstream, linked_at)
    select 'https://esia.test', 'was' || n, id, 'esia', now() ${OF_ACCOUNTS}`,
  quarantined_identifier: `insert into quarantined_identifier (kind, value_hash, until)
    select 'email', sha256(id::bytea), now() + interval '1 day' ${OF_ACCOUNTS}`,
  membership_told: `insert into membership_told (member_id, is_member) select id, true from member`,
  stream_event: `insert into stream_event (id, client_id, type, subject, detail, occurred_at, state)
    select 'ev' || n, 'portal-' || n % 20, 'session-revoked', 'sub' || n, '{}', now() + n * interval '1 second',
           case when n % 100 = 0 then 'waiting' else 'delivered' end ${OF_ACCOUNTS}`,
  logout_delivery: `insert into logout_delivery (id, client_id, account_id, sid, state)
    select 'ld' || n, 'portal-' || n % 20, id, 'sid' || n, 'delivered' ${OF_ACCOUNTS}`,
  email_change: `insert into email_change (id, account_id, value, original, expires_at, completed_at, former_value)
    select 'ec' || n, id, 'k', 'k', now() + interval '1 hour', now(), 'f' ${OF_ACCOUNTS}`,
  draft: `insert into draft (account_id) select id ${OF_ACCOUNTS}`,
  office: `insert into office (id, account_id, organisation_id, role, granted_by)
    select 'of' || a.n, a.id, o.id, 'chair', 'import' ${OF_ACCOUNTS}
      join (select id, row_number() over (order by id) as n from organisation where kind = 'primary') o on o.n = a.n`,
  workplace_visit: `insert into workplace_visit (session_uid, seen_at) select 's' || n || '-1', now() ${OF_ACCOUNTS}`,
  statistic: `insert into statistic (grain, kind, at, way, portal, reason, count)
    select 'minute', 'sign_in', date_trunc('minute', now()) - n * interval '1 minute', way, 'portal-1', '', 1
      from generate_series(1, 10000) n, unnest(array['password_email', 'password_ticket', 'esia', 'qr']) way`,
  organisation_unit: `insert into organisation_unit (id, organisation_id, kind, name)
    select 'u-' || o.id || k, o.id, 'group', 'Группа ' || k from organisation o, generate_series(1, 3) k`,
  ticket_order: `insert into ticket_order (id, organisation_id, state, unit_kopecks, tickets, submitted_at, parcel)
    select row_number() over (order by id), id, 'complete', 1700, 10, now(), 'p' from organisation where kind = 'primary'`,
  ticket_order_line: `insert into ticket_order_line (order_id, member_id, ticket_number)
    select 1 + row_number() over (order by m.id) % 40, m.id, t.number
      from member m join ticket t on t.member_id = m.id where m.id like '%7'`,
  account_protection: `insert into account_protection (account_id, user_handle) select id, 'h' || n ${OF_ACCOUNTS}`,
  passkey: `insert into passkey (id, account_id, name, credential_id, public_key, counter, transports, syncable, backed_up,
                                 user_handle)
    select 'pk' || n, id, 'x', 'cred' || n, '\\x00', 0, '', false, false, 'h' || n ${OF_ACCOUNTS}`,
  code_app: `insert into code_app (id, account_id, name, secret, last_step) select 'ca' || n, id, 'x', 's', 0 ${OF_ACCOUNTS}`,
  recovery_code: `insert into recovery_code (account_id, code_hash) select id, sha256(id::bytea) ${OF_ACCOUNTS}`,
  foreign_password: `insert into foreign_password (account_id, kind) select id, 'bcrypt:10' ${OF_ACCOUNTS}`,
  news_delivery: `insert into news_delivery (issue_id, account_id, state) select 'issue', id, 'handed_over' ${OF_ACCOUNTS}`,
  idempotency_key: `insert into idempotency_key (account_id, key, digest) select id, 'k', 'd' ${OF_ACCOUNTS}`,
};

const PER_PORTAL = 'as many as there are portals';
const PER_CHAIR = 'as many as chairs do by hand';
const PER_OPERATOR = 'as many as a few operators do by hand';
const PER_SCHOOL = 'one region, whose administrators keep it';

/** They may be read from end to end. */
export const SMALL: Readonly<Record<string, string>> = {
  client: PER_PORTAL,
  register_client: PER_PORTAL,
  integration: PER_PORTAL,
  integration_secret: PER_PORTAL,
  integration_tester: PER_PORTAL,
  integration_request: PER_PORTAL,
  integration_change: PER_PORTAL,
  event_stream: PER_PORTAL,
  rehearsal: PER_PORTAL,
  signing_key: 'four',
  register_cursor: 'one',
  audit_seal: 'one an hour',
  audit_seal_mark: 'one',
  news_issue: 'some a week',
  account_deletion: 'looked for by the account alone, and by what is due',
  upstream_switch: 'one for each upstream',
  case_number: 'one a year',
  mismatch_case: 'as many as are decided by hand',
  non_working_day: 'a dozen a year',
  staff_role: PER_OPERATOR,
  school: PER_SCHOOL,
  school_person: PER_SCHOOL,
  school_role: PER_SCHOOL,
  subsystem: PER_SCHOOL,
  subsystem_access: PER_SCHOOL,
  school_exit: PER_SCHOOL,
  credential_batch: PER_CHAIR,
  office_credential: PER_CHAIR,
  office_checklist: PER_CHAIR,
  passport: PER_CHAIR,
  member_list: PER_CHAIR,
  member_list_row: 'swept soon after its list',
  member_export: PER_CHAIR,
  guide_read: PER_CHAIR,
  ticket_range: PER_OPERATOR,
  ticket_price: PER_OPERATOR,
  ticket_order_step: 'six for each order',
  staff_visit: PER_OPERATOR,
  account_merge: PER_OPERATOR,
  everybody_signed_out: PER_OPERATOR,
  forced_reset: PER_OPERATOR,
  forced_reset_account: 'one incident',
  incident_note: PER_OPERATOR,
  hash_line: 'ten thousand minutes',
  running_process: 'one for each process',
  census: PER_PORTAL,
  census_taken: 'one',
  schema_migration: 'one for each file',
};
