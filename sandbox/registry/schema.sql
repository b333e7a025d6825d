-- The simulator's own store: what it knows, as JSON, and the columns by which it is looked up.
create table if not exists organisation (id text primary key, content text not null) strict;
create table if not exists member (
  id text primary key, organisation_id text not null references organisation (id), content text not null
) strict;
create table if not exists ticket (number text primary key, member_id text not null references member (id)) strict;
create table if not exists application (
  id text primary key, organisation_id text not null references organisation (id),
  state text not null, received_at text not null, content text not null
) strict;
create table if not exists change (number integer primary key autoincrement, content text not null) strict;
