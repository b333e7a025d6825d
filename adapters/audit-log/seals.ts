/**
 * Seals over the audit trail, in PostgreSQL. Rows are appended in parallel and commit in any order, so a range is sealed
 * only when nobody can add to it any more; whoever appends never waits for it.
 */
import type { Database, Queryable } from '../database/database.ts';
import type { AuditEvidence, AuditRow, AuditSeals, Seal } from './audit-log.ts';
import { NO_DIGEST, sealText, sha256 } from './seal-text.ts';

/** Any number nobody else uses as an advisory lock: «seal» in hexadecimal. */
const LOCK = 0x7365616c;
const SEALS_PER_READ = 200;

/** The columns as they were when sealing began: one that is added later goes into no seal, so that old ones still agree. */
const SELECT_ROW = `select id::text as id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, event,
       outcome, actor, account_id, client_id, session_uid, request_id, network, reason, detail::text as detail
  from audit`;
const SELECT_SEAL = `select s.number::text, s.first_id::text, s.last_id::text, s.row_count::text, s.digest, s.sealed_at,
       coalesce(p.digest, '${NO_DIGEST}') as previous
  from audit_seal s left join audit_seal p on p.number = s.number - 1`;

type Row = {
  id: string;
  at: string;
  event: string;
  outcome: string;
  actor: string;
  account_id: string | null;
  client_id: string | null;
  session_uid: string | null;
  request_id: string | null;
  network: string | null;
  reason: string | null;
  detail: string | null;
};

type SealRow = {
  number: string;
  first_id: string;
  last_id: string;
  row_count: string;
  digest: string;
  previous: string;
  sealed_at: Date;
};

export type SealOptions = {
  /** A row's id is drawn a moment before its transaction shows: this is far more than that moment. */
  readonly settleSeconds?: number;
  readonly rowsPerSeal?: number;
};

export function postgresAuditSeals(
  database: Database,
  { settleSeconds = 30, rowsPerSeal = 5_000 }: SealOptions = {},
): AuditSeals & AuditEvidence {
  const seals = async (
    queryable: Queryable,
    select: string,
    values: readonly (number | string)[],
  ): Promise<Seal[]> => (await queryable.query<SealRow>(select, values)).map(toSeal);

  const lastSeal = async (queryable: Queryable): Promise<Seal | undefined> =>
    (await seals(queryable, `${SELECT_SEAL} order by s.number desc limit 1`, []))[0];

  /** Up to here every transaction that could add a row has ended; undefined while one has not, or nothing was marked. */
  const settled = async (tx: Queryable, from: number): Promise<number | undefined> => {
    const [mark] = await tx.query<{ last_id: string; foreign: boolean; reached: boolean }>(
      `select last_id::text, horizon > pg_snapshot_xmax(pg_current_snapshot()) as foreign,
              horizon <= pg_snapshot_xmin(pg_current_snapshot())
                and set_at <= clock_timestamp() - make_interval(secs => $1) as reached
         from audit_seal_mark`,
      [settleSeconds],
    );
    // Restored into another server, transactions count anew.
    if (mark && !mark.foreign && Number(mark.last_id) >= from) {
      return mark.reached ? Number(mark.last_id) : undefined;
    }
    await tx.query('delete from audit_seal_mark');
    await tx.query(
      `insert into audit_seal_mark (last_id, horizon, set_at)
       select max(id), pg_snapshot_xmax(pg_current_snapshot()), clock_timestamp() from audit having max(id) >= $1`,
      [from],
    );
    return undefined;
  };

  return {
    async sealNext() {
      return database.transaction(async (tx) => {
        const [lock] = await tx.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [
          LOCK,
        ]);
        if (!lock?.mine) return undefined;
        const before = await lastSeal(tx);
        const firstId = (before?.lastId ?? 0) + 1;
        const until = await settled(tx, firstId);
        if (until === undefined) return undefined;
        const found = await tx.query<Row>(
          `${SELECT_ROW} where audit.id between $1 and $2 order by audit.id limit $3`,
          [firstId, until, rowsPerSeal],
        );
        const last = found.at(-1);
        if (!last) return undefined;
        const seal = {
          number: (before?.number ?? 0) + 1,
          previous: before?.digest ?? NO_DIGEST,
          firstId,
          lastId: Number(last.id),
          rows: found.length,
        };
        const digest = sha256(sealText(seal, found.map(toAuditRow)));
        const [made] = await tx.query<{ sealed_at: Date }>(
          `insert into audit_seal (number, first_id, last_id, row_count, digest) values ($1, $2, $3, $4, $5)
           returning sealed_at`,
          [seal.number, firstId, seal.lastId, seal.rows, digest],
        );
        return made && { ...seal, digest, sealedAt: made.sealed_at };
      });
    },

    async entriesOf(accountId, until) {
      const found = await database.query<Row>(
        `${SELECT_ROW} where account_id = $1 and audit.at <= $2 order by audit.id`,
        [accountId, until],
      );
      return found.map(toAuditRow);
    },

    async entriesOfSignings(wanted) {
      const found =
        'ids' in wanted
          ? await database.query<Row>(
              `${SELECT_ROW} where detail ->> 'signing' = any ($1) order by audit.id`,
              [wanted.ids],
            )
          : await database.query<Row>(
              `${SELECT_ROW} where detail ->> 'signing' is not null and audit.id > $1 order by audit.id limit $2`,
              [wanted.afterId, wanted.limit],
            );
      return found.map(toAuditRow);
    },

    async sealOver(id) {
      return (await seals(database, `${SELECT_SEAL} where $1 between s.first_id and s.last_id`, [id]))[0];
    },

    async sealText(seal) {
      const found = await database.query<Row>(
        `${SELECT_ROW} where audit.id between $1 and $2 order by audit.id`,
        [seal.firstId, seal.lastId],
      );
      return { text: sealText(seal, found.map(toAuditRow)), rows: found.length };
    },

    async *seals() {
      for (let last = 0; ; ) {
        const found = await seals(
          database,
          `${SELECT_SEAL} where s.number > $1 order by s.number limit ${SEALS_PER_READ}`,
          [last],
        );
        if (found.length === 0) return;
        yield* found;
        last = found.at(-1)?.number ?? last;
      }
    },

    lastSeal: () => lastSeal(database),

    async unsealed(seconds) {
      const [row] = await database.query<{ rows: number; first_id: string | null }>(
        `select count(*)::integer as rows, min(id)::text as first_id from audit
          where id > coalesce((select max(last_id) from audit_seal), 0)
            and at < now() - make_interval(secs => $1)`,
        [seconds],
      );
      return { rows: row?.rows ?? 0, firstId: row?.first_id ?? undefined };
    },
  };
}

function toAuditRow(row: Row): AuditRow {
  const { id, at, event, outcome, actor, account_id, client_id, session_uid, request_id, network } = row;
  return [
    ...([id, at, event, outcome, actor] as const),
    ...[account_id, client_id, session_uid, request_id, network, row.reason, row.detail],
  ];
}

function toSeal(row: SealRow): Seal {
  return {
    number: Number(row.number),
    firstId: Number(row.first_id),
    lastId: Number(row.last_id),
    rows: Number(row.row_count),
    previous: row.previous,
    digest: row.digest,
    sealedAt: row.sealed_at,
  };
}
