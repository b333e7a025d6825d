/** Who may see how things stand: whoever answers for people, and whoever answers for portals. */
import type { Rule, StaffRules } from '../staff/rule.ts';

const UNION_STAFF = {
  scope: 'union',
  roles: ['union_operator', 'administrator'],
} as const satisfies Rule;

export const dashboardRules = {
  'GET /operator': UNION_STAFF,
  'GET /operator/dashboard': UNION_STAFF,
} as const satisfies StaffRules;

export const doorRules = {
  'GET /operator/doors': UNION_STAFF,
  'GET /operator/doors/:door': UNION_STAFF,
  'POST /operator/doors/:door': UNION_STAFF,
} as const satisfies StaffRules;

export const portalRules = {
  'GET /operator/portals': UNION_STAFF,
  'POST /operator/portals/count': UNION_STAFF,
} as const satisfies StaffRules;

export const letterRules = {
  'GET /operator/letters': UNION_STAFF,
  'POST /operator/letters/hurry': UNION_STAFF,
} as const satisfies StaffRules;
