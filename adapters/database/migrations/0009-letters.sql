-- What became of letters, and which addresses they do not reach. No addresses and no words of a letter: keyed hashes.

create table letter_outcome (
  -- Of the job that carried the letter: a second delivery of the same one is known by it.
  letter_id   uuid primary key,
  template    text not null,
  -- Without a reference: the record of a signing code is evidence, and outlives the account.
  account_id  text,
  address_key bytea not null,
  outcome     text not null check (outcome in ('accepted', 'refused', 'bounced')),
  -- What the next server said when it took the letter over, without addresses: its own id of it, as a rule.
  receipt     text not null default '',
  at          timestamptz not null default now()
);
create index letter_outcome_account on letter_outcome (account_id, at) where account_id is not null;
create index letter_outcome_at on letter_outcome (at) where template <> 'signing-code';

create table address_trouble (
  address_key bytea primary key,
  kind        text not null check (kind in ('refused', 'bounced')),
  since       timestamptz not null default now()
);
create index address_trouble_since on address_trouble (since);
