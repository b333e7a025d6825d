-- The work of chairs in the register kept by ourselves: consents on paper, ranges of ticket numbers, the review of
-- applications.

-- Ticks in the card of a member (E-13), one row each: the latest of a type counts, none is ever changed.
create table member_consent (
  id          bigint generated always as identity primary key,
  member_id   text not null references member (id),
  type        text not null check (type in ('union_pd', 'finfort_pd', 'union_messages')),
  -- False: «no», said from the start or instead of an earlier «yes».
  given       boolean not null,
  -- As written on the paper.
  dated       date not null,
  -- To the millisecond, as the change feed tells it.
  at          timestamptz(3) not null default clock_timestamp(),
  by_account  text not null,
  -- Name and office at that moment.
  by_name     text not null
);
create index member_consent_member on member_consent (member_id, type, id);
create trigger member_consent_no_change before update or delete on member_consent
  for each row execute function is_append_only();
create trigger member_consent_no_truncate before truncate on member_consent
  for each statement execute function is_append_only();

-- How each consent of each member stands: what she signed in her account counts until she withdraws it, a tick until
-- the next one or her withdrawal.
create view consent_now as
select m.id as member_id, kinds.type,
       signed.id is not null
         or (ticked.given is true and (gone.at is null or ticked.at > gone.at)) as in_force,
       signed.signed_at, signed.version,
       ticked.given as ticked, ticked.at as ticked_at, ticked.dated, ticked.by_name as ticked_by,
       gone.at as withdrawn_at,
       exists (select from member_consent earlier
                where earlier.member_id = m.id and earlier.type = kinds.type and earlier.given) as ever_ticked
  from member m
  cross join (values ('union_pd'), ('finfort_pd'), ('union_messages')) as kinds (type)
  left join account a on a.member_id = m.id
  left join lateral (
    select d.id, d.version, s.signed_at
      from document d join signing s on s.id = d.signing_id
     where d.account_id = a.id and d.type = kinds.type and d.withdrawn_at is null and s.signed_at is not null
     order by s.signed_at desc limit 1
  ) signed on true
  left join lateral (
    select c.given, c.at, c.dated, c.by_name from member_consent c
     where c.member_id = m.id and c.type = kinds.type order by c.id desc limit 1
  ) ticked on true
  left join lateral (
    select max(d.withdrawn_at) as at from document d where d.account_id = a.id and d.type = kinds.type
  ) gone on true;

-- Ticks are often older than the account they belong to. Whatever way the account becomes the member's, the change feed
-- tells of her again, and with her of them; at the end of the transaction, as all entries of the feed.
create function account_is_a_members() returns trigger language plpgsql as $$
begin
  if exists (select from member_consent where member_id = new.member_id) then
    -- The lock of adapters/registry/change-log.ts.
    perform pg_advisory_xact_lock(x'726567'::int);
    insert into register_change (member_id) values (new.member_id);
  end if;
  return null;
end $$;
create constraint trigger account_gained_member after insert on account deferrable initially deferred
  for each row when (new.member_id is not null) execute function account_is_a_members();
create constraint trigger account_changed_member after update of member_id on account deferrable initially deferred
  for each row when (new.member_id is not null and new.member_id is distinct from old.member_id)
  execute function account_is_a_members();

-- Ticket numbers the central office has given to this register; `next` is the first that was not taken from it yet.
create table ticket_range (
  id          bigint generated always as identity primary key,
  first       bigint not null check (first >= 0),
  last        bigint not null check (last between first and 9999999999999999),
  next        bigint not null,
  added_at    timestamptz not null default now(),
  added_by    text not null,
  check (next between first and last + 1),
  exclude using gist (int8range(first, last, '[]') with &&)
);
create index ticket_range_open on ticket_range (id) where next <= last;

alter table register_application add column reminded_at timestamptz;
alter table register_application add column escalated_at timestamptz;
-- The account of the chair, or `operator`.
alter table register_application add column decided_by text;
create index register_application_desk on register_application (organisation_id, received_at, id)
  where state = 'received';
create index register_application_decided on register_application (organisation_id, decided_at desc, id desc)
  where state <> 'received';
create index register_application_escalated on register_application (received_at, id)
  where state = 'received' and escalated_at is not null;
