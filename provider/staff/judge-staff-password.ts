/** A password of somebody's own choice, judged as her work demands: whoever sees data of others needs a longer one. */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { OfficeStore } from '../../adapters/office-store/office-store.ts';
import { STAFF_ROLES, type StaffStore } from '../../adapters/staff-store/staff-store.ts';
import type { ProblemCode } from '../http/texts.ts';
import { ownWordsOf } from '../login/own-words.ts';
import { judgePassword, SHORTEST_STAFF_PASSWORD } from '../login/password-rules.ts';

export type StaffPasswordNeeds = {
  readonly offices: Pick<OfficeStore, 'of'>;
  readonly staff: Pick<StaffStore, 'has'>;
};

/** Undefined when the password will do for her. */
export async function judgePasswordOf(
  { offices, staff }: StaffPasswordNeeds,
  account: Account,
  fresh: string,
): Promise<ProblemCode | undefined> {
  const fault = judgePassword(fresh, ownWordsOf(account));
  if (fault) return fault;
  // Said of the length alone: the rest holds for everybody.
  if (judgePassword(fresh, ownWordsOf(account), SHORTEST_STAFF_PASSWORD) === undefined) return undefined;
  const [held, ...roles] = await Promise.all([
    offices.of(account.id),
    ...STAFF_ROLES.map((role) => staff.has(account.id, role)),
  ]);
  return held.length > 0 || roles.includes(true) ? 'staff_password_too_short' : undefined;
}
