-- An operator's word on an identity provider: use it or do not, whatever its health looks like. No row: use it.

create table upstream_switch (
  -- As the configuration names it; one that is not configured any more does no harm here.
  upstream    text primary key,
  is_on       boolean not null,
  since       timestamptz not null default now(),
  turned_by   text not null
);
