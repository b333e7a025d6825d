/** Every operation of the management API; each area adds its own list. */

import type { Operation } from './operation.ts';
import { type AccountOperationNeeds, accountOperations } from './operations/account.ts';

export type OperationNeeds = AccountOperationNeeds;

export function allOperations(needs: OperationNeeds): readonly Operation[] {
  return [...accountOperations(needs)];
}
