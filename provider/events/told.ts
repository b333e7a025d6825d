/** Which events of the trail tell what the Union's staff has done, and which only whose data was looked at. */
import { MEMBERS_SEEN, PERSON_SEEN } from './names.ts';

/** Something is otherwise than before, or has left the house. */
export const STAFF_CHANGES: readonly string[] = [
  ...['everybody_signed_out', 'key_rotate', 'resets_forced', 'affected_exported', 'upstream_switch'],
  ...['staff_account_locked', 'staff_account_unlocked', 'staff_signed_out', 'staff_session_ended'],
  ...['staff_reset_begun', 'staff_way_removed', 'staff_member_released', 'staff_factors_removed'],
  ...['staff_accounts_merged', 'staff_accounts_parted', 'staff_guesses_forgotten'],
  ...['staff_granted', 'staff_revoked', 'office_granted', 'office_revoked', 'credential_voided'],
  ...['case_linked', 'case_unlinked', 'case_refused', 'school_record_corrected', 'ticket_order_exported'],
  ...['integration_approved', 'integration_refused', 'integration_blocked', 'integration_unblocked'],
  ...['client_register', 'client_block', 'client_unblock', 'client_remove'],
];

export const STAFF_VIEWS: readonly string[] = [PERSON_SEEN, MEMBERS_SEEN, 'case_seen'];
