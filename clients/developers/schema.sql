-- «Попробовать» under way. Times are milliseconds since 1970.
create table if not exists trial (
  session    text not null references session (id) on delete cascade,
  client_id  text not null,
  -- Keyed hash of the request's state.
  state      text not null,
  sealed     text not null,
  expires_at integer not null,
  primary key (session, client_id)
) strict;
create index if not exists trial_state on trial (session, state);
create index if not exists trial_expiry on trial (expires_at);
