-- How an account wants to be asked beyond its password.
create table account_protection (
  account_id      text primary key references account (id) on delete cascade,
  -- By what its passkeys know it: random, and says nothing of anybody (WebAuthn §14.6.1).
  user_handle     text not null unique,
  always_asked_at timestamptz,
  -- She has neither device nor codes any more: from then on a mailed code is a second proof, too.
  mail_counts_at  timestamptz
);

-- Applications that show a new code every half minute (RFC 6238). A step is used once, and none before it afterwards.
create table code_app (
  id         text primary key,
  account_id text not null references account (id) on delete cascade,
  name       text not null,
  secret     text not null,
  last_step  bigint not null,
  added_at   timestamptz not null default now(),
  used_at    timestamptz
);
create index code_app_account on code_app (account_id, added_at);

create table passkey (
  id            text primary key,
  account_id    text not null references account (id) on delete cascade,
  name          text not null,
  credential_id text not null unique,
  public_key    bytea not null,
  counter       bigint not null,
  transports    text not null,
  -- Whether it may be, and is, kept elsewhere than on the device that made it (WebAuthn §6.1.3).
  syncable      boolean not null,
  backed_up     boolean not null,
  added_at      timestamptz not null default now(),
  used_at       timestamptz
);
create index passkey_account on passkey (account_id, added_at);

create table recovery_code (
  account_id text not null references account (id) on delete cascade,
  code_hash  bytea not null,
  made_at    timestamptz not null default now(),
  used_at    timestamptz,
  primary key (account_id, code_hash)
);
