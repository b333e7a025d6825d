-- The desk of the Union's operators: how a person is found among millions, why somebody looked at her page, two accounts
-- of one person, and an incident.

-- Members by name: a page of them is read from the index alone, though a given name narrow it.
drop index member_person;
create index member_person on member (name_key, birthdate) include (id);
create index member_phone on member (phone) where phone is not null;
create index member_email on member (lower(email)) where email is not null;
-- Accounts without a member, in the same order.
alter table account add column name_key text collate "C"
  generated always as (name_key(family_name || ' ' || given_name || coalesce(' ' || middle_name, ''))) stored;
create index account_person on account (name_key, id) where member_id is null and name_key is not null;
create index account_phone on account (phone) where phone is not null;

-- A page about a person was opened for a reason, which lasts for a while and for this session only.
create table staff_visit (
  id          text primary key,
  staff_id    text not null references account (id) on delete cascade,
  session_uid text not null,
  account_id  text references account (id) on delete cascade,
  member_id   text references member (id),
  reason      text not null,
  -- What was done to the person in the course of it; null: she was looked at.
  act         text,
  -- Why, in somebody's words, AES-256-GCM.
  note        text,
  opened_at   timestamptz not null default now(),
  expires_at  timestamptz not null,
  check (account_id is not null or member_id is not null)
);
create index staff_visit_open on staff_visit (staff_id, session_uid, expires_at);
create index staff_visit_account on staff_visit (account_id) where account_id is not null;

-- The person may ask who has looked at her data.
create index audit_person_seen on audit (account_id, id) where event = 'person_seen' and account_id is not null;
create index audit_member_seen on audit ((detail ->> 'member'), id)
  where event = 'person_seen' and detail ->> 'member' is not null;

-- An address that came from another account of the same person: it signs in, and no letter goes to it.
alter table identifier add column further boolean not null default false;

-- Two accounts of one person became one. The row is also where the closed one points to.
create table account_merge (
  id            text primary key,
  survivor_id   text not null references account (id) on delete cascade,
  closed_id     text not null references account (id) on delete cascade,
  merged_at     timestamptz not null default now(),
  merged_by     text not null,
  reason        text not null,
  -- Consents of the survivor that do not count any more, unless given anew.
  held_consents text[] not null default '{}',
  -- Rows of both as they were, AES-256-GCM; gone when it cannot be undone any more.
  before        text,
  undo_until    timestamptz not null,
  undone_at     timestamptz,
  undone_by     text,
  check (survivor_id <> closed_id),
  check ((undone_at is null) = (undone_by is null))
);
create unique index account_merge_closed on account_merge (closed_id) where undone_at is null;
create index account_merge_survivor on account_merge (survivor_id);
create index account_merge_of_closed on account_merge (closed_id);
create index account_merge_due on account_merge (undo_until) where before is not null;

-- Moments at which everybody was signed out: whatever began before the latest counts for nothing. One row for all people.
create table everybody_signed_out (
  at  timestamptz primary key,
  by  text not null
);

-- New passwords for whoever may be affected by an incident, one after another.
create table forced_reset (
  id          text primary key,
  begun_at    timestamptz not null default now(),
  begun_by    text not null,
  accounts    integer not null,
  ended_at    timestamptz
);
create index forced_reset_list on forced_reset (begun_at, id);
create table forced_reset_account (
  reset_id    text not null references forced_reset (id) on delete cascade,
  account_id  text not null references account (id) on delete cascade,
  -- Whether a letter left: without an address there is none.
  written     boolean,
  done_at     timestamptz,
  primary key (reset_id, account_id)
);
create index forced_reset_waiting on forced_reset_account (reset_id, account_id) where done_at is null;
create index forced_reset_account_account on forced_reset_account (account_id);

-- Why somebody did it, in her words, AES-256-GCM; the audit names the row.
create table incident_note (
  id        text primary key,
  staff_id  text not null references account (id) on delete cascade,
  what      text not null,
  note      text not null,
  noted_at  timestamptz not null default now()
);

-- Sign-ins of a span of time, whosesoever: who may be affected.
create index audit_sign_in_at on audit (at) where event = 'sign_in';
