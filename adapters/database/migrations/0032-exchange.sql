-- Passwords as other systems kept them, until their first right sign-in here; and machines that read our register.

-- «k1:{bcrypt:10:…}$argon2id$…»: scheme and cost of a hash that is not ours yet. Whoever writes a hash need not know.
alter table password add column foreign_kind text
  generated always as (substring(hash from '^[^:{]*:\{([a-z0-9-]+:[0-9]+):')) stored;
-- Which kinds are left, and how many of each.
create index password_foreign_kind on password (foreign_kind) where foreign_kind is not null;

create table foreign_password (
  account_id   text primary key references account (id) on delete cascade,
  kind         text not null,
  imported_at  timestamptz not null default now()
);
create index foreign_password_kind on foreign_password (kind);

-- Machines that read our register, or send applications to it: each below one organisation, or, without one, of all.
create table register_client (
  client_id        text primary key,
  organisation_id  text references organisation (id),
  may_write        boolean not null default false,
  allowed_at       timestamptz not null default now()
);
