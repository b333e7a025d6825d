-- Sign-ins of one account, the latest first, whatever else its trail is full of.
create index audit_sign_in on audit (account_id, id) where event = 'sign_in' and account_id is not null;
