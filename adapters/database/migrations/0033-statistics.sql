-- What happens, in numbers: nobody is in them. Every process adds its own every few seconds, so that no sign-in waits
-- for a count, and a page of numbers reads few rows however many people there are.

create table statistic (
  -- Minutes are kept for a week, hours for 400 days.
  grain   text not null check (grain in ('minute', 'hour')),
  kind    text not null check (kind in ('sign_in', 'letter')),
  at      timestamptz not null,
  -- The way of a sign-in, or the name of a letter.
  way     text not null,
  -- The client of a sign-in, or the service that keeps the mailbox; empty: not known.
  portal  text not null,
  -- Empty: it went well.
  reason  text not null,
  count   bigint not null,
  primary key (grain, kind, at, way, portal, reason)
);
create index statistic_age on statistic (grain, at);

-- The longest waiting line of password hashes of any process within a minute.
create table hash_line (
  at      timestamptz primary key,
  longest integer not null
);

-- What each running process says of itself. Lost with the server, it is said again within seconds.
create unlogged table running_process (
  id         text primary key,
  seen_at    timestamptz not null,
  in_flight  integer not null,
  queued     integer not null,
  -- State by id of the upstream.
  upstreams  jsonb not null
);

-- Counts that take a walk through a whole table: made now and then, never while somebody waits for a page.
create table census (
  topic      text not null check (topic in ('portal', 'document')),
  -- The client; or type and version of a document, whether it stands, and what it is on.
  keys       text[] not null,
  number     bigint not null,
  primary key (topic, keys)
);
create table census_taken (
  at timestamptz
);
insert into census_taken values (null);
create index address_trouble_kind on address_trouble (kind);

-- Why an operator turned it, in her words.
alter table upstream_switch add column reason text;
