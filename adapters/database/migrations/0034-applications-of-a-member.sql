-- The card of a member names the applications by which she was put on record.
create index register_application_member on register_application (member_id, received_at desc, id desc)
  where member_id is not null;
