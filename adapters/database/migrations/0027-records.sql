-- What a primary organisation keeps of its own: its passport, its structure and the cards of its members (E-08…E-10).

-- How names are looked for and put in order: capitals, «Е» for «Ё», Cyrillic for Latin letters that look the same, and
-- a space for a hyphen. By itself, so that it is the same whatever the locale of the database.
create function name_key(name text) returns text language sql immutable strict parallel safe as $$
  select translate(name,
    'абвгдеёжзийклмнопрстуфхцчшщъыьэюяЁabcdefghijklmnopqrstuvwxyzABCEHKMOPTXY-''.',
    'АБВГДЕЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЕАВСDЕFGНIJКLМNОРQRSТUVWХУZАВСЕНКМОРТХУ ')
$$;

-- Units of an organisation: профбюро and профгруппы (E-09).
create table organisation_unit (
  id              text primary key,
  organisation_id text not null references organisation (id),
  parent_id       text references organisation_unit (id),
  kind            text not null check (kind in ('bureau', 'group')),
  name            text not null,
  closed_at       timestamptz
);
-- An applicant chooses among the names (C-25).
create unique index organisation_unit_name on organisation_unit (organisation_id, name) where closed_at is null;
create index organisation_unit_parent on organisation_unit (parent_id) where parent_id is not null;

-- Whoever writes the names alone, such as an import of organisations, gets the units, and they are closed with them.
create function organisation_units() returns trigger language plpgsql as $$
begin
  insert into organisation_unit (id, organisation_id, kind, name)
  select gen_random_uuid()::text, new.id, 'bureau', unit from unnest(new.units) as names (unit)
  on conflict (organisation_id, name) where closed_at is null do nothing;
  update organisation_unit set closed_at = now()
   where organisation_id = new.id and closed_at is null and name <> all (new.units);
  return null;
end $$;
create trigger organisation_units_added after insert on organisation
  for each row when (new.units <> '{}') execute function organisation_units();
create trigger organisation_units_changed after update of units on organisation
  for each row when (old.units is distinct from new.units) execute function organisation_units();
insert into organisation_unit (id, organisation_id, kind, name)
select gen_random_uuid()::text, o.id, 'bureau', unit from organisation o, unnest(o.units) as names (unit)
on conflict do nothing;

-- «Паспорт» (E-08). Names, town, INN, phone and e-mail stand at the organisation, where they are searched.
create table passport (
  organisation_id       text primary key references organisation (id),
  -- «ИНПО».
  inpo                  text,
  inpo_assigned_on      date,
  -- «Регистрация».
  created_on            date,
  creation_document     text,
  registered_on         date,
  registration_document text,
  ogrn                  text,
  -- «Организация».
  institution_type      text,
  workers               integer check (workers >= 0),
  learners              integer check (learners >= 0),
  chair                 text,
  board                 text,
  audit_commission      text,
  -- «Адреса и телефоны».
  postal_address        text,
  legal_address         text,
  more_phones           text,
  site                  text,
  -- Each tab is saved by itself: how often it was.
  inpo_version          integer not null default 0,
  registration_version  integer not null default 0,
  organisation_version  integer not null default 0,
  contacts_version      integer not null default 0,
  changed_at            timestamptz not null default now(),
  changed_by            text not null
);

-- «Учетная карточка».
alter table member
  add column sex text check (sex in ('male', 'female')),
  add column phone text,
  add column email text,
  add column unit_id text references organisation_unit (id),
  add column employment text check (employment in ('worker', 'student', 'pensioner', 'other')),
  add column position text,
  -- «Дата вступления» and «Дата постановки на учёт».
  add column joined_on date,
  add column on_record_since date,
  -- Of the last change of `membership`.
  add column membership_reason text,
  add column membership_since date,
  -- How often the card was changed: two people may have it open.
  add column version integer not null default 1,
  add column name_key text collate "C" not null
    generated always as (name_key(family_name || ' ' || given_name || coalesce(' ' || middle_name, ''))) stored;
-- The list of an organisation, in its order, and by the beginning of a name.
create index member_by_name on member (organisation_id, name_key, id);
drop index member_organisation;
-- The same person on record somewhere else.
create index member_person on member (name_key, birthdate);
create index member_unit on member (unit_id) where unit_id is not null;

-- A list of members that was uploaded and checked, and waits to be confirmed or is being put in (E-10).
create table member_list (
  id              text primary key,
  organisation_id text not null references organisation (id),
  -- The account of whoever uploaded it.
  uploaded_by     text not null,
  uploaded_at     timestamptz not null,
  state           text not null default 'checked' check (state in ('checked', 'confirmed', 'done')),
  -- Rows that are to be put in, and how many of them have been.
  rows            integer not null check (rows >= 0),
  done            integer not null default 0 check (done between 0 and rows),
  added           integer not null default 0,
  changed         integer not null default 0,
  unchanged       integer not null default 0,
  refused         integer not null default 0
);
create index member_list_organisation on member_list (organisation_id);
create index member_list_age on member_list (uploaded_at);

create table member_list_row (
  list_id         text not null references member_list (id) on delete cascade,
  -- In the file.
  line            integer not null,
  -- What was read and what was found, encrypted.
  sealed          text not null,
  -- Codes of what is wrong with it: such a row is not put in.
  faults          text[] not null default '{}',
  settled         boolean not null default false,
  primary key (list_id, line)
);

-- Who took a list of members away in a file, and what for.
create table member_export (
  id              text primary key,
  organisation_id text not null references organisation (id),
  exported_by     text not null,
  exported_at     timestamptz not null,
  members         integer not null,
  -- Words that somebody typed: encrypted.
  reason          text not null
);
create index member_export_organisation on member_export (organisation_id, exported_at);
