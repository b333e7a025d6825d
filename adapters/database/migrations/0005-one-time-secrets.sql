-- Codes and links that work once (domain.md §3.10). Kept as durably as what they allow: a used one never comes back.

create table one_time_secret (
  id          bigint generated always as identity primary key,
  purpose     text not null,
  -- Whose it is: an account, a registration, a signing.
  subject     text not null,
  -- HMAC of purpose and secret; a code is short, so the key matters.
  secret_hash bytea not null,
  -- What it is good for and nothing else, such as the hash of the documents to be signed.
  binding     text not null default '',
  tries_left  integer not null check (tries_left >= 0),
  expires_at  timestamptz not null,
  used_at     timestamptz,
  created_at  timestamptz not null default now()
);
-- A new one voids the old one: at most one stands per purpose and subject.
create unique index one_time_secret_standing on one_time_secret (purpose, subject) where used_at is null;
create index one_time_secret_hash on one_time_secret (purpose, secret_hash);
create index one_time_secret_expiry on one_time_secret (expires_at);
