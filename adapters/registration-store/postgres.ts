/** Registrations in PostgreSQL. A lock per address puts those who confirm one at the same time in a line. */
import type { Database, Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { NewRegistration, Registration, RegistrationStore } from './registration-store.ts';

const KEPT = '7 days';
const SWEPT_AT_ONCE = 5_000;

const COLUMNS = `id, email_key, email, password_hash, locale, terms_version, interaction, client_id, device, network,
                 created_at, confirmed_at, confirmed_by, void_at`;

type Row = {
  id: string;
  email_key: string;
  email: string;
  password_hash: string | null;
  locale: 'ru' | 'en';
  terms_version: string;
  interaction: string | null;
  client_id: string | null;
  device: string;
  network: string;
  created_at: Date;
  confirmed_at: Date | null;
  confirmed_by: string | null;
  void_at: Date | null;
};

export function postgresRegistrations(database: Database): RegistrationStore & Sweeper {
  return {
    async add(registration: NewRegistration, within: Queryable = database) {
      const { id, email, passwordHash, locale, termsVersion, wayBack, device, network } = registration;
      await within.query(
        `insert into registration (id, email_key, email, password_hash, locale, terms_version, interaction, client_id,
                                   device, network)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          id,
          email.key,
          email.original,
          passwordHash,
          locale,
          termsVersion,
          wayBack?.interaction ?? null,
          wayBack?.clientId ?? null,
          device,
          network,
        ],
      );
    },

    async find(id) {
      const [row] = await database.query<Row>(
        `select ${COLUMNS} from registration where id = $1 and created_at > now() - interval '${KEPT}'`,
        [id],
      );
      return row && toRegistration(row);
    },

    async readdress(id, email, within) {
      const rows = await within.query(
        `update registration set email_key = $2, email = $3
          where id = $1 and password_hash is not null and created_at > now() - interval '${KEPT}'
        returning id`,
        [id, email.key, email.original],
      );
      return rows.length === 1;
    },

    async confirm(id, confirmedBy, within) {
      await within.query(
        `select pg_advisory_xact_lock(hashtextextended('registration:' || email_key, 6))
           from registration where id = $1`,
        [id],
      );
      const [row] = await within.query<Row>(
        `select ${COLUMNS} from registration
          where id = $1 and password_hash is not null and created_at > now() - interval '${KEPT}'
            for update`,
        [id],
      );
      if (!row || row.password_hash === null) return undefined;
      await within.query(
        `update registration
            set password_hash = null,
                confirmed_at = case when id = $1 then now() end,
                confirmed_by = case when id = $1 then $3 end,
                void_at = case when id <> $1 then now() end
          where email_key = $2 and password_hash is not null`,
        [id, row.email_key, confirmedBy],
      );
      return { ...toRegistration(row), state: 'confirmed', confirmedBy, passwordHash: row.password_hash };
    },

    async disown(id, within) {
      const rows = await within.query(
        `update registration set password_hash = null, void_at = now()
          where id = $1 and password_hash is not null returning id`,
        [id],
      );
      return rows.length === 1;
    },

    async sweep() {
      const rows = await database.query(
        `delete from registration where id in
           (select id from registration where created_at < now() - interval '${KEPT}' limit ${SWEPT_AT_ONCE})
         returning id`,
      );
      return rows.length;
    },
  };
}

function toRegistration(row: Row): Registration {
  return {
    id: row.id,
    email: { key: row.email_key, original: row.email },
    locale: row.locale,
    termsVersion: row.terms_version,
    ...(row.interaction !== null &&
      row.client_id !== null && { wayBack: { interaction: row.interaction, clientId: row.client_id } }),
    device: row.device,
    network: row.network,
    state: row.confirmed_at ? 'confirmed' : row.void_at ? 'void' : 'open',
    createdAt: row.created_at,
    ...(row.confirmed_at !== null && { confirmedAt: row.confirmed_at }),
    ...(row.confirmed_by !== null && { confirmedBy: row.confirmed_by }),
  };
}
