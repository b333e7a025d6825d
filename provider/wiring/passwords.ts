/** How passwords are judged: ours, and those that came from other systems, in one waiting line. */
import type { Logger } from 'pino';
import type { Database } from '../../adapters/database/database.ts';
import { postgresForeignPasswords } from '../../adapters/foreign-passwords/postgres.ts';
import { pinnedOutward } from '../../adapters/outward/pinned.ts';
import { argon2id, hashingLine } from '../../adapters/password-hasher/argon2id.ts';
import { foreignAware } from '../../adapters/password-hasher/foreign.ts';
import { foreignDigests } from '../../adapters/password-hasher/foreign-digest.ts';
import { oldPortal } from '../../adapters/password-hasher/foreign-portal.ts';
import type { Config } from '../config.ts';

/** What is imported meanwhile is evened out a little later. */
const KINDS_KEPT_MILLISECONDS = 30_000;

export function openPasswords({ passwords, secrets, outward }: Config, database: Database, log: Logger) {
  const line = hashingLine({
    atOnce: passwords.hashesAtOnce,
    queueMilliseconds: passwords.queueSeconds * 1_000,
  });
  return foreignAware({
    own: argon2id({ peppers: secrets.peppers, line }),
    line,
    digests: foreignDigests(),
    left: kept(KINDS_KEPT_MILLISECONDS, postgresForeignPasswords(database).kindsLeft),
    ...(passwords.oldPortal && {
      portal: oldPortal({
        ...passwords.oldPortal,
        outward: pinnedOutward(outward),
        onFault: (reason) => log.warn({ reason }, 'old portal does not answer'),
      }),
    }),
  });
}

/** Asked again after a while, once for all who wait; a question that failed is asked again at once. */
function kept<T>(milliseconds: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let askedAt = 0;
  return () => {
    if (answer === undefined || performance.now() - askedAt > milliseconds) {
      askedAt = performance.now();
      const asked = ask();
      answer = asked;
      asked.catch(() => {
        if (answer === asked) answer = undefined;
      });
    }
    return answer;
  };
}
