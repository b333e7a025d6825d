/** Drafts in PostgreSQL, a row per account; what was typed is sealed before it gets here. */
import type { AccountId } from '../account-store/account-store.ts';
import { type Cipher, CipherError } from '../cipher/cipher.ts';
import type { Database } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import { type Draft, type DraftStore, VARIANTS, type Variant } from './draft-store.ts';

const KEPT = '90 days';
/** Long enough to come back for the portal one was on the way to. */
const KEPT_FINISHED = '7 days';
const SWEPT_AT_ONCE = 5_000;

const FORM_COLUMN = { ticket: 'ticket_sealed', application: 'application_sealed' } as const;

const FIND = `select variant, interaction, client_id, ticket_sealed, application_sealed, revision, signing_id, finished_at
                from draft where account_id = $1`;
const FIND_AND_HOLD = `${FIND} for update`;

/** A form as a whole; the other variant's stays. */
const SAVE: Readonly<Record<Variant, string>> = {
  ticket: `insert into draft (account_id, variant, ticket_sealed, revision) values ($1, 'ticket', $2, 1)
           on conflict (account_id) do update
              set variant = 'ticket', ticket_sealed = excluded.ticket_sealed, revision = draft.revision + 1,
                  signing_id = null, finished_at = null, updated_at = now()`,
  application: `insert into draft (account_id, variant, application_sealed, revision) values ($1, 'application', $2, 1)
                on conflict (account_id) do update
                   set variant = 'application', application_sealed = excluded.application_sealed,
                       revision = draft.revision + 1, signing_id = null, finished_at = null, updated_at = now()`,
};

type Row = {
  variant: Variant | null;
  interaction: string | null;
  client_id: string | null;
  ticket_sealed: string | null;
  application_sealed: string | null;
  revision: string | number;
  signing_id: string | null;
  finished_at: Date | null;
};

export function postgresDrafts(database: Database, cipher: Cipher): DraftStore & Sweeper {
  const contextOf = (accountId: AccountId, variant: Variant): string => `draft:${variant}:${accountId}`;

  /** What no key opens any more is typed again; it is no reason to keep anybody out. */
  const open = (sealed: string, context: string): unknown => {
    try {
      return JSON.parse(cipher.open(sealed, context));
    } catch (error) {
      if (error instanceof CipherError) return undefined;
      throw error;
    }
  };

  const toDraft = (accountId: AccountId, row: Row): Draft => {
    const forms = VARIANTS.flatMap((variant) => {
      const sealed = row[FORM_COLUMN[variant]];
      return sealed === null ? [] : [[variant, open(sealed, contextOf(accountId, variant))]];
    });
    return {
      forms: Object.fromEntries(forms),
      revision: Number(row.revision),
      ...(row.variant !== null && { variant: row.variant }),
      ...(row.interaction !== null &&
        row.client_id !== null && { wayBack: { interaction: row.interaction, clientId: row.client_id } }),
      ...(row.signing_id !== null && { signingId: row.signing_id }),
      ...(row.finished_at !== null && { finishedAt: row.finished_at }),
    };
  };

  return {
    async find(accountId, within) {
      const [row] = await (within
        ? within.query<Row>(FIND_AND_HOLD, [accountId])
        : database.query<Row>(FIND, [accountId]));
      return row && toDraft(accountId, row);
    },
    async rememberWayBack(accountId, { interaction, clientId }) {
      await database.query(
        `insert into draft (account_id, interaction, client_id) values ($1, $2, $3)
         on conflict (account_id) do update
            set interaction = excluded.interaction, client_id = excluded.client_id, updated_at = now()`,
        [accountId, interaction, clientId],
      );
    },
    async choose(accountId, variant) {
      await database.query(
        `insert into draft (account_id, variant) values ($1, $2)
         on conflict (account_id) do update set variant = excluded.variant, updated_at = now()`,
        [accountId, variant],
      );
    },
    async save(accountId, variant, form) {
      const sealed = cipher.seal(JSON.stringify(form), contextOf(accountId, variant));
      await database.query(SAVE[variant], [accountId, sealed]);
    },
    async attachSigning(accountId, revision, signingId) {
      const rows = await database.query(
        `update draft set signing_id = $3, updated_at = now()
          where account_id = $1 and revision = $2 returning account_id`,
        [accountId, revision, signingId],
      );
      return rows.length === 1;
    },
    async finish(accountId, within, kept) {
      await within.query(
        `update draft
            set ticket_sealed = null, application_sealed = case when $2 then application_sealed end, signing_id = null, revision = revision + 1,
                finished_at = now(), updated_at = now()
          where account_id = $1`,
        [accountId, kept === 'application'],
      );
    },
    async reopen(accountId, within) {
      await within.query(
        `update draft
            set variant = case when finished_at is null then variant else 'application' end, finished_at = null,
                updated_at = now()
          where account_id = $1 and application_sealed is not null`,
        [accountId],
      );
    },
    async forgetApplication(accountId, within) {
      await within.query('update draft set application_sealed = null where account_id = $1', [accountId]);
    },
    async sweep() {
      const rows = await database.query(
        `delete from draft where account_id in
           (select account_id from draft
             where updated_at < now() - interval '${KEPT}'
                or (finished_at < now() - interval '${KEPT_FINISHED}' and application_sealed is null)
             limit ${SWEPT_AT_ONCE})
         returning account_id`,
      );
      return rows.length;
    },
  };
}
