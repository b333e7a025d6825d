/** The records of a primary organisation: passport, structure, members, their lists in and out. */
import type { StaffArea } from '../staff/staff-area.ts';
import { type CardNeeds, cardArea } from './card-routes.ts';
import { type ExportNeeds, exportArea } from './export-routes.ts';
import { type ListNeeds, listArea } from './list-routes.ts';
import { type MemberNeeds, memberArea } from './member-routes.ts';
import { type PassportNeeds, passportArea } from './passport-routes.ts';
import { type StructureNeeds, structureArea } from './structure-routes.ts';

export type RecordAreaNeeds = PassportNeeds &
  StructureNeeds &
  MemberNeeds &
  CardNeeds &
  ListNeeds &
  ExportNeeds;

export function recordAreas(needs: RecordAreaNeeds): readonly StaffArea[] {
  return [
    ...[passportArea(needs), structureArea(needs), memberArea(needs)],
    ...[cardArea(needs), listArea(needs), exportArea(needs)],
  ];
}
