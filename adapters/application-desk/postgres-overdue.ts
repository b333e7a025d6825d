/** Which applications wait too long, in the tables of the register kept by ourselves. */
import type { Database } from '../database/database.ts';
import type { OverdueApplications, OverdueStep } from './application-desk.ts';

const COLUMN = { reminded: 'reminded_at', escalated: 'escalated_at' } as const satisfies Record<
  OverdueStep,
  string
>;

export function postgresOverdue(database: Database): OverdueApplications {
  return {
    async overdue(step, before, { limit, after = '' }) {
      const rows = await database.query<{ organisation_id: string }>(
        `select distinct organisation_id from register_application
          where state = 'received' and received_at < $1 and ${COLUMN[step]} is null and organisation_id > $2
          order by organisation_id limit $3`,
        [before, after, limit],
      );
      return rows.map(({ organisation_id }) => organisation_id);
    },
    async take(step, organisationId, before, within) {
      const taken = await within.query(
        `update register_application set ${COLUMN[step]} = now()
          where organisation_id = $1 and state = 'received' and received_at < $2 and ${COLUMN[step]} is null
          returning id`,
        [organisationId, before],
      );
      return taken.length;
    },
  };
}
