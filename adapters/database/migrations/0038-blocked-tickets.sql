-- Where a ticket stood when it was blocked, so that a mistake can be undone; unknown of those that were blocked elsewhere.
alter table ticket add column blocked_from text check (blocked_from in
  ('number_assigned', 'ordered', 'in_production', 'shipped', 'at_committee', 'issued'));
