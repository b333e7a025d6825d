/**
 * What is done when something has gone wrong for many: everybody out, new signing keys, new passwords for whoever may be
 * affected, a list of them. Each act is written down, and what takes long goes on as a job, whatever happens to the page.
 */
import { randomUUID } from 'node:crypto';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type {
  AffectedAccount,
  AffectedBy,
  IncidentStore,
} from '../../adapters/incident-store/incident-store.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import {
  ReplacedLately,
  RotationTooEarly,
  SIGNING_ALGS,
  type SigningKeys,
} from '../../adapters/signing-keys/signing-keys.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import { writeSheet } from '../exchange/write-sheet.ts';

/** More accounts than this are everybody: then everybody is signed out. */
export const MOST_AFFECTED = 50_000;

export type IncidentNeeds = {
  readonly database: Database;
  readonly incidents: IncidentStore;
  readonly signingKeys: SigningKeys;
  readonly cipher: Cipher;
  readonly jobs: Pick<JobQueue, 'add'>;
  readonly events: Pick<Events, 'everybodySignedOut' | 'keyRotated' | 'resetsForced' | 'affectedExported'>;
};

/** The operator herself included: whatever began before the moment is over. */
export function signOutEverybody(
  { database, incidents, jobs, events }: IncidentNeeds,
  where: Where,
  staff: string,
): Promise<void> {
  return database.transaction(async (tx) => {
    const until = await incidents.signOutEverybody(staff, tx);
    await jobs.add('everybody-out', { until: until.toISOString(), after: '' }, tx);
    await events.everybodySignedOut(where, staff, tx);
  });
}

/** The moment before which it cannot be done, if it cannot. */
export async function rotateKeys(
  { signingKeys, events }: IncidentNeeds,
  where: Where,
  staff: string,
): Promise<Date | undefined> {
  await signingKeys.ensure();
  for (const alg of SIGNING_ALGS) {
    try {
      await signingKeys.rotate(alg);
    } catch (error) {
      if (error instanceof RotationTooEarly) return error.readyAt;
      throw error;
    }
    await events.keyRotated(where, staff, alg, false);
  }
  return undefined;
}

/** How many minutes old the keys are, if they are too new to have leaked; `again`: they have all the same. */
export async function replaceKeys(
  { signingKeys, events }: IncidentNeeds,
  where: Where,
  staff: string,
  again: boolean,
): Promise<number | undefined> {
  try {
    await signingKeys.replaceLeaked(SIGNING_ALGS, { again });
  } catch (error) {
    if (error instanceof ReplacedLately) return error.minutes;
    throw error;
  }
  for (const alg of SIGNING_ALGS) await events.keyRotated(where, staff, alg, true);
  return undefined;
}

/** Returns how many accounts it is about. */
export function forceResets(
  needs: IncidentNeeds,
  where: Where,
  staff: string,
  words: string,
  affected: AffectedBy,
): Promise<number> {
  const { database, incidents, jobs, events } = needs;
  return database.transaction(async (tx) => {
    const id = randomUUID();
    const accounts = await incidents.beginReset({ id, by: staff }, affected, MOST_AFFECTED, tx);
    await jobs.add('forced-reset', { resetId: id }, tx);
    const note = await keepNote(needs, staff, 'reset', words, tx);
    await events.resetsForced(where, staff, { reset: id, accounts, note }, tx);
    return accounts;
  });
}

/** Ids and kinds of data, nobody's name (order 187 of Roskomnadzor asks for the categories). */
export async function affectedSheet(
  needs: IncidentNeeds,
  where: Where,
  staff: string,
  words: string,
  affected: AffectedBy,
): Promise<Buffer> {
  const found = await needs.incidents.affected(affected, MOST_AFFECTED);
  await needs.database.transaction(async (tx) => {
    const note = await keepNote(needs, staff, 'file', words, tx);
    await needs.events.affectedExported(where, staff, { count: found.length, note }, tx);
  });
  return writeSheet('csv', { sheet: 'affected', header: COLUMNS, rows: found.map(rowOf) });
}

/** Returns the id by which the audit names it. */
async function keepNote(
  { incidents, cipher }: IncidentNeeds,
  by: string,
  what: string,
  words: string,
  tx: Queryable,
): Promise<string> {
  const id = randomUUID();
  await incidents.keepNote({ id, by, what, note: cipher.seal(words, `incident-note:${id}`) }, tx);
  return id;
}

const COLUMNS = ['account', 'member', 'sign_ins', 'first_at', 'last_at', 'kinds_of_data'];

function rowOf(account: AffectedAccount): readonly string[] {
  const { accountId, memberId = '', signIns, first, last, hasEmail, hasPhone, documents } = account;
  const kinds = [
    ...(memberId === '' ? [] : ['name', 'birthdate', 'organisation', 'membership', 'ticket']),
    ...(hasEmail ? ['email'] : []),
    ...(hasPhone ? ['phone'] : []),
    ...(documents > 0 ? ['documents'] : []),
  ];
  return [accountId, memberId, String(signIns), first.toISOString(), last.toISOString(), kinds.join(' ')];
}
