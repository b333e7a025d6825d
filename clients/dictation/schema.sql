-- The only place where the portal keeps a full name: with the certificate it was asked for.

create table if not exists certificate (
  number     integer primary key autoincrement,
  attempt_id text not null unique references attempt (id),
  full_name  text not null,
  issued_at  integer not null
) strict;
