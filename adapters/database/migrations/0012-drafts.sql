-- What somebody has typed on the way to an application or a signature, until it is finished (domain.md §1.9 «draft»).

create table draft (
  account_id   text primary key references account (id) on delete cascade,
  variant      text check (variant in ('ticket', 'application')),
  -- Which interaction of which portal the person came from; nothing of the request itself.
  interaction  text,
  client_id    text,
  -- JSON of each variant's form, AES-256-GCM.
  ticket_sealed      text,
  application_sealed text,
  -- Grows with every change of the forms; documents belong to one revision and to no other.
  revision     bigint not null default 0,
  signing_id   text,
  finished_at  timestamptz,
  updated_at   timestamptz not null default now()
);
create index draft_updated on draft (updated_at);
