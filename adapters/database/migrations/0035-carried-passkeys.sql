-- A device knows its passkey by the handle it was made for, and says so at every sign-in: also when its account has become
-- another one, which has a handle of its own.
alter table passkey add column user_handle text;
update passkey k set user_handle = p.user_handle from account_protection p where p.account_id = k.account_id;
alter table passkey alter column user_handle set not null;
