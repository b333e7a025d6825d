-- Family name and initials of whoever was asked to correct her application, encrypted: she phones, and the chair knows
-- whom it is about. Erased with the days in which it can be corrected.
alter table register_application add column applicant_sealed text;
create index register_application_named on register_application (decided_at) where applicant_sealed is not null;

-- The day that stands on a consent on paper; null where the register does not tell it.
alter table document add column paper_dated date;
