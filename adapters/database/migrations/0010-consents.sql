-- What follows from consents: which services are open, who may be written to and how, what recipients are told.

-- Set while the consent to the processing of personal data is withdrawn: the portals are closed, the cabinet is not.
alter table account add column services_ended_at timestamptz;

-- Ways a person has agreed to be written to, kept in step with her consents; a closed one stays as evidence.
create table message_channel (
  account_id  text not null references account (id) on delete cascade,
  channel     text not null check (channel in ('sms', 'push', 'email')),
  -- From whom: the union, its organisations.
  senders     text[] not null,
  -- SHA-256 of the token in «unsubscribe» links: whoever reads the table cannot use it.
  token_hash  bytea not null unique,
  opened_at   timestamptz not null,
  closed_at   timestamptz,
  -- How it was closed.
  closed_by   text check (closed_by in ('link', 'withdrawal', 'new_consent', 'paper')),
  primary key (account_id, channel),
  check ((closed_at is null) = (closed_by is null))
);
create index message_channel_open on message_channel (channel, account_id) where closed_at is null;

-- What recipients of data are told. No account in it: they know a person by a subject of their own, and the last event
-- must reach them even when the account is gone.
create table consent_event (
  seq          bigint generated always as identity primary key,
  id           text not null unique,
  recipient    text not null,
  subject      text not null,
  type         text not null check (type in ('granted', 'withdrawn')),
  -- Of the document; null for a consent on paper.
  version      text,
  at           timestamptz not null,
  delivered_at timestamptz
);
create index consent_event_waiting on consent_event (recipient, seq) where delivered_at is null;
create index consent_event_subject on consent_event (recipient, subject, seq);

create table news_issue (
  -- Made of what it says and to whom, so that the same command finds it again.
  id              text primary key,
  channel         text not null check (channel in ('sms', 'push', 'email')),
  sender          text not null check (sender in ('union', 'organisation')),
  -- Whose members it goes to; null: everybody.
  organisation_id text references organisation (id),
  subject         text not null,
  body            text not null,
  created_at      timestamptz not null default now(),
  check ((sender = 'organisation') = (organisation_id is not null))
);

-- One row a person, whatever happens in between: nobody gets the same news twice.
create table news_delivery (
  issue_id    text not null references news_issue (id),
  account_id  text not null references account (id) on delete cascade,
  state       text not null default 'waiting' check (state in ('waiting', 'handed_over', 'skipped')),
  reason      text,
  at          timestamptz not null default now(),
  primary key (issue_id, account_id)
);
create index news_delivery_waiting on news_delivery (at, account_id) where state = 'waiting';
