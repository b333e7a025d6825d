/**
 * Who may be given a token to review everybody's applications: an administrator, and surely she. Others are refused at
 * once, whatever else the request asks for; the API looks once more at every call (management-api/caller.ts).
 */
import { errors, interactionPolicy } from 'oidc-provider';
import type { StaffStore } from '../../../adapters/staff-store/staff-store.ts';
import { ACR, reaches } from '../../login/assurance.ts';
import { levelAskedFor } from './entrance.ts';

const { Check } = interactionPolicy;

const REVIEW_SCOPE = 'integrations:review';
const LEAST = ACR.federated;

/** Of the prompt `login`. */
export function reviewCheck(staff: Pick<StaffStore, 'has'>) {
  return new Check(
    'level_too_low',
    'reviewing demands a higher level',
    'login_required',
    async ({ oidc }) => {
      const { session, account, params } = oidc;
      if (!oidc.requestParamScopes.has(REVIEW_SCOPE)) return Check.NO_NEED_TO_PROMPT;
      if (session?.accountId === undefined || !account) return Check.NO_NEED_TO_PROMPT;
      if (!(await staff.has(session.accountId, 'administrator'))) {
        throw new errors.AccessDenied('only an administrator may review applications');
      }
      if (reaches(session.acr, LEAST)) return Check.NO_NEED_TO_PROMPT;
      // The sign-in page offers what reaches the level that the request names, and cannot know of this one.
      const asked = levelAskedFor(params?.acr_values);
      if (asked === undefined || !reaches(asked, LEAST)) {
        throw new errors.AccessDenied(`reviewing needs acr_values=${LEAST}`);
      }
      return Check.REQUEST_PROMPT;
    },
  );
}
