-- Which letters are settled, and which addresses letters do not reach. No addresses and no words: keyed hashes.

create table settled_letter (
  -- Of the job that carried the letter, and the left half of its Message-ID: a report about it names it.
  letter_id   uuid primary key,
  address_key bytea not null,
  at          timestamptz not null default now()
);
create index settled_letter_at on settled_letter (at);

create table address_trouble (
  address_key bytea primary key,
  kind        text not null check (kind in ('refused', 'bounced')),
  since       timestamptz not null default now()
);
create index address_trouble_since on address_trouble (since);
