/** The log of changes in PostgreSQL; it outlives the integration it tells of. */
import type { Database } from '../database/database.ts';
import type { IntegrationChange, IntegrationChanges } from './integration-store.ts';

type Values = IntegrationChange['before'] | null;
type Row = {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly what: string;
  readonly before: Values;
  readonly after: Values;
};

const json = (values: Values | undefined): string | null => (values ? JSON.stringify(values) : null);

export function postgresIntegrationChanges(database: Database): IntegrationChanges {
  return {
    async append(clientId, { actor, what, before, after }, within) {
      await within.query(
        `insert into integration_change (client_id, actor, what, before, after)
         values ($1, $2, $3, $4::jsonb, $5::jsonb)`,
        [clientId, actor, what, json(before), json(after)],
      );
    },
    async of(clientId, { limit, after }) {
      const rows = await database.query<Row>(
        `select id::text, at, actor, what, before, after from integration_change
          where client_id = $1 and ($2::bigint is null or id < $2::bigint)
          order by integration_change.id desc limit $3`,
        [clientId, after ?? null, limit],
      );
      return rows.map(({ id, at, actor, what, before, after: now }) => ({
        item: { at, actor, what, ...(before && { before }), ...(now && { after: now }) },
        position: id,
      }));
    },
  };
}
