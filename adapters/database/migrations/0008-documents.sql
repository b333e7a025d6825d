-- What people signed, exactly as they saw it, and the seals over the audit trail. Evidence: it outlives the account, so
-- nothing here refers to one, and what is signed cannot be changed or removed by a statement.

create table signing (
  id            text primary key,
  account_id    text not null,
  purpose       text not null,
  signer        text not null,
  -- SHA-256 over the hashes of the documents in their order.
  digest        text not null,
  created_at    timestamptz not null default now(),
  -- The rest of the protocol comes with the signature.
  signed_at     timestamptz,
  address       text,
  terms_version text,
  network       text,
  device        text,
  check (signed_at is null or (address is not null and terms_version is not null and network is not null
                               and device is not null))
);
create unique index signing_unsigned on signing (account_id, purpose) where signed_at is null;
create index signing_account on signing (account_id);
create index signing_forgotten on signing (created_at) where signed_at is null;

create table document (
  id            text primary key,
  account_id    text not null,
  signing_id    text references signing (id) on delete cascade,
  place         integer not null,
  type          text not null,
  version       text not null,
  title         text not null,
  body          text not null,
  sha256        text not null,
  -- union_messages only.
  channels      text[],
  senders       text[],
  rendered_at   timestamptz not null default now(),
  opened_at     timestamptz,
  withdrawn_at  timestamptz,
  -- A consent on paper, ticked by the chair.
  paper_at      timestamptz,
  paper_by      text,
  check (sha256 = encode(sha256(convert_to(body, 'UTF8')), 'hex')),
  check ((signing_id is null) = (paper_at is not null)),
  check ((paper_at is null) = (paper_by is null))
);
create unique index document_place on document (signing_id, place);
create index document_account on document (account_id);

create function signing_is_evidence() returns trigger language plpgsql as $$
begin
  if old.signed_at is not null then
    raise exception 'a signed act cannot be changed';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger signing_no_change before update or delete on signing
  for each row execute function signing_is_evidence();

-- A document is never rewritten: it can be opened once, and withdrawn once. Signed ones and paper ones stay.
create function document_is_evidence() returns trigger language plpgsql as $$
declare
  sealed boolean;
begin
  if tg_op = 'INSERT' then
    if exists (select from signing where id = new.signing_id and signed_at is not null) then
      raise exception 'nothing can be added to a signed act';
    end if;
    return new;
  end if;
  sealed := old.paper_at is not null
    or exists (select from signing where id = old.signing_id and signed_at is not null);
  if tg_op = 'DELETE' then
    if sealed then
      raise exception 'a signed document cannot be removed';
    end if;
    return old;
  end if;
  if to_jsonb(old) - 'opened_at' - 'withdrawn_at' <> to_jsonb(new) - 'opened_at' - 'withdrawn_at'
     or (old.opened_at is distinct from new.opened_at and (sealed or old.opened_at is not null))
     or (old.withdrawn_at is distinct from new.withdrawn_at and (not sealed or old.withdrawn_at is not null)) then
    raise exception 'a document cannot be changed';
  end if;
  return new;
end $$;
create trigger document_no_change before insert or update or delete on document
  for each row execute function document_is_evidence();

create table terms_acceptance (
  id            bigint generated always as identity primary key,
  account_id    text not null,
  version       text not null,
  network       text not null,
  accepted_at   timestamptz not null default now()
);
create index terms_acceptance_account on terms_acceptance (account_id, id);

-- Each seal covers a range of audit rows that can gain no row any more, and the digest of the seal before it.
create table audit_seal (
  number        bigint primary key,
  first_id      bigint not null,
  last_id       bigint not null,
  row_count     bigint not null,
  digest        text not null,
  sealed_at     timestamptz not null default now()
);

-- Up to which row the next seals may go, once every transaction of that moment has ended.
create table audit_seal_mark (
  last_id       bigint not null,
  horizon       xid8 not null,
  set_at        timestamptz not null default now()
);

create function is_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger audit_seal_no_change before update or delete on audit_seal
  for each row execute function is_append_only();
create trigger audit_seal_no_truncate before truncate on audit_seal
  for each statement execute function is_append_only();
create trigger terms_acceptance_no_change before update or delete on terms_acceptance
  for each row execute function is_append_only();
create trigger terms_acceptance_no_truncate before truncate on terms_acceptance
  for each statement execute function is_append_only();
create trigger signing_no_truncate before truncate on signing
  for each statement execute function is_append_only();
create trigger document_no_truncate before truncate on document
  for each statement execute function is_append_only();

-- The entries of one act of signing; the others pay nothing for it.
create index audit_signing on audit ((detail ->> 'signing'), id) where detail ->> 'signing' is not null;
