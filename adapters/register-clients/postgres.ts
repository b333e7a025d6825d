/** The machines of our register, beside its organisations. */
import type { Database } from '../database/database.ts';
import type { RegisterClients } from './register-clients.ts';

type Row = { client_id: string; organisation_id: string | null; may_write: boolean };

export function postgresRegisterClients(database: Database): RegisterClients {
  const ids = (rows: readonly { id: string }[]): ReadonlySet<string> => new Set(rows.map(({ id }) => id));
  return {
    async reachOf(clientId) {
      const [row] = await database.query<{ path: string | null; all: boolean; may_write: boolean }>(
        `select o.path, c.organisation_id is null as all, c.may_write
           from register_client c left join organisation o on o.id = c.organisation_id
          where c.client_id = $1`,
        [clientId],
      );
      return row && { path: row.path ?? '', mayWrite: row.may_write };
    },
    async list() {
      const rows = await database.query<Row>(
        'select client_id, organisation_id, may_write from register_client order by client_id',
      );
      return rows.map(({ client_id, organisation_id, may_write }) => ({
        clientId: client_id,
        ...(organisation_id !== null && { organisationId: organisation_id }),
        mayWrite: may_write,
      }));
    },
    async allow({ clientId, organisationId, mayWrite }, within) {
      const rows = await within.query(
        `insert into register_client (client_id, organisation_id, may_write)
         select $1, $2, $3 where $2::text is null or exists (select from organisation where id = $2)
         on conflict (client_id) do update
           set organisation_id = excluded.organisation_id, may_write = excluded.may_write, allowed_at = now()
         returning client_id`,
        [clientId, organisationId ?? null, mayWrite],
      );
      return rows.length === 1;
    },
    async forbid(clientId, within) {
      const rows = await within.query(
        'delete from register_client where client_id = $1 returning client_id',
        [clientId],
      );
      return rows.length === 1;
    },
    async organisationsWithin({ path }, asked) {
      return ids(
        await database.query<{ id: string }>(
          'select id from organisation where id = any($1) and path ^@ $2',
          [asked, path],
        ),
      );
    },
    async applicationsWithin({ path }, asked) {
      return ids(
        await database.query<{ id: string }>(
          `select a.id from register_application a join organisation o on o.id = a.organisation_id
            where a.id = any($1) and o.path ^@ $2`,
          [asked, path],
        ),
      );
    },
  };
}
