-- What goes between us and the register: organisations that can be searched, applications on their way there, and what
-- comes back. The same tables are the register itself where we keep it, and our copy of it where others do.

-- «without_primary»: known, but nobody can be its member (C-28). Null: the register is kept elsewhere and does not say.
alter table organisation drop constraint organisation_kind_check;
alter table organisation add constraint organisation_kind_check
  check (kind in ('regional', 'territorial', 'primary', 'without_primary'));
alter table organisation alter column kind drop not null;
-- Structural units to choose from (E-09).
alter table organisation add column units text[] not null default '{}';
-- Words by which it is found (domain.md §3.9), made by the data rules; the vector is their index.
alter table organisation add column search_words text[] not null default '{}';
alter table organisation add column search_vector tsvector
  generated always as (array_to_tsvector(search_words)) stored;
-- Without a pending list: an import is rare, and a search right after it must be as quick as any other.
create index organisation_search on organisation using gin (search_vector) with (fastupdate = off);
create index organisation_inn on organisation (inn);

-- Applications as their authors see them.
create table application (
  id              text primary key,
  account_id      text not null references account (id) on delete cascade,
  purpose         text not null check (purpose in ('joining', 'enrolment')),
  organisation    text not null,
  state           text not null default 'signed'
    check (state in ('signed', 'delivered', 'received', 'accepted', 'returned', 'rejected')),
  reason          text,
  signed_at       timestamptz not null,
  state_since     timestamptz not null default now(),
  -- What the register is to be told, encrypted; erased as soon as it has taken it.
  sealed          text
);
create unique index application_under_way on application (account_id)
  where state in ('signed', 'delivered', 'received');
create index application_account on application (account_id, signed_at);
create index application_waiting on application (signed_at, id) where sealed is not null;

-- The register kept by ourselves: applications it has taken, and what happened to them and to members, in order.
create table register_application (
  id              text primary key,
  organisation_id text not null references organisation (id),
  purpose         text not null check (purpose in ('joining', 'enrolment')),
  state           text not null default 'received'
    check (state in ('received', 'accepted', 'returned', 'rejected')),
  reason          text,
  member_id       text references member (id),
  received_at     timestamptz not null default now(),
  decided_at      timestamptz,
  -- The application itself, encrypted; erased with the decision.
  sealed          text
);
create index register_application_waiting on register_application (received_at, id) where state = 'received';

create table register_change (
  id              bigint generated always as identity primary key,
  at              timestamptz not null default now(),
  application_id  text references register_application (id),
  application_state text,
  reason          text,
  member_id       text references member (id)
);

-- How far we have read in the change feed of each register.
create table register_cursor (
  register        text primary key,
  cursor          text,
  asked_at        timestamptz not null
);
