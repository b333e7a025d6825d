-- A consent says «yes» or «no» claim by claim; who has said nothing of single claims before has said «yes» to all.

alter table client_consent
  -- Asked for by name, beside those of the scopes (OpenID Connect Core 5.5).
  add column claims   text[] not null default '{}',
  -- Not to be told, whatever has been granted.
  add column declined text[] not null default '{}';
