-- Individual credentials that a chair issues to the chairs below (E-03). A batch that is not started is a list still
-- being looked at.
create table credential_batch (
  id              text primary key,
  -- Whose desk it was made at.
  organisation_id text not null references organisation (id),
  issued_by       text not null,
  way             text not null check (way in ('sheet', 'letter')),
  created_at      timestamptz not null default now(),
  started_at      timestamptz
);
create index credential_batch_organisation on credential_batch (organisation_id, created_at desc);
create index credential_batch_unstarted on credential_batch (created_at) where started_at is null;

create table office_credential (
  id              text primary key,
  batch_id        text not null references credential_batch (id) on delete cascade,
  place           integer not null,
  organisation_id text not null references organisation (id),
  role            text not null check (role in ('chair', 'responsible')),
  -- Of the person, until she is there and her account says it.
  email_key       text,
  email           text,
  family_name     text,
  given_name      text,
  middle_name     text,
  -- HMAC of the one-time password; the password itself lies sealed beside it until its sheet was shown.
  secret_hash     bytea,
  sealed          text,
  issued_at       timestamptz,
  expires_at      timestamptz,
  used_at         timestamptz,
  voided_at       timestamptz,
  voided_by       text,
  check ((issued_at is null) = (secret_hash is null)),
  check ((issued_at is null) = (expires_at is null)),
  check ((voided_at is null) = (voided_by is null)),
  check (used_at is not null or email_key is not null)
);
create index office_credential_batch on office_credential (batch_id, place);
-- One stands for an address at an organisation; a new one kills the old one.
create unique index office_credential_standing on office_credential (organisation_id, email_key)
  where issued_at is not null and used_at is null and voided_at is null;
create index office_credential_address on office_credential (email_key) where issued_at is not null;
create index office_credential_sealed on office_credential (issued_at) where sealed is not null;
create index office_credential_ended on office_credential (expires_at) where used_at is null;

-- What of her onboarding somebody has ticked (E-05, E-07); the rest of the checklist says itself.
create table office_checklist (
  office_id text not null references office (id) on delete cascade,
  item      text not null check (item in ('client', 'video', 'algorithm', 'training')),
  ticked_at timestamptz not null default now(),
  ticked_by text not null,
  primary key (office_id, item)
);
