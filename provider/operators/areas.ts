/** The operators' own pages: people, what is done to their accounts, merges, incidents. */
import type { StaffArea } from '../staff/staff-area.ts';
import { type ActRoomNeeds, actArea } from './act-rooms.ts';
import { type FactorRoomNeeds, factorArea } from './factor-rooms.ts';
import { type IncidentRoomNeeds, incidentArea } from './incident-rooms.ts';
import { type MergeRoomNeeds, mergeArea } from './merge-rooms.ts';
import { type PeopleNeeds, peopleArea } from './people-rooms.ts';

export type OperatorAreaNeeds = PeopleNeeds &
  ActRoomNeeds &
  FactorRoomNeeds &
  MergeRoomNeeds &
  IncidentRoomNeeds;

export function operatorAreas(needs: OperatorAreaNeeds): readonly StaffArea[] {
  return [peopleArea(needs), actArea(needs), factorArea(needs), mergeArea(needs), incidentArea(needs)];
}
