-- Applications of developers: who owns a client, what she asked for, what was changed, and calls that are not repeated.

create table integration (
  client_id     text primary key references client (client_id) on delete cascade,
  -- Null once its owner has left: nobody changes it, and its client is blocked.
  owner_id      text references account (id),
  stage         text not null default 'test' check (stage in ('test', 'production')),
  kind          text not null check (kind in ('web', 'spa', 'native', 'device', 'service')),
  site          text not null,
  -- Counts changes: what an ETag says.
  version       integer not null default 1,
  block_reason  text,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now()
);
create index integration_owner on integration (owner_id, created_at, client_id);

-- Two count while one takes the other's place.
create table integration_secret (
  id            text primary key,
  client_id     text not null references integration (client_id) on delete cascade,
  -- AES-256-GCM: the protocol needs the secret itself.
  sealed        text not null,
  created_at    timestamptz not null default now(),
  expires_at    timestamptz,
  last_used_at  timestamptz
);
create index integration_secret_client on integration_secret (client_id, created_at);
create index integration_secret_expiry on integration_secret (expires_at) where expires_at is not null;

-- Who beside the owner signs in while it is tried out; whether somebody has that address is asked at her sign-in.
create table integration_tester (
  client_id     text not null references integration (client_id) on delete cascade,
  -- Normal form, as in identifier.
  email         text not null,
  original      text not null,
  primary key (client_id, email)
);
create index integration_tester_email on integration_tester (email);

create table integration_request (
  id            text primary key,
  client_id     text not null references integration (client_id) on delete cascade,
  asked_by      text references account (id),
  wanted        text not null check (wanted in ('production', 'scopes')),
  scopes        text[] not null,
  purpose       text not null,
  contact       text not null,
  state         text not null default 'pending'
                check (state in ('pending', 'approved', 'refused', 'withdrawn')),
  asked_at      timestamptz not null default now(),
  decided_at    timestamptz,
  -- An account, or `operator`.
  decided_by    text,
  note          text,
  check ((state = 'pending') = (decided_at is null))
);
create unique index integration_request_pending on integration_request (client_id) where state = 'pending';
create index integration_request_client on integration_request (client_id, asked_at);
create index integration_request_list on integration_request (state, asked_at, id);
create index integration_request_account on integration_request (asked_by) where asked_by is not null;

-- Values of addresses and scopes, never secrets. It outlives what it tells of.
create table integration_change (
  id            bigint generated always as identity primary key,
  client_id     text not null,
  at            timestamptz not null default now(),
  -- An account, or `operator`.
  actor         text not null,
  what          text not null,
  before        jsonb,
  after         jsonb
);
create index integration_change_client on integration_change (client_id, id);

-- Answers that are given once more instead of doing the thing twice.
create table idempotency_key (
  account_id    text not null references account (id) on delete cascade,
  key           text not null,
  digest        text not null,
  -- AES-256-GCM; null while the first call is under way.
  answer        text,
  created_at    timestamptz not null default now(),
  primary key (account_id, key)
);
create index idempotency_key_age on idempotency_key (created_at);

alter table staff_role drop constraint staff_role_role_check;
alter table staff_role add constraint staff_role_role_check check (role in ('union_operator', 'administrator'));
