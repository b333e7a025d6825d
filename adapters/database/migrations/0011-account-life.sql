-- What becomes of an account: signed out everywhere, another address, deleted.

-- Sign-ins, grants and tokens from before this moment count for nothing.
alter table account add column signed_out_at timestamptz;

-- A change of the address, from its first step to the day it can be undone no more. The addresses are personal: the
-- row goes when that day is over.
create table email_change (
  id           text primary key,
  account_id   text not null references account (id) on delete cascade,
  -- Normal form and as the person wrote it.
  value        text not null,
  original     text not null,
  -- When the code sent to the former address was given.
  proved_at    timestamptz,
  completed_at timestamptz,
  former_value    text,
  former_original text,
  expires_at   timestamptz not null,
  created_at   timestamptz not null default now(),
  check ((completed_at is null) = (former_value is null))
);
-- A new one replaces the one under way.
create unique index email_change_pending on email_change (account_id) where completed_at is null;
create index email_change_account on email_change (account_id);
create index email_change_expiry on email_change (expires_at);

-- Kept after the account itself: what was destroyed and when (order 179), and until when the evidence of its
-- signatures is under restriction.
create table account_deletion (
  account_id     text primary key references account (id),
  requested_at   timestamptz not null default now(),
  due_at         timestamptz not null,
  closed_at      timestamptz,
  erased_at      timestamptz,
  evidence_until timestamptz,
  evidence_erased_at timestamptz
);
create index account_deletion_due on account_deletion (due_at) where erased_at is null;
create index account_deletion_evidence on account_deletion (evidence_until) where evidence_erased_at is null;

-- Addresses and tickets that open no other account for a while. Keyed hashes: nobody reads them back.
create table quarantined_identifier (
  kind        text not null,
  value_hash  bytea not null,
  -- The account it still belongs to; null when that one is deleted.
  owner_id    text references account (id) on delete set null,
  until       timestamptz not null,
  primary key (kind, value_hash)
);
create index quarantined_identifier_until on quarantined_identifier (until);

-- Signed acts are kept as evidence for their term after the account is deleted, and destroyed when it is over: the only
-- case in which they may go.
create function evidence_is_over(of_account text) returns boolean language sql stable as $$
  select exists (select from account_deletion where account_id = of_account and evidence_until <= now())
$$;

create or replace trigger signing_no_change before update on signing
  for each row execute function signing_is_evidence();
create trigger signing_no_removal before delete on signing
  for each row when (not evidence_is_over(old.account_id)) execute function signing_is_evidence();
create or replace trigger document_no_change before insert or update on document
  for each row execute function document_is_evidence();
create trigger document_no_removal before delete on document
  for each row when (not evidence_is_over(old.account_id)) execute function document_is_evidence();
create or replace trigger terms_acceptance_no_change before update on terms_acceptance
  for each row execute function is_append_only();
create trigger terms_acceptance_no_removal before delete on terms_acceptance
  for each row when (not evidence_is_over(old.account_id)) execute function is_append_only();
