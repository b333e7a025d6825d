-- Reconciliation cases: somebody's data differ between two systems, and a person must look (D-16, SYS-14).

-- The last number given out in a year: 2026-000123 is the 123rd case of 2026, Moscow time.
create table case_number (
  year integer primary key,
  last integer not null
);

create table mismatch_case (
  number           text primary key,
  side             text not null check (side in ('union', 'school')),
  issuer           text not null,
  -- Gone, like everything else that says something of the person, when she leaves or the case is long over.
  subject          text,
  upstream         text not null,
  account_id       text references account (id),
  member_id        text references member (id),
  -- The record of «Контингент» and the school whose administrator looks at it.
  school_person_id text,
  school_id        text,
  kinds            text[] not null,
  -- What the upstream told, AES-256-GCM.
  told             text,
  client_id        text not null,
  -- domain.md §1.9; closed: done with, and no sign-in follows from it.
  state            text not null default 'open'
                   check (state in ('open', 'with_admin', 'changed', 'retry_ok', 'reopened', 'closed')),
  -- Why it was decided so, AES-256-GCM.
  reason           text,
  opened_at        timestamptz not null default now(),
  changed_at       timestamptz,
  effective_at     timestamptz,
  touched_at       timestamptz not null default now(),
  check ((side = 'school') = (school_id is not null)),
  check (state <> 'changed' or effective_at is not null)
);

-- One case at a time for an identity and a record, however often she tries; through it she is found when she does.
create unique index mismatch_case_unsettled
  on mismatch_case (side, issuer, subject, (coalesce(school_person_id, member_id, account_id, '')))
  where state not in ('retry_ok', 'closed');
create index mismatch_case_list on mismatch_case (side, school_id, number);
create index mismatch_case_account on mismatch_case (account_id);
create index mismatch_case_touched on mismatch_case (touched_at) where subject is not null;

-- Days nobody works on beside Saturdays and Sundays (Q-22).
create table non_working_day (
  day  date primary key,
  name text not null
);

-- Labour Code of Russia, article 112: the holidays; one that falls on a Saturday or Sunday moves to the working day
-- after it, those of January go where the government's decree for the year puts them. The decree on days off of 2026:
-- Saturday 3 January to Friday 9 January, Sunday 4 January to Thursday 31 December. Of 2027 what the law says by itself;
-- operators add its decree and later years («union-id holidays add»).
insert into non_working_day (day, name)
select day::date, 'Новогодние каникулы'
  from generate_series(date '2026-01-01', date '2026-01-08', interval '1 day') as day
 where day::date <> date '2026-01-07';
insert into non_working_day (day, name)
select day::date, 'Новогодние каникулы'
  from generate_series(date '2027-01-01', date '2027-01-08', interval '1 day') as day
 where day::date <> date '2027-01-07';
insert into non_working_day (day, name) values
  ('2026-01-07', 'Рождество Христово'),
  ('2026-01-09', 'перенос с 3 января'),
  ('2026-02-23', 'День защитника Отечества'),
  ('2026-03-09', 'Международный женский день, перенос с 8 марта'),
  ('2026-05-01', 'Праздник Весны и Труда'),
  ('2026-05-11', 'День Победы, перенос с 9 мая'),
  ('2026-06-12', 'День России'),
  ('2026-11-04', 'День народного единства'),
  ('2026-12-31', 'перенос с 4 января'),
  ('2027-01-07', 'Рождество Христово'),
  ('2027-02-23', 'День защитника Отечества'),
  ('2027-03-08', 'Международный женский день'),
  ('2027-05-03', 'Праздник Весны и Труда, перенос с 1 мая'),
  ('2027-05-10', 'День Победы, перенос с 9 мая'),
  ('2027-06-14', 'День России, перенос с 12 июня'),
  ('2027-11-04', 'День народного единства');

create table staff_role (
  account_id text not null references account (id) on delete cascade,
  role       text not null check (role in ('union_operator')),
  granted_at timestamptz not null default now(),
  -- Who granted it: an operator at the command line, or the sandbox.
  granted_by text not null,
  primary key (account_id, role)
);
