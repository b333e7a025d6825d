/** What primary organisations keep of their own in our register, and the lists of members that are put into it. */
import { systemClock } from '../../adapters/clock.ts';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import { postgresMemberBook } from '../../adapters/member-book/postgres.ts';
import { postgresMemberWriter } from '../../adapters/member-book/postgres-writer.ts';
import { postgresMemberLists } from '../../adapters/member-lists/postgres.ts';
import { postgresMemberExports } from '../../adapters/member-lists/postgres-exports.ts';
import { postgresPassports } from '../../adapters/passport-store/postgres.ts';
import { postgresStructure } from '../../adapters/passport-store/postgres-structure.ts';
import { snilsSealer } from '../cli/import/sealed-snils.ts';
import type { Config } from '../config.ts';
import { organisationWords } from '../data-rules/organisation-words.ts';
import { applyLists } from '../records/apply-list.ts';
import { keptWords } from '../staff/kept-words.ts';
import type { Records } from './records.ts';
import type { Stores } from './stores.ts';

export function openMembers(
  { secrets }: Config,
  { database, storage }: Stores,
  { cipher }: Pick<Records, 'cipher'>,
) {
  return {
    book: postgresMemberBook(database),
    writer: postgresMemberWriter(),
    lists: postgresMemberLists(database, cipher),
    exports: postgresMemberExports(database, cipher),
    passports: postgresPassports(database, organisationWords),
    structure: postgresStructure(database),
    keptWords: keptWords(storage, cipher),
    sealSnils: snilsSealer(cipher, secrets.pairwiseSalt),
  };
}

/** Puts confirmed lists in, and sweeps out those that nobody has confirmed. */
export async function workOnLists(
  jobs: JobWorker,
  config: Config,
  stores: Stores,
  records: Pick<Records, 'cipher' | 'events'>,
): Promise<void> {
  const members = openMembers(config, stores, records);
  const { events } = records;
  await applyLists(jobs, { ...members, database: stores.database, events, clock: systemClock });
}
