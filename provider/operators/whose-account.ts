/** Whose accounts an operator leaves alone: nobody serves herself, and only an administrator the Union's own staff. */
import type { AccountId } from '../../adapters/account-store/account-store.ts';
import { STAFF_ROLES, type StaffStore } from '../../adapters/staff-store/staff-store.ts';
import type { Officer } from '../staff/officer.ts';

export type WhoseAccountNeeds = { readonly staff: Pick<StaffStore, 'has'> };

/** Undefined when all of them are hers to serve. */
export async function whoseAccount(
  { staff }: WhoseAccountNeeds,
  { account, roles }: Pick<Officer, 'account' | 'roles'>,
  ids: readonly AccountId[],
): Promise<'own_account' | 'staff_account' | undefined> {
  if (ids.includes(account.id)) return 'own_account';
  if (roles.includes('administrator')) return undefined;
  const held = await Promise.all(ids.flatMap((id) => STAFF_ROLES.map((role) => staff.has(id, role))));
  return held.includes(true) ? 'staff_account' : undefined;
}
