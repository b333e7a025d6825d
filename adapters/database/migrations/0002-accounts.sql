-- One account, several doors. `identifier` is the one unique index through which every sign-in goes.

create table account (
  id           text primary key,
  status       text not null default 'confirmed' check (status in ('new', 'confirmed', 'locked', 'closed')),
  family_name  text,
  given_name   text,
  middle_name  text,
  phone        text,
  locale       text not null default 'ru' check (locale in ('ru', 'en')),
  member_id    text unique references member (id),
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now()
);

-- kind: email, ticket, or the issuer of an upstream; value: the normal form; original: as the person wrote it.
create table identifier (
  kind         text not null,
  value        text not null,
  account_id   text not null references account (id) on delete cascade,
  original     text not null,
  confirmed_at timestamptz,
  created_at   timestamptz not null default now(),
  primary key (kind, value)
);
create index identifier_account on identifier (account_id);

create table password (
  account_id  text primary key references account (id) on delete cascade,
  hash        text not null,
  changed_at  timestamptz not null default now()
);

-- Sessions, as the person sees them: where and when. The session itself lives in the artefact storage.
create table account_session (
  uid         text primary key,
  account_id  text not null references account (id) on delete cascade,
  device      text not null,
  network     text not null,
  signed_in_at timestamptz not null default now(),
  expires_at  timestamptz not null,
  ended_at    timestamptz
);
create index account_session_account on account_session (account_id);
create index account_session_expiry on account_session (expires_at);

-- Which relying party holds which grant: what the cabinet shows and what a password change revokes.
create table account_grant (
  id          text primary key,
  account_id  text not null references account (id) on delete cascade,
  client_id   text not null,
  session_uid text,
  scope       text not null,
  created_at  timestamptz not null default now(),
  expires_at  timestamptz not null
);
create index account_grant_account on account_grant (account_id, client_id);
create index account_grant_expiry on account_grant (expires_at);

-- A remembered «yes» of the person to a third-party client; withdrawn in the cabinet.
create table client_consent (
  account_id  text not null references account (id) on delete cascade,
  client_id   text not null,
  scope       text not null,
  given_at    timestamptz not null default now(),
  primary key (account_id, client_id)
);
