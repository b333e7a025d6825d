/**
 * «Снять второй фактор», for whoever has lost a telephone: what she has lost opens nothing from now on. That she wants to
 * be asked for a second factor is hers to take back: with nothing left she waits as long as by herself, and then proves
 * her password and her mailbox.
 */
import type { AccountDoors } from '../../adapters/account-doors/account-doors.ts';
import type { Account, SignOutRegister } from '../../adapters/account-store/account-store.ts';
import type {
  CodeApps,
  Passkeys,
  Protection,
  Protections,
  RecoveryCodes,
} from '../../adapters/authenticators/authenticators.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import { isOpenWithoutPasskey } from '../cabinet/ways.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import type { FactorKind } from '../events/protection.ts';
import { translator } from '../http/texts.ts';
import type { AddressTroubles, Post } from '../letters/post.ts';
import { WAITING_HOURS } from '../second-factor/lost-factors.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { ActRefused, type CarryOutNeeds, carryOut, signOut, writeTo } from './carry-out-act.ts';
import type { Errand } from './merge.ts';
import type { ActFault } from './names.ts';

export type RemoveFactorNeeds = CarryOutNeeds & {
  readonly codeApps: Pick<CodeApps, 'of' | 'remove'>;
  readonly passkeys: Pick<Passkeys, 'of' | 'remove'>;
  readonly recoveryCodes: Pick<RecoveryCodes, 'replace'>;
  readonly protections: Pick<Protections, 'of' | 'letMailCount'>;
  readonly doors: Pick<AccountDoors, 'lock'>;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly register: SignOutRegister;
  readonly jobs: Pick<JobQueue, 'add'>;
  readonly troubles: AddressTroubles;
  readonly post: Post;
  readonly clock: Clock;
};

/** What may be removed by itself; the paper has no name. */
export type Removable = { readonly kind: FactorKind; readonly id: string; readonly name: string };

/** Undefined when all of them are gone; refused, none is. */
export async function removeFactors(
  needs: RemoveFactorNeeds,
  errand: Errand,
  account: Account,
  chosen: readonly Removable[],
): Promise<ActFault | undefined> {
  const { id, status, verifiedEmail, locale } = account;
  // Before the transaction: it may hold the one connection that there is.
  const lettersReturn = await doLettersReturn(needs, verifiedEmail);
  const work = async (tx: Queryable): Promise<void> => {
    if (status === 'closed') throw new ActRefused('not_open');
    // Nobody would be told of it.
    if (verifiedEmail === undefined) throw new ActRefused('no_address');
    const doors = await needs.doors.lock(id, tx);
    const before = await needs.protections.of(id, tx);
    for (const factor of chosen) await remove(needs, id, factor, before, tx);
    const left = await needs.protections.of(id, tx);
    const isKeyless = before.passkeys > 0 && left.passkeys === 0;
    if (isKeyless && !isOpenWithoutPasskey(doors, needs.upstreams.offers())) {
      throw new ActRefused('last_passkey');
    }
    // Nothing but her password and her mailbox would be left, and one of the two does not work.
    if (isEmpty(left) && lettersReturn) throw new ActRefused('letters_return');
    const due = isEmpty(left) && left.alwaysAsked ? await dueOf(needs, id, tx) : undefined;
    await signOut(needs, id, tx);
    const t = translator(locale);
    const what = chosen.map(({ kind, name }) =>
      t(`cabinet.protection.${kind === 'recovery_codes' ? 'recovery' : `kind.${kind}`}`, { name }),
    );
    const facts = { at: needs.clock.now(), what, stillAsked: left.alwaysAsked, ...(due && { due }) };
    await writeTo(needs, account, { template: 'factors-removed', facts }, tx);
  };
  const kinds = [...new Set(chosen.map(({ kind }) => kind))].join(' ');
  return carryOut(needs, errand, account, 'factors_removed', work, { kinds, count: String(chosen.length) });
}

async function remove(
  { codeApps, passkeys, recoveryCodes }: RemoveFactorNeeds,
  accountId: string,
  { kind, id }: Removable,
  before: Protection,
  tx: Queryable,
): Promise<void> {
  if (kind === 'recovery_codes') {
    if (before.recoveryCodes === 0) throw new ActRefused('no_factor');
    return recoveryCodes.replace(accountId, [], tx);
  }
  const store = kind === 'passkey' ? passkeys : codeApps;
  if (!(await store.remove(accountId, id, tx))) throw new ActRefused('no_factor');
}

const isEmpty = ({ codeApps, passkeys, recoveryCodes }: Protection): boolean =>
  codeApps + passkeys + recoveryCodes === 0;

async function doLettersReturn({ troubles }: RemoveFactorNeeds, address = ''): Promise<boolean> {
  const parsed = parseEmailAddress(address);
  return parsed.ok && (await troubles.troubleWith(parsed.key)) !== undefined;
}

/** From when on her mailbox is the second proof: earlier, if she has begun to wait by herself. */
async function dueOf(
  { protections }: RemoveFactorNeeds,
  accountId: string,
  tx: Queryable,
): Promise<Date | undefined> {
  await protections.letMailCount(accountId, WAITING_HOURS, tx);
  return (await protections.of(accountId, tx)).mailCountsAt;
}
