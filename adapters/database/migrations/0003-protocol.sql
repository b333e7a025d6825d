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

-- Artefacts with a promise: sessions, grants, refresh tokens. All keys are SHA-256 digests of
-- what the browser or client holds; the payload is JSON nobody looks into, as text (jsonb costs and refuses NUL).
create table artefact (
  model       text not null,
  id          text not null,
  payload     text not null,
  uid         text,
  user_code   text,
  grant_id    text,
  consumed_at timestamptz,
  expires_at  timestamptz not null,
  written_at  timestamptz not null default now(),
  primary key (model, id)
);
-- Not unique: a session renamed in two requests at once may stand twice for a moment, and the last one counts.
create index artefact_uid on artefact (uid) where uid is not null;
create index artefact_user_code on artefact (user_code) where user_code is not null;
create index artefact_grant on artefact (grant_id) where grant_id is not null;
create index artefact_expiry on artefact (expires_at);

-- Artefacts without one: a server crash may lose them, and the person starts that step again.
create unlogged table passing_artefact (like artefact including all);

-- Revoked grants, kept longer than any token of theirs could live.
create table revoked_grant (
  grant_id    text primary key,
  expires_at  timestamptz not null
);
create index revoked_grant_expiry on revoked_grant (expires_at);

-- A write of the grant and its revocation meet at a lock. Each statement of a volatile function sees what was
-- committed before it started, so whoever waited here reads the outcome; one plain statement would not (READ COMMITTED).
create function grant_is_open(wanted text) returns boolean language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(wanted, 0));
  return not exists (select from revoked_grant where grant_id = wanted);
end $$;

create function revoke_grant(unwanted text, memory interval) returns void language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(unwanted, 0));
  insert into revoked_grant values (unwanted, now() + memory)
    on conflict (grant_id) do update set expires_at = excluded.expires_at;
  delete from artefact where grant_id = unwanted;
  delete from passing_artefact where grant_id = unwanted;
end $$;

-- Counters of rate-limiter-flexible, in the shape and order it wants; `expire` in milliseconds since the epoch.
create unlogged table throttle (
  key     varchar(255) primary key,
  points  integer not null default 0,
  expire  bigint
);
create index throttle_expiry on throttle (expire);
