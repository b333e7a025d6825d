/**
 * Two accounts become one, and two again: each in one transaction with its audit rows, its letters and the end of every
 * sign-in of either. What was shown is what is done: whatever changed in between is shown anew.
 */
import { createHash } from 'node:crypto';
import type { AccountMerges, Merge, MergeSide } from '../../adapters/account-merges/account-merges.ts';
import type { AccountId, SignOutRegister } from '../../adapters/account-store/account-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Clock } from '../../adapters/clock.ts';
import { type Database, isUniqueViolation, type Queryable } from '../../adapters/database/database.ts';
import type { DocumentStore } from '../../adapters/document-store/document-store.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { StaffVisits, Visit } from '../../adapters/staff-visits/staff-visits.ts';
import type { ConsentEffects } from '../consents/consent-effects.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import type { Post } from '../letters/post.ts';
import type { TellReceivers } from '../signals/tell.ts';
import type { Officer } from '../staff/officer.ts';
import { type MergePreview, previewMerge } from './merge-preview.ts';
import { noteAct } from './visits.ts';

export const UNDO_DAYS = 30;

export type MergeNeeds = {
  readonly database: Database;
  readonly merges: AccountMerges;
  readonly register: SignOutRegister;
  readonly documents: Pick<DocumentStore, 'consent'>;
  readonly consentEffects: ConsentEffects;
  readonly staffVisits: StaffVisits;
  readonly jobs: Pick<JobQueue, 'add'>;
  readonly post: Post;
  readonly tellReceivers: TellReceivers;
  readonly cipher: Cipher;
  readonly clock: Clock;
  readonly events: Pick<Events, 'deskActed'>;
};

export type Pair = { readonly survivorId: AccountId; readonly closedId: AccountId };
export type Previewed = MergePreview & {
  readonly survivor: MergeSide;
  readonly closed: MergeSide;
  /** Of everything that was judged: it comes back with the confirmation. */
  readonly digest: string;
};

export async function preview(
  { database, merges }: Pick<MergeNeeds, 'database' | 'merges'>,
  pair: Pair,
): Promise<Previewed | undefined> {
  return database.transaction((tx) => previewWithin(merges, pair, tx));
}

async function previewWithin(
  merges: AccountMerges,
  { survivorId, closedId }: Pair,
  tx: Queryable,
): Promise<Previewed | undefined> {
  const sides = await merges.sides([survivorId, closedId], tx);
  if (!sides) return undefined;
  const [survivor, closed] = sides;
  // Whoever of the relying parties has heard of her meanwhile changes nothing of what was shown.
  const { strangers, ...judged } = previewMerge(survivor, closed);
  const digest = createHash('sha256').update(JSON.stringify(judged)).digest('base64url');
  return { ...judged, strangers, survivor, closed, digest };
}

export type Errand = {
  readonly where: Where;
  readonly officer: Officer;
  readonly visit: Visit;
  /** Why, in her words. */
  readonly words: string;
};

/** What comes back with the form: what was shown, and that the papers were seen. */
export type Confirmation = { readonly digest: string; readonly samePerson: boolean };
type MergeOutcome = 'done' | 'changed' | 'conflict' | 'two_people';

