/** Integrations and their testers in PostgreSQL, beside the client that each of them is. */
import type { ClientMetadata } from '../client-store/client-store.ts';
import type { Database, Queryable } from '../database/database.ts';
import type {
  Integration,
  IntegrationKind,
  IntegrationStore,
  IntegrationTesters,
  Listed,
  Stage,
  Tester,
} from './integration-store.ts';
import { beginning } from './position.ts';

const SELECT = `select i.client_id, i.owner_id, i.kind, i.stage, i.site, i.version, i.block_reason, i.created_at,
    i.updated_at, c.metadata, c.blocked_at, i.created_at::text || ' ' || i.client_id as position
  from integration i join client c on c.client_id = i.client_id`;

type Row = {
  readonly client_id: string;
  readonly owner_id: string | null;
  readonly kind: IntegrationKind;
  readonly stage: Stage;
  readonly site: string;
  readonly version: number;
  readonly block_reason: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly metadata: Omit<ClientMetadata, 'client_id'>;
  readonly blocked_at: Date | null;
  readonly position: string;
};

export function postgresIntegrations(database: Database): IntegrationStore {
  return {
    async add({ clientId, ownerId, kind, site }, atMost, within) {
      // Two that she creates at once are counted one after the other.
      await within.query('select 1 from account where id = $1 for update', [ownerId]);
      const rows = await within.query(
        `insert into integration (client_id, owner_id, kind, site)
         select $1, $2, $3, $4 where (select count(*) from integration where owner_id = $2) < $5
         returning client_id`,
        [clientId, ownerId, kind, site, atMost],
      );
      return rows.length === 1;
    },
    async find(clientId, within) {
      // Both: of a row that is not held a waiting transaction is shown what it was before the wait.
      const lock = within ? ' for update of c, i' : '';
      const [row] = await (within ?? database).query<Row>(`${SELECT} where i.client_id = $1${lock}`, [
        clientId,
      ]);
      return row && toIntegration(row);
    },
    async ofOwner(ownerId, { limit, after }, within = database) {
      const rows = await within.query<Row>(
        `${SELECT} where i.owner_id = $1 and (i.created_at, i.client_id) > ($2::timestamptz, $3)
          order by i.created_at, i.client_id limit $4`,
        [ownerId, ...beginning(after), limit],
      );
      return rows.map(toListed);
    },
    async search(text, { limit, after }) {
      const rows = await database.query<Row>(
        `${SELECT}
          where (i.client_id = $1 or strpos(lower(c.metadata->>'client_name'), lower($1)) > 0
                 or strpos(lower(i.site), lower($1)) > 0)
            and (i.created_at, i.client_id) > ($2::timestamptz, $3)
          order by i.created_at, i.client_id limit $4`,
        [text, ...beginning(after), limit],
      );
      return rows.map(toListed);
    },
    async change(clientId, { site, stage, blockReason }, within) {
      await within.query(
        `update integration
            set site = coalesce($2, site), stage = coalesce($3, stage),
                block_reason = case when $4 then $5 else block_reason end,
                version = version + 1, updated_at = now()
          where client_id = $1`,
        [clientId, site ?? null, stage ?? null, blockReason !== undefined, blockReason ?? null],
      );
    },
  };
}

export function postgresTesters(database: Database): IntegrationTesters {
  return {
    async of(clientId, within = database) {
      return within.query<Tester>(
        'select email as key, original from integration_tester where client_id = $1 order by email',
        [clientId],
      );
    },
    async replace(clientId, testers, within: Queryable) {
      await within.query('delete from integration_tester where client_id = $1', [clientId]);
      for (const { key, original } of testers) {
        await within.query(
          'insert into integration_tester (client_id, email, original) values ($1, $2, $3) on conflict do nothing',
          [clientId, key, original],
        );
      }
    },
    async admits(clientId, { accountId, email }) {
      const rows = await database.query(
        `select 1 from integration i
          where i.client_id = $1
            and (i.owner_id = $2
                 or exists (select from integration_tester t where t.client_id = i.client_id and t.email = $3))`,
        [clientId, accountId, email ?? null],
      );
      return rows.length > 0;
    },
  };
}

function toListed(row: Row): Listed<Integration> {
  return { item: toIntegration(row), position: row.position };
}

function toIntegration(row: Row): Integration {
  return {
    clientId: row.client_id,
    ...(row.owner_id !== null && { ownerId: row.owner_id }),
    ...{ kind: row.kind, stage: row.stage, site: row.site, version: row.version },
    metadata: { ...row.metadata, client_id: row.client_id },
    ...(row.blocked_at && {
      blocked: { at: row.blocked_at, ...(row.block_reason !== null && { reason: row.block_reason }) },
    }),
    ...{ createdAt: row.created_at, updatedAt: row.updated_at },
  };
}
