/** A first password, for whoever has come in through an upstream so far: one more way in, and told of as such. */
import type { AccountDoors } from '../../adapters/account-doors/account-doors.ts';
import type { Account, AccountRegister } from '../../adapters/account-store/account-store.ts';
import type { Database } from '../../adapters/database/database.ts';
import { HasherOverloaded } from '../../adapters/password-hasher/password-hasher.ts';
import type { RequestOrigin } from '../http/context.ts';
import { translator } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';
import { judgePasswordOf, type StaffPasswordNeeds } from '../staff/judge-staff-password.ts';
import type { PasswordChangeProblem } from './change-password.ts';
import type { Visitor } from './enter.ts';
import { type ProvePersonNeeds, provePerson } from './prove-person.ts';

export type SetPasswordNeeds = ProvePersonNeeds &
  StaffPasswordNeeds & {
    readonly database: Database;
    readonly register: Pick<AccountRegister, 'setPassword'>;
    readonly doors: AccountDoors;
    readonly post: Post;
  };

/** There is an address or a ticket to type it beside. */
export function isPasswordUseful({ verifiedEmail, member }: Account): boolean {
  return verifiedEmail !== undefined || member?.ticket !== undefined;
}

/** Undefined when it is set. Never replaces one that was set elsewhere meanwhile. */
export async function setPassword(
  needs: SetPasswordNeeds,
  visitor: Visitor,
  origin: RequestOrigin,
  { fresh, repeated }: { readonly fresh: string; readonly repeated: string },
): Promise<PasswordChangeProblem | undefined> {
  const { account } = visitor;
  if (!isPasswordUseful(account)) return { field: 'form', code: 'password_useless' };
  const fault = await judgePasswordOf(needs, account, fresh);
  if (fault) return { field: 'fresh', code: fault };
  if (fresh !== repeated) return { field: 'repeated', code: 'passwords_differ' };
  const problem = await provePerson(needs, visitor, origin, undefined, 'password_setting');
  if (problem) return { ...problem, field: 'form' };
  try {
    return await commit(needs, account, origin, await needs.hasher.hash(fresh));
  } catch (error) {
    if (error instanceof HasherOverloaded) return { field: 'form', code: 'overloaded' };
    throw error;
  }
}

function commit(
  { database, register, doors, post, events }: SetPasswordNeeds,
  { id, verifiedEmail, locale }: Account,
  origin: RequestOrigin,
  hash: string,
): Promise<PasswordChangeProblem | undefined> {
  return database.transaction(async (tx) => {
    const { hasPassword } = await doors.lock(id, tx);
    if (hasPassword) return { field: 'form', code: 'password_changed_elsewhere' };
    await register.setPassword(id, hash, tx);
    await events.passwordSet(origin, id, tx);
    if (verifiedEmail !== undefined) {
      const facts = {
        at: new Date(),
        network: origin.network,
        way: translator(locale)('cabinet.ways.password'),
      };
      await post.send({ template: 'way-added', to: { accountId: id }, facts }, tx);
    }
    return undefined;
  });
}
