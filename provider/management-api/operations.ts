/** Every operation of the management API; each area adds its own list. */

import type { Operation } from './operation.ts';
import { type AccountOperationNeeds, accountOperations } from './operations/account.ts';
import { type AddressCheckNeeds, addressCheckOperations } from './operations/address-checks.ts';
import { type ChangeOperationNeeds, changeOperations } from './operations/changes.ts';
import { type EventStreamOperationNeeds, eventStreamOperations } from './operations/event-streams.ts';
import { type IntegrationOperationNeeds, integrationOperations } from './operations/integrations.ts';
import { type LogoutDeliveryNeeds, logoutDeliveryOperations } from './operations/logout-deliveries.ts';
import { type RehearsalOperationNeeds, rehearsalOperations } from './operations/rehearsals.ts';
import { requestOperations } from './operations/requests.ts';
import { type ReviewNeeds, reviewOperations } from './operations/review.ts';
import { secretOperations } from './operations/secrets.ts';

export type OperationNeeds = AccountOperationNeeds &
  IntegrationOperationNeeds &
  ReviewNeeds &
  ChangeOperationNeeds &
  AddressCheckNeeds &
  LogoutDeliveryNeeds &
  EventStreamOperationNeeds &
  RehearsalOperationNeeds;

export function allOperations(needs: OperationNeeds): readonly Operation[] {
  return [
    ...accountOperations(needs),
    ...integrationOperations(needs),
    ...secretOperations(needs),
    ...requestOperations(needs),
    ...changeOperations(needs),
    ...addressCheckOperations(needs),
    ...logoutDeliveryOperations(needs),
    ...eventStreamOperations(needs),
    ...reviewOperations(needs),
    ...rehearsalOperations(needs),
  ];
}
