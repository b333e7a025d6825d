/** Everything that staff can open, in one list: what mounts it and what tests it read the same one. */

import { type ApplicationAreaNeeds, applications } from '../applications/area.ts';
import { type ChairGuideNeeds, chairGuides } from '../guides/chair-guides.ts';
import { type OnboardingAreaNeeds, onboardingAreas } from '../onboarding/areas.ts';
import { type OperationsNeeds, operationAreas } from '../operations/areas.ts';
import { type OperatorAreaNeeds, operatorAreas } from '../operators/areas.ts';
import { type PaperConsentNeeds, paperConsents } from '../paper-consents/area.ts';
import { type RecordAreaNeeds, recordAreas } from '../records/areas.ts';
import { type TicketAreaNeeds, ticketAreas } from '../ticket-orders/areas.ts';
import { staffHome } from './home.ts';
import type { StaffArea } from './staff-area.ts';

export type StaffAreaNeeds = ApplicationAreaNeeds &
  PaperConsentNeeds &
  OnboardingAreaNeeds &
  OperationsNeeds &
  OperatorAreaNeeds &
  RecordAreaNeeds &
  TicketAreaNeeds &
  ChairGuideNeeds;

export function staffAreas(needs: StaffAreaNeeds): readonly StaffArea[] {
  return [
    staffHome(),
    ...onboardingAreas(needs),
    applications(needs),
    paperConsents(needs),
    ...recordAreas(needs),
    ...operationAreas(needs),
    ...operatorAreas(needs),
    ...ticketAreas(needs),
    chairGuides(needs),
  ];
}
