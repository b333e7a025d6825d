/** Who sees consents in the cards, and who ticks them: the organisation's own people; those above look on. */
import { KEEP_RECORDS, READ_RECORDS, type StaffRules } from '../staff/rule.ts';

const CONSENTS = '/chair/:organisation/consents';
const CARD = '/chair/:organisation/members/:member/consents';

export const paperConsentRules = {
  [`GET ${CONSENTS}`]: READ_RECORDS,
  [`POST ${CONSENTS}`]: KEEP_RECORDS,
  [`GET ${CONSENTS}/forms`]: KEEP_RECORDS,
  [`POST ${CONSENTS}/forms`]: KEEP_RECORDS,
  [`GET ${CARD}`]: READ_RECORDS,
  [`POST ${CARD}`]: KEEP_RECORDS,
} as const satisfies StaffRules;
