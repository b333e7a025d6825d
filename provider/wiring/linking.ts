/** Whose an upstream's identity is, and which account it opens. */
import { postgresCandidates } from '../../adapters/candidates/postgres.ts';
import { systemClock } from '../../adapters/clock.ts';
import { postgresLinks } from '../../adapters/link-store/postgres.ts';
import { pendingIdentities } from '../accounts/pending-identities.ts';
import { settling } from '../accounts/settle.ts';
import { snilsDigester } from '../accounts/snils-digest.ts';
import type { Config } from '../config.ts';
import type { Records } from './records.ts';
import type { Stores } from './stores.ts';

export function openLinking(
  { secrets }: Config,
  { database, storage }: Stores,
  { accounts, cases, cipher, post, events }: Records,
) {
  const links = postgresLinks(database);
  const candidates = postgresCandidates(database);
  return {
    ...{ links, candidates },
    pendingIdentities: pendingIdentities(storage, cipher),
    settling: settling({
      ...{ database, links, candidates, accounts, cases, cipher, post, events },
      snilsDigest: snilsDigester(secrets.pairwiseSalt),
      clock: systemClock,
    }),
  };
}
