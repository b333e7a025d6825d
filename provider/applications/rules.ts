/**
 * Who opens and decides applications. The organisation's own people, always; those above look on, and decide once an
 * application was escalated to them – which the statement that decides asks, and so nobody can get round.
 */
import { READ_RECORDS, type Rule, type StaffRules } from '../staff/rule.ts';

/** Of a primary organisation its own applications, of the others those escalated from below. */
const LOOK_ON = { ...READ_RECORDS, kinds: ['primary', 'territorial', 'regional'] } as const satisfies Rule;

const APPLICATIONS = '/chair/:organisation/applications';

export const applicationRules = {
  [`GET ${APPLICATIONS}`]: LOOK_ON,
  [`GET ${APPLICATIONS}/:application`]: READ_RECORDS,
  [`POST ${APPLICATIONS}/:application/accept`]: READ_RECORDS,
  [`POST ${APPLICATIONS}/:application/decline`]: READ_RECORDS,
} as const satisfies StaffRules;
