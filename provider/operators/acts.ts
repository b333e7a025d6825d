/**
 * What an operator does to somebody's account: each act in one transaction with its audit row and the letter to the
 * person. Nobody of the staff sees or sets a password (security.md #75): the most there is, is a letter with a link.
 */
import type { AccountDesk } from '../../adapters/account-desk/account-desk.ts';
import type { AccountDoors } from '../../adapters/account-doors/account-doors.ts';
import type { Account, SignOutRegister } from '../../adapters/account-store/account-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import { isOpenWithout, nameOfUpstream } from '../cabinet/ways.ts';
import type { Events } from '../events/events.ts';
import type { DeskAct } from '../events/operators.ts';
import type { AddressTroubles, Post } from '../letters/post.ts';
import type { GuessLimits } from '../login/guess-limits.ts';
import { writeResetLetter } from '../recovery/deliver-reset.ts';
import type { TellReceivers } from '../signals/tell.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { ActRefused, type CarryOutNeeds, carryOut, signOut, type Work, writeTo } from './carry-out-act.ts';
import { misfitOf } from './fitting-acts.ts';
import type { Errand } from './merge.ts';
import type { ActFault, ActName } from './names.ts';
import { stateOfAccount, troubleOf } from './person-page.ts';

export type ActNeeds = CarryOutNeeds & {
  readonly accountDesk: AccountDesk;
  readonly doors: AccountDoors;
  readonly links: Pick<LinkStore, 'linksOf' | 'unlink'>;
  readonly limits: Pick<GuessLimits, 'forget' | 'heldUntil'>;
  readonly deskResets: Limiter;
  readonly troubles: AddressTroubles;
  readonly register: SignOutRegister;
  readonly secrets: OneTimeSecrets;
  readonly jobs: Pick<JobQueue, 'add'>;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly post: Post;
  readonly tellReceivers: TellReceivers;
  readonly clock: Clock;
  readonly events: Pick<Events, 'resetLetterWritten'>;
};

/** One letter: a form that was sent twice is one wish. */
export const RESETS_AT_ONCE = { points: 1, seconds: 60 } as const;

/** Why it cannot be done as the account is now; undefined when it can. */
export async function obstacleTo(
  needs: Pick<ActNeeds, 'limits' | 'troubles'>,
  account: Account,
  name: ActName,
): Promise<ActFault | undefined> {
  const misfit = misfitOf(name, await stateOfAccount(needs, account));
  if (misfit || name !== 'reset-password') return misfit;
  return (await troubleOf(needs, account.verifiedEmail)) && 'address_returns';
}

/** Undefined when it is done. */
export async function act(
  needs: ActNeeds,
  errand: Errand,
  account: Account,
  name: ActName,
): Promise<ActFault | undefined> {
  const { id } = account;
  const works: Readonly<Record<ActName, readonly [DeskAct, Work]>> = {
    unlock: [
      account.status === 'locked' ? 'account_unlocked' : 'guesses_forgotten',
      async (tx) => {
        if (account.status !== 'locked') return;
        if (!(await needs.accountDesk.unlock(id, tx))) throw new ActRefused('not_open');
        await needs.tellReceivers({ name: 'account-enabled', accountId: id, at: needs.clock.now() }, tx);
        await write(needs, account, 'account-unlocked', tx);
      },
    ],
    lock: [
      'account_locked',
      async (tx) => {
        if (!(await needs.accountDesk.lock(id, tx))) throw new ActRefused('not_open');
        await signOut(needs, id, tx);
        await needs.tellReceivers({ name: 'account-disabled', accountId: id, at: needs.clock.now() }, tx);
        await write(needs, account, 'account-locked', tx);
      },
    ],
    'sign-out': [
      'signed_out',
      async (tx) => {
        await signOut(needs, id, tx);
        await write(needs, account, 'signed-out', tx);
      },
    ],
    'reset-password': [
      'reset_begun',
      async (tx) => {
        await writeResetLetter(needs, id, undefined, tx);
        await needs.events.resetLetterWritten(errand.where, id, tx, errand.officer.account.id);
      },
    ],
    'release-member': [
      'member_released',
      async (tx) => {
        const doors = await needs.doors.lock(id, tx);
        const withoutTicket = {
          ...doors,
          identifiers: doors.identifiers.filter((kind) => kind !== 'ticket'),
        };
        if (!isOpenWithout('', withoutTicket, needs.upstreams.offers())) throw new ActRefused('last_way');
        if ((await needs.accountDesk.releaseMember(id, tx)) === undefined) throw new ActRefused('no_member');
        await signOut(needs, id, tx);
        await write(needs, account, 'member-released', tx);
      },
    ],
  };
  const [kind, work] = works[name];
  // Before the transaction, as limits are: they may count on the one connection that it holds.
  const obstacle = await obstacleTo(needs, account, name);
  if (name === 'reset-password' && !obstacle) {
    // What was just sent is on its way.
    if (!(await needs.deskResets.take(id)).allowed) return undefined;
  }
  const fault = await carryOut(needs, errand, account, kind, async (tx) => {
    if (obstacle) throw new ActRefused(obstacle);
    await work(tx);
  });
  if (name === 'unlock' && fault === undefined) await needs.limits.forget(id);
  return fault;
}

/** One of the upstreams she signs in through. */
export function removeBrokenWay(
  needs: ActNeeds,
  errand: Errand,
  account: Account,
  upstream: string,
): Promise<ActFault | undefined> {
  const offers = needs.upstreams.offers();
  const work: Work = async (tx) => {
    const open = await needs.doors.lock(account.id, tx);
    const link = (await needs.links.linksOf(account.id, tx)).find((each) => each.upstream === upstream);
    if (!link) throw new ActRefused('no_way');
    if (!isOpenWithout(upstream, open, offers)) throw new ActRefused('last_way');
    await needs.links.unlink(account.id, link, tx);
    await signOut(needs, account.id, tx);
    const way = nameOfUpstream(offers, upstream, account.locale);
    await writeTo(
      needs,
      account,
      { template: 'way-removed', facts: { at: needs.clock.now(), network: '–', way } },
      tx,
    );
  };
  return carryOut(needs, errand, account, 'way_removed', work, { upstream });
}

/** What was done outside of a transaction of ours: a session ended. */
export async function noteEndedSession(needs: ActNeeds, errand: Errand, account: Account): Promise<void> {
  await carryOut(needs, errand, account, 'session_ended', async () => {});
}

function write(
  needs: ActNeeds,
  account: Account,
  template: 'account-locked' | 'account-unlocked' | 'signed-out' | 'member-released',
  tx: Queryable,
): Promise<void> {
  return writeTo(needs, account, { template, facts: { at: needs.clock.now() } }, tx);
}
