/** What each page must be told. A page has no other locals but these and what render.ts gives to all. */
import type { ApplicationScreens } from './applications.ts';
import type { CabinetScreens } from './cabinet.ts';
import type { CaseScreens } from './cases.ts';
import type { ContingentScreens } from './contingent.ts';
import type { DeviceScreens } from './device.ts';
import type { GuideScreens } from './guides.ts';
import type { IncidentScreens } from './incidents.ts';
import type { InteractionScreens } from './interaction.ts';
import type { JoinScreens } from './join.ts';
import type { MergeScreens } from './merges.ts';
import type { OnboardingScreens } from './onboarding.ts';
import type { OperationScreens } from './operations.ts';
import type { OperatorScreens } from './operators.ts';
import type { OrderScreens } from './orders.ts';
import type { PaperConsentScreens } from './paper-consents.ts';
import type { ProtectionScreens } from './protection.ts';
import type { QrScreens } from './qr.ts';
import type { RecordScreens } from './records.ts';
import type { StaffScreens } from './staff.ts';
import type { StartScreens } from './start.ts';
import type { StepUpScreens } from './step-up.ts';

export type Screens = StartScreens &
  ApplicationScreens &
  PaperConsentScreens &
  InteractionScreens &
  StepUpScreens &
  QrScreens &
  DeviceScreens &
  JoinScreens &
  CabinetScreens &
  CaseScreens &
  ContingentScreens &
  OnboardingScreens &
  OperationScreens &
  GuideScreens &
  OrderScreens &
  ProtectionScreens &
  RecordScreens &
  OperatorScreens &
  MergeScreens &
  IncidentScreens &
  StaffScreens;

export type View = keyof Screens;
