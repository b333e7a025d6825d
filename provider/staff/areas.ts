/** Everything that staff can open, in one list: what mounts it and what tests it read the same one. */
import { staffHome } from './home.ts';
import type { StaffArea } from './staff-area.ts';

export type StaffAreaNeeds = Record<never, never>;

export function staffAreas(_needs: StaffAreaNeeds): readonly StaffArea[] {
  return [staffHome()];
}
