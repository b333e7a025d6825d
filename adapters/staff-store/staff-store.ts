/** Which accounts are the Union's staff here. Knows nothing of schools: their duties are data of «Контингент». */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

/** `union_operator`: decides the cases of the Union's side. `administrator`: reviews the applications of developers. */
export const STAFF_ROLES = ['union_operator', 'administrator'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

export interface StaffStore {
  has(id: AccountId, role: StaffRole): Promise<boolean>;
  /** False when she has it already. */
  grant(id: AccountId, role: StaffRole, by: string, within?: Queryable): Promise<boolean>;
  /** False when she does not have it. */
  revoke(id: AccountId, role: StaffRole, within?: Queryable): Promise<boolean>;
}
