/**
 * Artefacts in PostgreSQL, on a server or in-process: one prepared statement per operation. Two tables of one shape:
 * what carries a promise survives a crash of the server, the rest is not logged and costs less.
 */
import type { Database, Statement } from '../database/database.ts';
import { digest, keyOf, reference, referencedKey, seal, unseal } from './artefact-id.ts';
import {
  AlreadyConsumed,
  type Artefacts,
  GrantRevoked,
  type Payload,
  type Storage,
  type Sweeper,
} from './storage.ts';

export type PostgresStorageOptions = {
  /** Seconds a revoked grant is remembered: longer than any of its tokens could live; default 30 days. */
  readonly revokedGrantMemory?: number;
};

/** Losing one of these would sign people out. */
const KEPT = new Set([
  'Session',
  'Grant',
  'RefreshToken',
  'InitialAccessToken',
  'RegistrationAccessToken',
  'Applicant',
]);

const ROWS_PER_SWEEP = 5_000;

type Row = { id: string; payload: string; consumed: number | null };

export function postgresStorage(database: Database, options: PostgresStorageOptions = {}): Storage & Sweeper {
  const { revokedGrantMemory = 30 * 24 * 3600 } = options;
  const kept = statements('artefact');
  const passing = statements('passing_artefact');

  const storage = (model: string): Artefacts => {
    const sql = KEPT.has(model) ? kept : passing;

    async function read(statement: Statement, key: string, id?: string): Promise<Payload | undefined> {
      const [row] = await database.query<Row>(statement, [model, key]);
      return row && unseal(id ?? reference(row.id), row.payload, row.consumed ?? undefined);
    }

    return {
      async upsert(id, payload, expiresIn) {
        const written = await database.query(sql.upsert, [
          model,
          keyOf(id),
          seal(id, payload),
          payload.uid === undefined ? null : digest(payload.uid),
          payload.userCode === undefined ? null : digest(payload.userCode),
          payload.grantId === undefined ? null : digest(payload.grantId),
          payload.consumed ?? null,
          expiresIn,
        ]);
        if (written.length === 0) throw new GrantRevoked();
      },
      async find(id) {
        return read(sql.find, digest(id), id);
      },
      async findByUid(uid) {
        return read(sql.findByUid, digest(uid));
      },
      async findByUserCode(userCode) {
        return read(sql.findByUserCode, digest(userCode));
      },
      async findReferenced(given) {
        const key = referencedKey(given);
        return key === undefined ? undefined : read(sql.find, key);
      },
      async consume(id) {
        const consumed = await database.query(sql.consume, [model, keyOf(id)]);
        if (consumed.length === 0) throw new AlreadyConsumed();
      },
      async destroy(id) {
        await database.query(sql.destroy, [model, keyOf(id)]);
      },
      async revokeByGrantId(grantId) {
        await database.query(REVOKE, [digest(grantId), revokedGrantMemory]);
      },
    };
  };

  return Object.assign(storage, {
    async sweep() {
      let swept = 0;
      for (const table of ['artefact', 'passing_artefact', 'revoked_grant']) {
        let rows: number;
        do {
          rows = (await database.query(sweepStatement(table))).length;
          swept += rows;
        } while (rows === ROWS_PER_SWEEP);
      }
      return swept;
    },
  });
}

const REVOKE: Statement = {
  name: 'artefact_revoke',
  text: "select revoke_grant($1, $2 * interval '1 second')",
};

function statements(table: string) {
  const columns = 'id, payload, extract(epoch from consumed_at)::int8::float8 as consumed';
  const named = (operation: string, text: string): Statement => ({ name: `${table}_${operation}`, text });
  const newest = (column: string): string =>
    `select ${columns} from ${table} where ${column} = $2 and model = $1 and expires_at > now()
     order by writing desc limit 1`;
  return {
    upsert: named(
      'upsert',
      `insert into ${table} as a (model, id, payload, uid, user_code, grant_id, consumed_at, expires_at)
       select $1, $2, $3, $4, $5, $6, to_timestamp($7), now() + $8 * interval '1 second'
       where $6::text is null or grant_is_open($6)
       on conflict (model, id) do update set payload = excluded.payload, uid = excluded.uid,
         user_code = excluded.user_code, grant_id = excluded.grant_id, consumed_at = excluded.consumed_at,
         expires_at = excluded.expires_at, writing = excluded.writing
       returning true`,
    ),
    find: named(
      'find',
      `select ${columns} from ${table} where model = $1 and id = $2 and expires_at > now()`,
    ),
    findByUid: named('find_by_uid', newest('uid')),
    findByUserCode: named('find_by_user_code', newest('user_code')),
    consume: named(
      'consume',
      `update ${table} set consumed_at = now()
       where model = $1 and id = $2 and consumed_at is null and expires_at > now() returning true`,
    ),
    destroy: named('destroy', `delete from ${table} where model = $1 and id = $2`),
  };
}

/** Rows somebody holds just now are left for the next time. */
function sweepStatement(table: string): Statement {
  return `delete from ${table} where ctid = any (array(
            select ctid from ${table} where expires_at <= now()
            order by expires_at limit ${ROWS_PER_SWEEP} for update skip locked))
          returning true`;
}
