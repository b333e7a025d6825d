/** Numbers: those this process counts and tells, those that are counted now and then, and who reads them. */
import type { Logger } from 'pino';
import { postgresCensus } from '../../adapters/census/postgres.ts';
import { systemClock } from '../../adapters/clock.ts';
import type { PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import { postgresStatistics } from '../../adapters/statistics/postgres.ts';
import { postgresSwitches } from '../../adapters/upstream-switch/postgres.ts';
import { figures } from '../statistics/figures.ts';
import { keepStatistics } from '../statistics/keep.ts';
import type { Tally } from '../statistics/tally.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { Stores } from './stores.ts';

type StatisticsNeeds = {
  readonly stores: Stores;
  readonly tally: Tally;
  readonly hasher: PasswordHasher;
  readonly upstreams: Upstreams;
  readonly log: Logger;
};

export async function openStatistics({ stores, tally, hasher, upstreams, log }: StatisticsNeeds) {
  const { database, jobs } = stores;
  const statistics = postgresStatistics(database);
  const census = postgresCensus(database);
  await jobs.work('census', () => census.take());
  await jobs.repeat('census', '*/30 * * * *', {});
  return {
    ...{ census, statistics },
    switches: postgresSwitches(database),
    figures: figures({ statistics, standing: census, jobs, clock: systemClock }),
    keeping: keepStatistics({ statistics, tally, hasher, upstreams, log }),
  };
}
