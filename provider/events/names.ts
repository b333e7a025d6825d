/** Names of events that somebody looks for in the trail; the others stand where they are written. */

/** Counted again where a limit holds by the hour. */
export const CODE_SENT = 'signing_code_sent';
export const CODE_REFUSED = 'signing_code_refused';
/** What verification looks for in the trail. */
export const DOCUMENTS_SIGNED = 'documents_signed';
export const EVIDENCE_TERM_OVER = 'evidence_term_over';
export const LETTER_HANDED_OVER = 'letter_handed_over';
export const LETTER_GIVEN_UP = 'letter_given_up';
/** Of views of personal data: the person may ask who has looked at hers. */
export const PERSON_SEEN = 'person_seen';
export const MEMBERS_SEEN = 'members_seen';
