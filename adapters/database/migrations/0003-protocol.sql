-- Clients, signing keys and expiring artefacts of the OpenID Provider.

create table client (
  client_id   text primary key,
  metadata    jsonb not null,
  -- AES-256-GCM: client_secret_basic and client_secret_jwt need the secret itself.
  secret_sealed text,
  registered_by text not null,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  blocked_at  timestamptz
);

create table signing_key (
  kid         text primary key,
  alg         text not null check (alg in ('RS256', 'ES256')),
  state       text not null check (state in ('next', 'current', 'retired')),
  jwk_sealed  text not null,
  created_at  timestamptz not null default now(),
  state_since timestamptz not null default now()
);
create unique index signing_key_one_current on signing_key (alg) where state = 'current';
create unique index signing_key_one_next on signing_key (alg) where state = 'next';

-- Artefacts with a promise: sessions, grants, refresh tokens. `id` is the SHA-256 of what the browser or client holds.
create table artefact (
  model       text not null,
  id          text not null,
  payload     jsonb not null,
  uid         text,
  user_code   text,
  grant_id    text,
  consumed_at timestamptz,
  expires_at  timestamptz not null,
  primary key (model, id)
);
create unique index artefact_uid on artefact (model, uid) where uid is not null;
create unique index artefact_user_code on artefact (model, user_code) where user_code is not null;
create index artefact_grant on artefact (grant_id) where grant_id is not null;
create index artefact_expiry on artefact (expires_at);

-- Artefacts without one: a server crash may lose them, and the person starts that step again.
create unlogged table passing_artefact (like artefact including all);

-- Revoked grants, kept until the longest token of theirs would have expired.
create table revoked_grant (
  grant_id    text primary key,
  expires_at  timestamptz not null
);
create index revoked_grant_expiry on revoked_grant (expires_at);

-- Counters of rate-limiter-flexible, in the shape it wants.
create unlogged table throttle (
  key     varchar(255) primary key,
  points  integer not null default 0,
  expire  bigint
);
