/**
 * Applications in PostgreSQL. What the register is to be told is personal and is kept no longer than it must be: sealed
 * while it waits, erased with the delivery. What was signed stays among the person's documents.
 */
import type { Cipher } from '../cipher/cipher.ts';
import { type Database, isUniqueViolation } from '../database/database.ts';
import type { RegistryApplication } from '../registry/registry.ts';
import {
  type Application,
  type ApplicationState,
  type ApplicationStore,
  ApplicationUnderWay,
} from './application-store.ts';

const WAITING_AT_ONCE = 200;

const COLUMNS = 'id, account_id, purpose, organisation, state, reason, signed_at, state_since';

type ApplicationRow = {
  id: string;
  account_id: string;
  purpose: Application['purpose'];
  organisation: string;
  state: ApplicationState;
  reason: string | null;
  signed_at: Date;
  state_since: Date;
};

export function postgresApplications(database: Database, cipher: Cipher): ApplicationStore {
  return {
    async create(accountId, application, organisation, within) {
      try {
        await within.query(
          `insert into application (id, account_id, purpose, organisation, signed_at, sealed)
           values ($1, $2, $3, $4, $5, $6)`,
          [
            ...[application.id, accountId, application.purpose, organisation, application.signedAt],
            cipher.seal(JSON.stringify(application), contextOf(application.id)),
          ],
        );
      } catch (error) {
        throw isUniqueViolation(error) ? new ApplicationUnderWay(undefined, { cause: error }) : error;
      }
    },

    async of(accountId) {
      const rows = await database.query<ApplicationRow>(
        `select ${COLUMNS} from application where account_id = $1 order by signed_at desc, id`,
        [accountId],
      );
      return rows.map(toApplication);
    },

    async undelivered(id) {
      const [row] = await database.query<{ sealed: string }>(
        'select sealed from application where id = $1 and sealed is not null',
        [id],
      );
      return row && (JSON.parse(cipher.open(row.sealed, contextOf(id))) as RegistryApplication);
    },

    async markDelivered(id) {
      // The register may have told us of its receipt before we got to note the delivery.
      await database.query(
        `update application
            set sealed = null, state = case when state = 'signed' then 'delivered' else state end,
                state_since = case when state = 'signed' then now() else state_since end
          where id = $1 and sealed is not null`,
        [id],
      );
    },

    async forgotten(seconds) {
      const rows = await database.query<{ id: string }>(
        `select id from application where sealed is not null and signed_at <= now() - make_interval(secs => $1)
          order by signed_at, id limit ${WAITING_AT_ONCE}`,
        [seconds],
      );
      return rows.map(({ id }) => id);
    },

    async advance(id, state, reason, within) {
      const [row] = await within.query<ApplicationRow>(
        `update application
            set state = $2, reason = $3, state_since = now(), sealed = null
          where id = $1 and state = any($4)
        returning ${COLUMNS}`,
        [id, state, reason ?? null, BEFORE[state]],
      );
      return row && toApplication(row);
    },
  };
}

const UNDECIDED = ['signed', 'delivered', 'received'] as const;

/** From which states each is reached: told twice, or late, a change has no effect. */
const BEFORE = {
  received: ['signed', 'delivered'],
  accepted: UNDECIDED,
  returned: UNDECIDED,
  rejected: UNDECIDED,
} as const satisfies Record<string, readonly ApplicationState[]>;

const contextOf = (id: string): string => `application:${id}`;

function toApplication(row: ApplicationRow): Application {
  return {
    id: row.id,
    accountId: row.account_id,
    purpose: row.purpose,
    organisation: row.organisation,
    state: row.state,
    ...(row.reason !== null && { reason: row.reason }),
    signedAt: row.signed_at,
    stateSince: row.state_since,
  };
}
