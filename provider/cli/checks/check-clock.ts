/** Do this machine and its stores agree on the time? Tokens and locks expire by it (security.md #157). */
import type { Clock } from '../../../adapters/clock.ts';
import type { Queryable } from '../../../adapters/database/database.ts';
import type { RedisConnection } from '../../../adapters/redis/redis.ts';
import { mastersOf } from './check-redis.ts';
import { type Finding, findings } from './finding.ts';

const TOLERATED_MS = 2_000;

export type RemoteClock = { readonly name: string; read(): Promise<Date> };

export function clockOfDatabase(database: Queryable): RemoteClock {
  return {
    name: 'the database',
    async read() {
      const [row] = await database.query<{ now: Date }>('select clock_timestamp() as now');
      if (!row) throw new Error('the database did not tell its time');
      return row.now;
    },
  };
}

/** One per master. */
export function clocksOfRedis(redis: RedisConnection): readonly RemoteClock[] {
  return mastersOf(redis).map((node) => ({
    name: 'Redis',
    async read() {
      const [seconds, microseconds] = await node.time();
      return new Date(Number(seconds) * 1_000 + Number(microseconds) / 1_000);
    },
  }));
}

export async function checkClock(clock: Clock, remotes: readonly RemoteClock[]): Promise<readonly Finding[]> {
  const { found, ok, wrong } = findings('clock');
  for (const { name, read } of remotes) {
    const before = clock.now().getTime();
    const there = (await read()).getTime();
    const after = clock.now().getTime();
    // The answer was written somewhere between asking and hearing: only what lies outside is a difference.
    const skew = there < before ? there - before : Math.max(0, there - after);
    if (Math.abs(skew) > TOLERATED_MS) {
      wrong(
        `${name} is ${(Math.abs(skew) / 1_000).toFixed(1)} s ${skew > 0 ? 'ahead' : 'behind'}`,
        'Let NTP (chrony, systemd-timesyncd) keep the time on both machines.',
      );
    } else {
      ok(`${name} agrees with this machine`);
    }
  }
  return found;
}
