/** The switches in PostgreSQL, a row each. */
import type { Queryable } from '../database/database.ts';
import type { Switch, UpstreamSwitches } from './upstream-switch.ts';

export function postgresSwitches(database: Queryable): UpstreamSwitches {
  return {
    list: () =>
      database.query<Switch>(
        'select upstream, is_on as "on", since, turned_by as "by" from upstream_switch order by upstream',
      ),
    async turn(upstream, on, by, within = database) {
      // Turning it to where it is already changes neither since when nor by whom.
      await within.query(
        `insert into upstream_switch as s (upstream, is_on, turned_by) values ($1, $2, $3)
         on conflict (upstream) do update
            set is_on = excluded.is_on, turned_by = excluded.turned_by, since = now()
          where s.is_on <> excluded.is_on`,
        [upstream, on, by],
      );
    },
  };
}
