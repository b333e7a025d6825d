-- What a relying party must remember. Times are milliseconds since 1970.

create table if not exists session (
  -- Keyed hash of the cookie's value: who reads this file can be nobody.
  id         text primary key,
  sub        text not null,
  sid        text,
  id_token   text not null,
  profile    text not null,
  seen_at    integer not null,
  expires_at integer not null
) strict;
create index if not exists session_sub on session (sub);
create index if not exists session_sid on session (sid);
create index if not exists session_expiry on session (expires_at);

-- What an API of the gateway is asked with; sealed with a key that only the browser's cookie completes.
create table if not exists api_token (
  session text primary key references session (id) on delete cascade,
  sealed  text not null
) strict;

-- Authorization requests under way; a row is taken out when its answer arrives, so an answer counts once.
create table if not exists authorization_request (
  state         text primary key,
  browser       text not null,
  nonce         text not null,
  code_verifier text not null,
  purpose       text not null,
  return_to     text not null,
  silent        integer not null,
  expires_at    integer not null
) strict;
create index if not exists authorization_request_expiry on authorization_request (expires_at);

-- Logout tokens already obeyed (Back-Channel Logout 1.0 §2.6).
create table if not exists logout_token (
  jti        text primary key,
  expires_at integer not null
) strict;
create index if not exists logout_token_expiry on logout_token (expires_at);
