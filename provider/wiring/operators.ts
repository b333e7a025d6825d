/** What the Union's operators work with: people among millions, visits, merges, incidents. */
import { postgresAccountDesk } from '../../adapters/account-desk/postgres.ts';
import { postgresMerges } from '../../adapters/account-merges/postgres.ts';
import { postgresAuditPages } from '../../adapters/audit-log/pages.ts';
import { postgresIncidents } from '../../adapters/incident-store/postgres.ts';
import { postgresPersonSearch } from '../../adapters/person-search/postgres.ts';
import { postgresStaffVisits } from '../../adapters/staff-visits/postgres.ts';
import { snilsDigester } from '../accounts/snils-digest.ts';
import type { Config } from '../config.ts';
import { keptWords } from '../staff/kept-words.ts';
import type { Records } from './records.ts';
import type { Stores } from './stores.ts';

export function openOperators({ secrets }: Config, { database, storage }: Stores, { cipher }: Records) {
  return {
    people: postgresPersonSearch(database),
    staffVisits: postgresStaffVisits(database),
    accountDesk: postgresAccountDesk(),
    merges: postgresMerges(database),
    incidents: postgresIncidents(database),
    auditPages: postgresAuditPages(database, cipher),
    keptWords: keptWords(storage, cipher),
    snilsDigest: snilsDigester(secrets.pairwiseSalt),
  };
}
