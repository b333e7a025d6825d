-- Events to the outside (OpenID Shared Signals): one stream for each receiver, and what it has to be told.
create table event_stream (
  client_id      text primary key references client (client_id) on delete cascade,
  id             text not null unique,
  method         text not null check (method in ('push', 'poll')),
  endpoint       text,
  -- The receiver's own secret: the value of Authorization in what is pushed.
  authorization_sealed text,
  events         text[] not null,
  status         text not null default 'enabled' check (status in ('enabled', 'paused', 'disabled')),
  status_reason  text,
  -- Since when nothing could be delivered.
  failing_since  timestamptz,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  check ((method = 'push') = (endpoint is not null))
);

-- No account in it: a receiver knows a person by a subject of its own, and the last event must reach it even when the
-- account is gone. Kept for 30 days.
create table stream_event (
  seq           bigint generated always as identity primary key,
  -- `jti` of the token: by it a receiver knows an event that comes a second time.
  id            text not null unique,
  client_id     text not null references client (client_id) on delete cascade,
  type          text not null,
  -- Null: about the stream itself.
  subject       text,
  -- The one session it is about, as the receiver names it.
  session       text,
  detail        jsonb not null,
  occurred_at   timestamptz not null,
  state         text not null default 'waiting' check (state in ('waiting', 'delivered', 'refused')),
  attempts      integer not null default 0,
  last_status   integer,
  reason        text,
  next_try_at   timestamptz not null default now(),
  delivered_at  timestamptz
);
create index stream_event_waiting on stream_event (client_id, seq) where state = 'waiting';
create index stream_event_client on stream_event (client_id, seq desc);
create index stream_event_age on stream_event (occurred_at);
-- A fact that is told again is the same fact.
create unique index stream_event_session on stream_event (client_id, type, session) where session is not null;
create unique index stream_event_fact on stream_event (client_id, type, subject, occurred_at)
  where session is null and subject is not null;

-- The membership that was told of last: only a change of it is news.
create table membership_told (
  member_id  text primary key,
  is_member  boolean not null
);
