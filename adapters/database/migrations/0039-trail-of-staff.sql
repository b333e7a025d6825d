-- What the staff has done within days is rare among the sign-ins, codes and letters of a quiz day, which stay out.
create index audit_event_at on audit (event, at)
  where event not in ('sign_in', 'letter_handed_over', 'signing_code_sent', 'documents_signed');