/** `id`: of the confirmation that was shown; sent twice it is done once. */
export async function merge(
  needs: MergeNeeds,
  errand: Errand,
  id: string,
  pair: Pair,
  { digest, samePerson }: Confirmation,
): Promise<MergeOutcome> {
  const { database, merges, cipher, documents } = needs;
  const work = async (tx: Queryable): Promise<MergeOutcome> => {
    const shown = await previewWithin(merges, pair, tx);
    if (await merges.find(id, tx)) return 'done';
    if (shown?.digest !== digest) return 'changed';
    if (shown.conflicts.length > 0) return 'conflict';
    if (shown.differences.length > 0 && !samePerson) return 'two_people';
    const { held, carried } = shown.moves;
    // Before anything moves: each letter goes to the address its account has had.
    await tellBoth(needs, shown, tx);
    const memory = await merges.move(pair, shown.moves, tx);
    const by = errand.officer.account.id;
    const { reason } = errand.visit;
    const sealed = cipher.seal(memory, memoryContext(id));
    await merges.record({ id, ...pair, by, reason, undoDays: UNDO_DAYS }, { held, carried }, sealed, tx);
    const at = needs.clock.now();
    for (const type of held) {
      const change = { accountId: pair.survivorId, type, at, inForce: undefined, onPaper: false };
      await needs.consentEffects(change, tx);
    }
    for (const type of carried) {
      const inForce = await documents.consent(pair.survivorId, type, tx);
      const change = { accountId: pair.survivorId, type, at, inForce, onPaper: inForce?.paper !== undefined };
      if (inForce) await needs.consentEffects(change, tx);
    }
    await needs.tellReceivers({ name: 'account-disabled', accountId: pair.closedId, at }, tx);
    const differs = shown.differences.join(' ');
    await settle(needs, errand, 'accounts_merged', id, pair, tx, differs === '' ? {} : { differs });
    return 'done';
  };
  try {
    return await database.transaction(work);
  } catch (error) {
    // The same confirmation, on another connection, was faster.
    if (isUniqueViolation(error) && (await merges.find(id))) return 'done';
    throw error;
  }
}

/** False when it cannot be undone any more, or was before. */
export async function undoMerge(needs: MergeNeeds, errand: Errand, found: Merge): Promise<boolean> {
  const { database, merges, cipher, documents } = needs;
  const { id, survivorId, closedId, held, carried } = found;
  return database.transaction(async (tx) => {
    // Locks them.
    await merges.sides([survivorId, closedId], tx);
    const sealed = await merges.claimUndo(id, errand.officer.account.id, tx);
    if (sealed === undefined) return false;
    await merges.restore({ survivorId, closedId }, cipher.open(sealed, memoryContext(id)), tx);
    const at = needs.clock.now();
    for (const type of held) {
      const inForce = await documents.consent(survivorId, type, tx);
      const change = { accountId: survivorId, type, at, inForce, onPaper: false };
      if (inForce) await needs.consentEffects(change, tx);
    }
    const parted = (await merges.sides([survivorId, closedId], tx)) ?? [];
    for (const type of carried) {
      const inForce = await documents.consent(survivorId, type, tx);
      // Services are open to whoever was never asked, as they were to her.
      const wasOpen = type === 'union_pd' && parted[0]?.consents[type] === 'none';
      if (inForce || wasOpen) continue;
      await needs.consentEffects({ accountId: survivorId, type, at, inForce, onPaper: false }, tx);
    }
    await needs.tellReceivers({ name: 'account-enabled', accountId: closedId, at }, tx);
    await settle(needs, errand, 'accounts_parted', id, { survivorId, closedId }, tx);
    for (const { id: accountId, email } of parted) {
      if (email === undefined) continue;
      await needs.post.send({ template: 'accounts-parted', to: { accountId }, facts: { at } }, tx);
    }
    return true;
  });
}

/** Every sign-in of either is over, and both trails say why. */
async function settle(
  needs: MergeNeeds,
  { where, officer, visit, words }: Errand,
  act: 'accounts_merged' | 'accounts_parted',
  id: string,
  { survivorId, closedId }: Pair,
  tx: Queryable,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const staff = officer.account.id;
  for (const accountId of [survivorId, closedId]) {
    const until = await needs.register.signOutEverywhere(accountId, tx);
    await needs.jobs.add('end-sessions', { accountId, until: until.toISOString() }, tx);
    const note = await noteAct(needs, officer, { accountId }, visit, act, words, tx);
    const detail = { merge: id, survivor: survivorId, closed: closedId, ...more };
    await needs.events.deskActed(where, { staff, accountId, act, reason: visit.reason, note, detail }, tx);
  }
}

async function tellBoth(
  { post, clock }: MergeNeeds,
  { survivor, closed, moves: { asksAlways } }: Previewed,
  tx: Queryable,
): Promise<void> {
  const facts = { at: clock.now(), days: UNDO_DAYS, asksAlways };
  for (const { email: address, locale, name } of [survivor, closed]) {
    if (address === undefined) continue;
    const to = { address, locale, ...(name && { givenName: name.given }) };
    await post.send({ template: 'accounts-merged', to, facts }, tx);
  }
}

const memoryContext = (id: string): string => `account-merge:${id}`;
