/** The switches in PostgreSQL, a row each. */
import type { Queryable } from '../database/database.ts';
import type { Switch, UpstreamSwitches } from './upstream-switch.ts';

type Row = Omit<Switch, 'reason'> & { readonly reason: string | null };

export function postgresSwitches(database: Queryable): UpstreamSwitches {
  return {
    async list() {
      const rows = await database.query<Row>(
        'select upstream, is_on as "on", since, turned_by as "by", reason from upstream_switch order by upstream',
      );
      return rows.map(({ reason, ...turned }) => ({ ...turned, ...(reason !== null && { reason }) }));
    },
    async turn(upstream, { on, by, reason }, within = database) {
      // Turning it to where it is already changes neither since when nor by whom. Untouched ones are on.
      const turned = await within.query(
        `insert into upstream_switch as s (upstream, is_on, turned_by, reason)
         select $1, $2, $3, $4 where not $2 or exists (select from upstream_switch where upstream = $1)
         on conflict (upstream) do update
            set is_on = excluded.is_on, turned_by = excluded.turned_by, reason = excluded.reason, since = now()
          where s.is_on <> excluded.is_on
         returning 1`,
        [upstream, on, by, reason ?? null],
      );
      return turned.length === 1;
    },
  };
}
