/** The pages that show how the house stands, in one list. */
import type { StaffArea } from '../staff/staff-area.ts';
import { type DashboardNeeds, dashboard } from './dashboard.ts';
import { type DoorsNeeds, doors } from './doors.ts';
import { type LettersNeeds, letters } from './letters.ts';
import { type PortalsNeeds, portals } from './portals.ts';

export type OperationsNeeds = DashboardNeeds & DoorsNeeds & PortalsNeeds & LettersNeeds;

export const operationAreas = (needs: OperationsNeeds): readonly StaffArea[] => [
  dashboard(needs),
  doors(needs),
  portals(needs),
  letters(needs),
];
