/** The onboarding of chairs, in one list: their own part, and that of the chair above. */
import type { StaffArea } from '../staff/staff-area.ts';
import { type ChairsNeeds, chairs } from './chairs.ts';
import { type HomeNeeds, onboardingHome } from './home.ts';
import { type IssuesNeeds, issues } from './issues.ts';
import { type OfficersNeeds, officers } from './officers.ts';
import { type UndertakingNeeds, undertaking } from './undertaking.ts';

export type OnboardingAreaNeeds = HomeNeeds & UndertakingNeeds & ChairsNeeds & IssuesNeeds & OfficersNeeds;

export function onboardingAreas(needs: OnboardingAreaNeeds): readonly StaffArea[] {
  return [onboardingHome(needs), undertaking(needs), chairs(needs), issues(needs), officers(needs)];
}
