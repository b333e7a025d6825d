-- What happened, to whom, by whom. Append-only; no names, addresses, codes or tokens in it.

create table audit (
  id          bigint generated always as identity primary key,
  at          timestamptz not null default now(),
  event       text not null,
  outcome     text not null check (outcome in ('success', 'failure')),
  actor       text not null,
  account_id  text,
  client_id   text,
  session_uid text,
  request_id  text,
  network     text,
  reason      text,
  detail      jsonb
);
create index audit_account on audit (account_id, at) where account_id is not null;
create index audit_at on audit (at);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit is append-only';
end $$;
create trigger audit_no_change before update or delete on audit
  for each row execute function audit_is_append_only();
create trigger audit_no_truncate before truncate on audit
  for each statement execute function audit_is_append_only();
