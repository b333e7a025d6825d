-- What became of telling relying parties that somebody has signed out: a row with each job, kept for 30 days.
create table logout_delivery (
  id            text primary key,
  client_id     text not null references client (client_id) on delete cascade,
  -- Null once the account has been deleted: there is nobody left to sign out.
  account_id    text,
  sid           text not null,
  state         text not null default 'waiting' check (state in ('waiting', 'delivered', 'refused', 'given_up')),
  attempts      integer not null default 0,
  -- Of the last attempt: what the relying party answered, or why there was no answer.
  last_status   integer,
  reason        text,
  created_at    timestamptz not null default now(),
  -- When it was begun, or begun again by hand: a day later it is given up.
  begun_at      timestamptz not null default now(),
  next_try_at   timestamptz
);
create index logout_delivery_client on logout_delivery (client_id, created_at desc, id);
create index logout_delivery_created on logout_delivery (created_at);
create index logout_delivery_account on logout_delivery (account_id) where account_id is not null;
