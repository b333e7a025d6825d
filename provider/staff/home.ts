/** «Рабочее место»: the organisations she acts for and the desks of the Union that are hers. */
import type { Screens } from '../http/screens/screens.ts';
import type { Officer } from './officer.ts';
import { ANY_STAFF, type StaffRules } from './rule.ts';
import { type StaffArea, staffArea } from './staff-area.ts';

const homeRules = { 'GET /staff': ANY_STAFF } as const satisfies StaffRules;

export function staffHome(): StaffArea {
  return staffArea(homeRules, {
    'GET /staff': (ctx, officer) => ctx.render('staff/home', homeOf(officer)),
  });
}

function homeOf({ offices, roles }: Officer): Screens['staff/home'] {
  return {
    posts: offices.map(({ role, organisation: { id, shortName, kind }, undertaken }) => ({
      ...{ role, kind, name: shortName, undertaken: undertaken !== undefined },
      path: `/chair/${encodeURIComponent(id)}`,
    })),
    isOperator: roles.includes('union_operator'),
    isStaff: roles.length > 0,
  };
}
