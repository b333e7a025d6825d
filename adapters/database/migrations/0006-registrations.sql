-- Accounts that somebody asked for and whose address nobody has confirmed yet. No account exists before that, so
-- whoever asks first in another person's name wins nothing; several may stand for one address.

create table registration (
  -- The id of the account it becomes.
  id            text primary key,
  email_key     text not null,
  email         text not null,
  -- Forgotten as soon as it has become the account's, or is worth nothing.
  password_hash text,
  locale        text not null check (locale in ('ru', 'en')),
  -- What was ticked, and with `created_at` and `network` when and where.
  terms_version text not null,
  -- Which interaction of which portal the person came from.
  interaction   text,
  client_id     text,
  device        text not null,
  network       text not null,
  created_at    timestamptz not null default now(),
  confirmed_at  timestamptz,
  -- Mark of the browser that confirmed it: a second click of the same hand is no fault.
  confirmed_by  text,
  void_at       timestamptz,
  check ((interaction is null) = (client_id is null)),
  check ((password_hash is null) = (confirmed_at is not null or void_at is not null))
);
create index registration_open on registration (email_key, created_at) where password_hash is not null;
create index registration_created on registration (created_at);
