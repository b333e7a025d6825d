-- Checks of a relying party with wrong answers. The key signs nothing but them, so it lies open; all of it goes after a day.
create table rehearsal (
  id text primary key,
  client_id text not null references client (client_id) on delete cascade,
  login_uri text not null,
  key jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done')),
  began_at timestamptz,
  results jsonb not null default '[]',
  expires_at timestamptz not null
);
create index rehearsal_client_id on rehearsal (client_id);
create index rehearsal_expires_at on rehearsal (expires_at);
