/** Credentials in PostgreSQL: keyed hashes of the one-time passwords, sealed ones for an hour at most. */
import { createHmac } from 'node:crypto';
import type { Cipher } from '../cipher/cipher.ts';
import type { Database, Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type {
  Batch,
  Credential,
  CredentialDesk,
  CredentialDoor,
  CredentialPress,
  OpenedCredential,
} from './credential-store.ts';

const SHEET_LASTS = '1 hour';
const DRAFT_LASTS = '1 day';
/** Long enough to see that somebody never came. */
const ENDED_KEPT = '90 days';
const SWEPT_AT_ONCE = 5_000;

type Row = {
  id: string;
  batch_id: string;
  organisation_id: string;
  organisation_name: string;
  role: Credential['role'];
  way: Credential['way'];
  issued_by: string;
  email_key: string;
  email: string;
  family_name: string;
  given_name: string;
  middle_name: string | null;
  issued_at: Date | null;
  expires_at: Date | null;
};

type BatchRow = {
  id: string;
  organisation_id: string;
  issued_by: string;
  way: Batch['way'];
  created_at: Date;
  started_at: Date | null;
  total: string;
  issued: string;
  sealed: string;
};

const COLUMNS = `c.id, c.batch_id, c.organisation_id, o.short_name as organisation_name, c.role, b.way, b.issued_by,
                 c.email_key, c.email, c.family_name, c.given_name, c.middle_name, c.issued_at, c.expires_at`;
const FROM = `from office_credential c join credential_batch b on b.id = c.batch_id
                                       join organisation o on o.id = c.organisation_id`;
const STANDS = 'c.issued_at is not null and c.used_at is null and c.voided_at is null';
const GOOD = `${STANDS} and c.expires_at > now()`;

/** `key`: whoever has the table but not the key has nothing to try passwords on. */
export function postgresCredentials(
  database: Database,
  cipher: Cipher,
  key: Buffer,
): CredentialDesk & CredentialPress & CredentialDoor & Sweeper {
  const hashOf = (password: string): Buffer =>
    createHmac('sha256', key).update(`credential:${password}`).digest();
  const contextOf = (id: string): string => `credential:${id}`;
  const read = async (within: Queryable, rest: string, values: readonly (string | number | Buffer)[]) =>
    (await within.query<Row>(`select ${COLUMNS} ${FROM} where ${rest}`, values)).map(toCredential);

  return {
    async draft({ id, organisationId, by, way }, credentials, within) {
      await within.query(
        'insert into credential_batch (id, organisation_id, issued_by, way) values ($1, $2, $3, $4)',
        [id, organisationId, by, way],
      );
      for (const [place, { email, name, ...credential }] of credentials.entries()) {
        await within.query(
          `insert into office_credential (id, batch_id, place, organisation_id, role, email_key, email,
                                          family_name, given_name, middle_name)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
          [
            ...[credential.id, id, place, credential.organisationId, credential.role],
            ...[email.key, email.original, name.family, name.given, name.middle ?? null],
          ],
        );
      }
    },
    async batch(organisationId, id) {
      const [row] = await database.query<BatchRow>(
        `select b.id, b.organisation_id, b.issued_by, b.way, b.created_at, b.started_at,
                count(c.id) as total, count(c.issued_at) as issued, count(c.sealed) as sealed
           from credential_batch b left join office_credential c on c.batch_id = b.id
          where b.id = $1 and b.organisation_id = $2 group by b.id`,
        [id, organisationId],
      );
      return row && toBatch(row);
    },
    listed: (batchId, limit) => read(database, 'c.batch_id = $1 order by c.place limit $2', [batchId, limit]),
    async start(organisationId, batchId, within) {
      const rows = await within.query(
        `update credential_batch set started_at = now()
          where id = $1 and organisation_id = $2 and started_at is null returning id`,
        [batchId, organisationId],
      );
      return rows.length === 1;
    },
    async takeSheets(organisationId, batchId, within) {
      const rows = await within.query<Row & { sealed: string }>(
        `with taken as (
           select c.id, c.sealed from office_credential c join credential_batch b on b.id = c.batch_id
            where b.id = $1 and b.organisation_id = $2 and c.sealed is not null
              and c.issued_at > now() - interval '${SHEET_LASTS}' and c.voided_at is null
              for update of c
         ), emptied as (
           update office_credential c set sealed = null from taken where c.id = taken.id returning c.id
         )
         select ${COLUMNS}, taken.sealed ${FROM} join taken on taken.id = c.id join emptied on emptied.id = c.id
          order by c.place`,
        [batchId, organisationId],
      );
      return rows.map((row) => ({
        ...toCredential(row),
        password: cipher.open(row.sealed, contextOf(row.id)),
      }));
    },
    standing: (organisationId) =>
      read(database, `c.organisation_id = $1 and ${STANDS} order by c.issued_at, c.id`, [organisationId]),
    async void(organisationId, id, by, within) {
      const rows = await within.query(
        `update office_credential c set voided_at = now(), voided_by = $3, sealed = null
          where c.id = $1 and c.organisation_id = $2 and ${STANDS} returning c.id`,
        [id, organisationId, by],
      );
      return rows.length === 1;
    },

    due: (batchId, limit) =>
      read(
        database,
        `c.batch_id = $1 and c.issued_at is null and c.voided_at is null and b.started_at is not null
          order by c.place limit $2`,
        [batchId, limit],
      ),
    async issue({ id, organisationId, email, issuedBy, way }, password, days, within) {
      const [waiting] = await within.query(
        `select id from office_credential where id = $1 and issued_at is null and voided_at is null for update`,
        [id],
      );
      if (!waiting) return false;
      await within.query(
        `update office_credential c set voided_at = now(), voided_by = $3, sealed = null
          where c.organisation_id = $1 and c.email_key = $2 and ${STANDS}`,
        [organisationId, email.key, issuedBy],
      );
      await within.query(
        `update office_credential
            set issued_at = now(), expires_at = now() + make_interval(days => $3), secret_hash = $2, sealed = $4
          where id = $1`,
        [id, hashOf(password), days, way === 'sheet' ? cipher.seal(password, contextOf(id)) : null],
      );
      return true;
    },

    async openedBy(emailKey, password) {
      const [found] = await database.query<OpenedCredential>(
        `select id, case when voided_at is not null then 'void' when expires_at <= now() then 'expired'
                         else 'good' end as state
           from office_credential where email_key = $1 and secret_hash = $2 and issued_at is not null`,
        [emailKey, hashOf(password)],
      );
      return found;
    },
    async find(id, within = database) {
      const [found] = await read(within, `c.id = $1 and ${GOOD}`, [id]);
      return found;
    },
    waitingFor: (emailKey) => read(database, `c.email_key = $1 and ${GOOD} order by c.issued_at`, [emailKey]),
    async use(id, within) {
      const rows = await within.query(
        `update office_credential c
            set used_at = now(), sealed = null, email_key = null, email = null,
                family_name = null, given_name = null, middle_name = null
          where c.id = $1 and ${GOOD} returning c.id`,
        [id],
      );
      return rows.length === 1;
    },

    async sweep() {
      const emptied = await database.query(
        `update office_credential set sealed = null
          where sealed is not null and issued_at < now() - interval '${SHEET_LASTS}' returning id`,
      );
      const drafts = await database.query(
        `delete from credential_batch
          where started_at is null and created_at < now() - interval '${DRAFT_LASTS}' returning id`,
      );
      const ended = await database.query(
        `delete from office_credential where id in
           (select id from office_credential
             where used_at is null and expires_at < now() - interval '${ENDED_KEPT}' limit ${SWEPT_AT_ONCE})
         returning id`,
      );
      return emptied.length + drafts.length + ended.length;
    },
  };
}

function toCredential(row: Row): Credential {
  return {
    ...{ id: row.id, batchId: row.batch_id, role: row.role, way: row.way, issuedBy: row.issued_by },
    ...{ organisationId: row.organisation_id, organisationName: row.organisation_name },
    email: { key: row.email_key, original: row.email },
    name: {
      ...{ family: row.family_name, given: row.given_name },
      ...(row.middle_name !== null && { middle: row.middle_name }),
    },
    ...(row.issued_at && { issuedAt: row.issued_at }),
    ...(row.expires_at && { expiresAt: row.expires_at }),
  };
}

function toBatch(row: BatchRow): Batch {
  return {
    ...{ id: row.id, organisationId: row.organisation_id, by: row.issued_by, way: row.way },
    ...{ total: Number(row.total), issued: Number(row.issued), sealed: Number(row.sealed) },
    createdAt: row.created_at,
    ...(row.started_at && { startedAt: row.started_at }),
  };
}
