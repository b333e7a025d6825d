-- The member register: organisations, members, tickets (domain.md §1.9, §3).

create table organisation (
  id          text primary key,
  kind        text not null check (kind in ('regional', 'territorial', 'primary')),
  parent_id   text references organisation (id),
  name        text not null,
  short_name  text not null,
  town        text,
  region      text not null,
  inn         text,
  email       text,
  phone       text,
  closed_at   timestamptz
);

create table member (
  id              text primary key,
  organisation_id text not null references organisation (id),
  family_name     text not null,
  given_name      text not null,
  middle_name     text,
  birthdate       date not null,
  membership      text not null check (membership in ('applicant', 'under_review', 'member', 'suspended', 'ended')),
  -- SNILS: AES-256-GCM with the key id in the value, and an HMAC for equality look-ups.
  snils_sealed    text,
  snils_hmac      bytea unique,
  updated_at      timestamptz not null default now()
);
create index member_organisation on member (organisation_id);

-- A replaced number stays reserved for ever (Q-03).
create table ticket (
  number      text primary key check (number ~ '^[0-9]{16}$'),
  member_id   text not null references member (id),
  state       text not null check (state in
    ('number_assigned', 'ordered', 'in_production', 'shipped', 'at_committee', 'issued', 'blocked', 'replaced')),
  updated_at  timestamptz not null default now()
);
create index ticket_member on ticket (member_id);
