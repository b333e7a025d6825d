-- Doors that upstreams open. The door itself is a row of `identifier` (kind: the issuer, value: the subject), so that
-- its one unique index says whose it is; here is what belongs to it.

create table linked_identity (
  issuer      text not null,
  subject     text not null,
  account_id  text not null references account (id) on delete cascade,
  upstream    text not null,
  -- What the upstream told last.
  family_name text,
  given_name  text,
  middle_name text,
  birthdate   date,
  email       text,
  confirmed   boolean not null,
  linked_at   timestamptz not null default now(),
  used_at     timestamptz not null default now(),
  primary key (issuer, subject),
  -- A person has one account at each upstream.
  unique (account_id, issuer),
  -- Whatever takes the door takes this with it.
  foreign key (issuer, subject) references identifier (kind, value) on delete cascade
);

-- Doors that were closed again: whose an identity has been, whoever it may be linked to now.
create table former_link (
  id          bigint generated always as identity primary key,
  issuer      text not null,
  subject     text not null,
  account_id  text not null references account (id) on delete cascade,
  upstream    text not null,
  linked_at   timestamptz not null,
  unlinked_at timestamptz not null default now()
);
create index former_link_account on former_link (account_id);
create index former_link_identity on former_link (issuer, subject);

-- Candidates for a link, at somebody's first sign-in through an upstream.
create index member_birthdate on member (birthdate);
