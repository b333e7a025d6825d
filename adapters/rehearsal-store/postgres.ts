/** Rehearsals as rows. One that has been running for longer than any can take was lost with its process. */
import type { Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { RehearsalRecord, RehearsalStore } from './rehearsal-store.ts';

const LONGEST_RUN_MINUTES = 15;

type Row<Key, Result> = {
  readonly id: string;
  readonly client_id: string;
  readonly login_uri: string;
  readonly key: Key;
  readonly state: RehearsalRecord['state'];
  readonly results: readonly Result[];
  readonly expires_at: Date;
};

export function postgresRehearsals<Key, Result>(database: Queryable): RehearsalStore<Key, Result> & Sweeper {
  return {
    async create({ id, clientId, loginUri, key, expiresAt }, within = database) {
      await within.query(
        'insert into rehearsal (id, client_id, login_uri, key, expires_at) values ($1, $2, $3, $4::jsonb, $5)',
        [id, clientId, loginUri, JSON.stringify(key), expiresAt],
      );
    },
    async find(id, within = database) {
      const [row] = await within.query<Row<Key, Result>>(
        `select id, client_id, login_uri, key, state, results, expires_at
           from rehearsal where id = $1 and expires_at > now()`,
        [id],
      );
      return (
        row && {
          ...{ id: row.id, clientId: row.client_id, loginUri: row.login_uri, key: row.key },
          ...{ state: row.state, results: row.results, expiresAt: row.expires_at },
        }
      );
    },
    async begin(id, within = database) {
      const rows = await within.query(
        `update rehearsal set state = 'running', began_at = now(), results = '[]'
          where id = $1 and expires_at > now()
            and (state <> 'running' or began_at <= now() - make_interval(mins => $2))
          returning id`,
        [id, LONGEST_RUN_MINUTES],
      );
      return rows.length === 1;
    },
    async report(id, state, results) {
      await database.query('update rehearsal set state = $2, results = $3::jsonb where id = $1', [
        ...[id, state],
        JSON.stringify(results),
      ]);
    },
    async sweep() {
      const rows = await database.query('delete from rehearsal where expires_at <= now() returning id');
      return rows.length;
    },
  };
}
