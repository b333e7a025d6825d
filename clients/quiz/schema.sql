-- Attempts at the quiz and what was answered. Times are milliseconds since 1970.

create table if not exists attempt (
  id          text primary key,
  sub         text not null,
  -- The first, second, … of this person: two starts at once cannot both be the first.
  ordinal     integer not null,
  region      text,
  started_at  integer not null,
  deadline_at integer,
  finished_at integer,
  correct     integer,
  unique (sub, ordinal),
  check ((finished_at is null) = (correct is null))
) strict;
-- Nobody answers two attempts side by side.
create unique index if not exists attempt_open on attempt (sub) where finished_at is null;
create index if not exists attempt_overdue on attempt (deadline_at) where finished_at is null;

create table if not exists answer (
  attempt_id  text not null references attempt (id),
  question    text not null,
  option      text not null,
  answered_at integer not null,
  primary key (attempt_id, question)
) strict;
