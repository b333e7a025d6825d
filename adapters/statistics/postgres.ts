/** Statistics in PostgreSQL: one statement for a batch, one for a question. */
import type { Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { Point, RunningProcess, Statistics } from './statistics.ts';

const MINUTES_KEPT = '7 days';
const HOURS_KEPT = '400 days';
const PROCESS_MISSED = '20 seconds';
const HOUR_SECONDS = 3_600;
const SWEPT_AT_ONCE = 5_000;

// In the order of the key, so that two processes meet at their first common row and not crosswise.
const ADD = {
  name: 'statistics-add',
  text: `with told as (
           select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
             as told (at, kind, way, portal, reason, count)
         ), lines as (
           insert into hash_line as l (at, longest)
           select * from unnest($7::timestamptz[], $8::integer[]) as line (at, longest) order by at
           on conflict (at) do update set longest = greatest(l.longest, excluded.longest)
         )
         insert into statistic as s (grain, kind, at, way, portal, reason, count)
         select grain, kind, date_trunc(grain, at, 'UTC') as start, way, portal, reason, sum(count)
           from told, (values ('hour'), ('minute')) as grains (grain)
          group by grain, kind, start, way, portal, reason
          order by grain, kind, start, way, portal, reason
         on conflict (grain, kind, at, way, portal, reason) do update set count = s.count + excluded.count`,
};

const COUNTS = {
  name: 'statistics-counts',
  text: `select date_bin(make_interval(secs => $1), at, $2) as at,
                case $3 when 'way' then way when 'portal' then portal else reason end as name,
                sum(count)::float8 as count
           from statistic
          where grain = $4 and kind = $5 and at >= $2 and at < $6 and (reason = '') = $7
          group by 1, 2`,
};

const LINES = {
  name: 'statistics-lines',
  text: `select date_bin(make_interval(secs => $1), at, $2) as at, max(longest) as count
           from hash_line where at >= $2 and at < $3 group by 1`,
};

const OLD_MINUTES = `select ctid from statistic
  where grain = 'minute' and at < now() - interval '${MINUTES_KEPT}' limit ${SWEPT_AT_ONCE}`;
const OLD_HOURS = `select ctid from statistic
  where grain = 'hour' and at < now() - interval '${HOURS_KEPT}' limit ${SWEPT_AT_ONCE}`;

export function postgresStatistics(database: Queryable): Statistics & Sweeper {
  const end = ({ from, stepSeconds, columns }: { from: Date; stepSeconds: number; columns: number }) =>
    new Date(from.getTime() + stepSeconds * columns * 1_000);

  return {
    async add({ counts, lines }) {
      if (counts.length + lines.length === 0) return;
      await database.query(ADD, [
        counts.map(({ minute }) => minute.toISOString()),
        counts.map(({ kind }) => kind),
        counts.map(({ way }) => way),
        counts.map(({ portal }) => portal),
        counts.map(({ reason }) => reason),
        counts.map(({ count }) => count),
        lines.map(({ minute }) => minute.toISOString()),
        lines.map(({ longest }) => longest),
      ]);
    },

    counts({ kind, by, outcome }, grid) {
      const { from, stepSeconds } = grid;
      const grain = stepSeconds < HOUR_SECONDS ? 'minute' : 'hour';
      return database.query<Point>(COUNTS, [
        ...[stepSeconds, from, by, grain, kind, end(grid)],
        outcome === 'success',
      ]);
    },

    longestLines(grid) {
      return database.query<Omit<Point, 'name'>>(LINES, [grid.stepSeconds, grid.from, end(grid)]);
    },

    async report({ id, inFlight, queued, upstreams }) {
      await database.query(
        `insert into running_process (id, seen_at, in_flight, queued, upstreams)
         values ($1, now(), $2, $3, $4::jsonb)
         on conflict (id) do update set seen_at = excluded.seen_at, in_flight = excluded.in_flight,
                                        queued = excluded.queued, upstreams = excluded.upstreams`,
        [id, inFlight, queued, JSON.stringify(upstreams)],
      );
    },

    running() {
      return database.query<RunningProcess>(
        `select id, in_flight as "inFlight", queued, upstreams from running_process
          where seen_at > now() - interval '${PROCESS_MISSED}' order by id`,
      );
    },

    async leave(processId) {
      await database.query('delete from running_process where id = $1', [processId]);
    },

    async sweep() {
      const swept = await database.query(
        `with counts as (
           delete from statistic
            where ctid = any (array(${OLD_MINUTES}) || array(${OLD_HOURS})) returning 1
         ), lines as (
           delete from hash_line where at < now() - interval '${MINUTES_KEPT}' returning 1
         ), processes as (
           delete from running_process where seen_at < now() - interval '1 hour' returning 1
         )
         select 1 from counts union all select 1 from lines union all select 1 from processes`,
      );
      return swept.length;
    },
  };
}
