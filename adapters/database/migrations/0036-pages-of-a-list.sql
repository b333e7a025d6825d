-- An uploaded list is shown page by page, so that each look opens its own lines alone: what the dry run has counted stands
-- beside the list, and of a line whether it would write something. What stands in a line stays encrypted.
alter table member_list
  add column to_add    integer not null default 0 check (to_add >= 0),
  add column to_change integer not null default 0 check (to_change >= 0),
  add column to_leave  integer not null default 0 check (to_leave >= 0),
  -- Lines with a fault: those of the dry run, and those refused when they were to be put in.
  add column faulty    integer not null default 0 check (faulty >= 0);
alter table member_list_row add column writes boolean not null default true;

-- Nobody has counted these, and nothing of them is written: they are uploaded again.
delete from member_list where state = 'checked';
update member_list l set faulty =
  (select count(*) from member_list_row r where r.list_id = l.id and r.faults <> '{}');

create index member_list_row_faulty on member_list_row (list_id, line) where faults <> '{}';
create index member_list_row_writing on member_list_row (list_id, line) where faults = '{}' and writes;
