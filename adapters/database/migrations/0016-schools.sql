-- «Контингент», the region's register of who works and learns where. It stands apart from the Union's: nothing here
-- refers to a member or to one of its organisations, and the only link is the account recognised as a person.

create table school (
  id         text primary key,
  name       text not null,
  short_name text not null
);

create table school_person (
  id            text primary key,
  family_name   text not null,
  given_name    text not null,
  middle_name   text,
  birthdate     date not null,
  email         text,
  -- The union identity that has been recognised as this person.
  account_id    text unique references account (id),
  -- The latest sign-in whose data agreed with the record.
  agreed_at     timestamptz,
  updated_at    timestamptz not null default now()
);
create index school_person_birthdate on school_person (birthdate);

create table school_role (
  person_id text not null references school_person (id) on delete cascade,
  role      text not null check (role in ('staff', 'parent', 'learner')),
  school_id text not null references school (id),
  -- Sees the cases of that school, and its people.
  duty      text check (duty = 'contingent_admin'),
  since     timestamptz not null default now(),
  primary key (person_id, role, school_id),
  check (duty is null or role = 'staff')
);
create index school_role_school on school_role (school_id);

create table subsystem (
  client_id text primary key,
  name      text not null,
  -- Where it begins a sign-in by itself.
  url       text not null,
  sort      integer not null default 0
);

-- A row lets in everybody with that role who has its duty and works or learns at its school, where it names them.
create table subsystem_access (
  client_id text not null references subsystem (client_id) on delete cascade,
  role      text not null check (role in ('staff', 'parent', 'learner')),
  duty      text check (duty = 'contingent_admin'),
  school_id text references school (id)
);
create unique index subsystem_access_once
  on subsystem_access (client_id, role, coalesce(duty, ''), coalesce(school_id, ''));
create index subsystem_access_role on subsystem_access (role);

-- Accounts that a role was taken from and that are still to leave the relying parties of ЭПОС. The roles themselves are
-- read at each request: nothing waits for this.
create table school_exit (
  account_id text primary key references account (id),
  until      timestamptz not null
);
