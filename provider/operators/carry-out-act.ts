/**
 * How an act on somebody's account is carried out: one transaction of what is done, why, the audit row and the letter.
 * Refused, it leaves nothing behind but a row that says so. Knows none of the acts.
 */
import type { Account, SignOutRegister } from '../../adapters/account-store/account-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { StaffVisits } from '../../adapters/staff-visits/staff-visits.ts';
import type { Events } from '../events/events.ts';
import type { DeskAct } from '../events/operators.ts';
import type { NewLetter, Post } from '../letters/post.ts';
import type { Errand } from './merge.ts';
import type { ActFault } from './names.ts';
import { noteAct } from './visits.ts';

/** A sign-in with the second proof is good so long for acts that nobody does by mistake. */
export const FRESH_SECONDS = 15 * 60;

export type CarryOutNeeds = {
  readonly database: Database;
  readonly staffVisits: StaffVisits;
  readonly cipher: Cipher;
  readonly events: Pick<Events, 'deskActed' | 'deskActRefused'>;
};

/** Undone by throwing, so that nothing of a refused act stays. */
export class ActRefused extends Error {
  override name = 'ActRefused';
  readonly fault: ActFault;

  constructor(fault: ActFault) {
    super(fault);
    this.fault = fault;
  }
}

export type Work = (tx: Queryable) => Promise<void>;

/** Undefined when it is done. `detail`: what the audit is to know of it beside its kind. */
export async function carryOut(
  needs: CarryOutNeeds,
  { where, officer, visit, words }: Errand,
  { id: accountId }: Account,
  kind: DeskAct,
  work: Work,
  detail: Readonly<Record<string, string>> = {},
): Promise<ActFault | undefined> {
  const staff = officer.account.id;
  try {
    await needs.database.transaction(async (tx) => {
      await work(tx);
      const note = await noteAct(needs, officer, { accountId }, visit, kind, words, tx);
      const acted = { staff, accountId, act: kind, reason: visit.reason, note, detail };
      await needs.events.deskActed(where, acted, tx);
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ActRefused)) throw error;
    await needs.events.deskActRefused(where, { staff, accountId, act: kind, fault: error.fault });
    return error.fault;
  }
}

export async function signOut(
  { register, jobs }: { readonly register: SignOutRegister; readonly jobs: Pick<JobQueue, 'add'> },
  accountId: string,
  tx: Queryable,
): Promise<void> {
  const until = await register.signOutEverywhere(accountId, tx);
  await jobs.add('end-sessions', { accountId, until: until.toISOString() }, tx);
}

type Letter = NewLetter extends infer Each ? (Each extends NewLetter ? Omit<Each, 'to'> : never) : never;

/** To whoever has an address. */
export async function writeTo(
  { post }: { readonly post: Post },
  account: Account,
  letter: Letter,
  tx: Queryable,
): Promise<void> {
  if (account.verifiedEmail === undefined) return;
  await post.send({ ...letter, to: { accountId: account.id } } as NewLetter, tx);
}
