/** Requests for production and for more scopes in PostgreSQL; one at a time for each integration. */
import type { Database } from '../database/database.ts';
import type { IntegrationRequest, IntegrationRequests, RequestState, Wanted } from './integration-store.ts';
import { beginning } from './position.ts';

const COLUMNS = `id, client_id, asked_by, wanted, scopes, purpose, contact, state, asked_at, decided_at, decided_by,
  note, asked_at::text || ' ' || id as position`;

type Row = {
  readonly id: string;
  readonly client_id: string;
  readonly asked_by: string | null;
  readonly wanted: Wanted;
  readonly scopes: readonly string[];
  readonly purpose: string;
  readonly contact: string;
  readonly state: RequestState;
  readonly asked_at: Date;
  readonly decided_at: Date | null;
  readonly decided_by: string | null;
  readonly note: string | null;
  readonly position: string;
};

export function postgresIntegrationRequests(database: Database): IntegrationRequests {
  return {
    async add({ id, clientId, askedBy, wanted, scopes, purpose, contact }, within) {
      const rows = await within.query(
        `insert into integration_request (id, client_id, asked_by, wanted, scopes, purpose, contact)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (client_id) where state = 'pending' do nothing returning id`,
        [id, clientId, askedBy, wanted, scopes, purpose, contact],
      );
      return rows.length === 1;
    },
    async find(id, within = database) {
      const [row] = await within.query<Row>(`select ${COLUMNS} from integration_request where id = $1`, [id]);
      return row && toRequest(row);
    },
    async of(clientId, within = database) {
      const rows = await within.query<Row>(
        `select ${COLUMNS} from integration_request where client_id = $1 order by asked_at desc, id`,
        [clientId],
      );
      return rows.map(toRequest);
    },
    async inState(state, { limit, after }) {
      const rows = await database.query<Row>(
        `select ${COLUMNS} from integration_request
          where state = $1 and (asked_at, id) > ($2::timestamptz, $3) order by asked_at, id limit $4`,
        [state, ...beginning(after), limit],
      );
      return rows.map((row) => ({ item: toRequest(row), position: row.position }));
    },
    async decide(id, { state, by, note }, within) {
      const rows = await within.query(
        `update integration_request set state = $2, decided_by = $3, note = $4, decided_at = now()
          where id = $1 and state = 'pending' returning id`,
        [id, state, by, note ?? null],
      );
      return rows.length === 1;
    },
  };
}

function toRequest(row: Row): IntegrationRequest {
  return {
    ...{ id: row.id, clientId: row.client_id, wanted: row.wanted, scopes: row.scopes },
    ...{ purpose: row.purpose, contact: row.contact, state: row.state, askedAt: row.asked_at },
    ...(row.asked_by !== null && { askedBy: row.asked_by }),
    ...(row.decided_at && {
      decided: {
        ...{ at: row.decided_at, by: row.decided_by ?? 'operator' },
        ...(row.note !== null && { note: row.note }),
      },
    }),
  };
}
