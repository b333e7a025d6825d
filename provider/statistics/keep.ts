/** Tells the database every few seconds what this process has counted and how it is. A lost connection loses nothing. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import type { Statistics } from '../../adapters/statistics/statistics.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { Tally } from './tally.ts';

const TELL_EVERY_MS = 5_000;
/** A line may come and go between two tellings. */
const LOOK_EVERY_MS = 1_000;

export type KeepingNeeds = {
  readonly statistics: Pick<Statistics, 'add' | 'report' | 'leave'>;
  readonly tally: Tally;
  readonly hasher: Pick<PasswordHasher, 'stats'>;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly log: Pick<Logger, 'warn'>;
};

export type Keeping = {
  /** At once: before a page of numbers of this process is looked at by a test, and at the end. */
  tell(): Promise<void>;
  /** Tells the rest and reports no more. */
  stop(): Promise<void>;
};

export function keepStatistics({ statistics, tally, hasher, upstreams, log }: KeepingNeeds): Keeping {
  const id = randomUUID();
  let telling = Promise.resolve();

  const tellCounts = async (): Promise<void> => {
    const batch = tally.take();
    try {
      await statistics.add(batch);
    } catch (err) {
      tally.giveBack(batch);
      log.warn({ err }, 'statistics wait for the database');
    }
  };
  const report = async (): Promise<void> => {
    const states = Object.fromEntries(upstreams.offers().map((offer) => [offer.id, offer.state]));
    await statistics.report({ id, ...hasher.stats(), upstreams: states });
  };
  const tell = (): Promise<void> => {
    telling = telling
      .then(tellCounts)
      .then(report)
      .catch((err: unknown) => log.warn({ err }, 'the state of this process could not be told'));
    return telling;
  };

  const looking = setInterval(() => tally.line(hasher.stats().queued), LOOK_EVERY_MS);
  const clock = setInterval(tell, TELL_EVERY_MS);
  looking.unref();
  clock.unref();
  void tell();

  return {
    tell,
    async stop() {
      clearInterval(looking);
      clearInterval(clock);
      await telling;
      await tellCounts();
      await statistics
        .leave(id)
        .catch((err: unknown) => log.warn({ err }, 'the end of this process was not told'));
    },
  };
}
