-- Where an organisation stands: the ids from the top down to its own, each followed by «/». Whatever begins with it is
-- at or below that organisation, and an index of the «C» collation finds it.
alter table organisation add column path text collate "C";

with recursive tree as (
  select id, id || '/' as path from organisation where parent_id is null
  union all
  select o.id, tree.path || o.id || '/' from organisation o join tree on o.parent_id = tree.id
)
update organisation o set path = tree.path from tree where tree.id = o.id;
alter table organisation alter column path set not null;
create index organisation_path on organisation (path);

create function organisation_path() returns trigger language plpgsql as $$
begin
  new.path := new.id || '/';
  if new.parent_id is not null then
    new.path := coalesce((select path from organisation where id = new.parent_id), '') || new.path;
  end if;
  return new;
end $$;
create trigger organisation_path before insert or update of parent_id on organisation
  for each row execute function organisation_path();

create function organisation_paths_below() returns trigger language plpgsql as $$
begin
  update organisation set parent_id = parent_id where parent_id = new.id;
  return null;
end $$;
create trigger organisation_paths_below after update of parent_id on organisation
  for each row when (old.path is distinct from new.path) execute function organisation_paths_below();

-- Who acts for an organisation. Rows stay when the office is over: they say who was allowed to, and when.
create table office (
  id              text primary key,
  account_id      text not null references account (id) on delete cascade,
  organisation_id text not null references organisation (id),
  role            text not null check (role in ('chair', 'responsible')),
  granted_at      timestamptz not null default now(),
  granted_by      text not null,
  undertaken_at   timestamptz,
  undertaken_how  text check (undertaken_how in ('signed', 'paper')),
  undertaken_by   text,
  revoked_at      timestamptz,
  revoked_by      text,
  check ((undertaken_at is null) = (undertaken_how is null)),
  check ((undertaken_at is null) = (undertaken_by is null)),
  check ((revoked_at is null) = (revoked_by is null))
);
create unique index office_held on office (account_id, organisation_id) where revoked_at is null;
create index office_organisation on office (organisation_id, granted_at);

-- When a session was last seen at a workplace. Lost with the server, it asks its person to sign in once more.
create unlogged table workplace_visit (
  session_uid text primary key,
  seen_at     timestamptz not null
);
create index workplace_visit_seen on workplace_visit (seen_at);
