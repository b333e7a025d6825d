-- Consents of the closed account that count for the survivor from then on, as the same person has given them.
alter table account_merge add column carried_consents text[] not null default '{}';
