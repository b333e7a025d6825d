/** Links in PostgreSQL. The unique index of `identifier` decides whose an identity is. */
import { AccountGone, type AccountStatus, IdentifierTaken } from '../account-store/account-store.ts';
import type { Database, Queryable, Value } from '../database/database.ts';
import type { IdentityKey } from '../identity.ts';
import type { Link, LinkStore, ToldPerson } from './link-store.ts';

const OWNER = {
  name: 'link-owner',
  text: `select a.id, a.status from identifier i join account a on a.id = i.account_id
          where i.kind = $1 and i.value = $2`,
};

type LinkRow = {
  issuer: string;
  subject: string;
  account_id: string;
  upstream: string;
  linked_at: Date;
  used_at: Date;
  family_name: string | null;
  given_name: string | null;
  middle_name: string | null;
  birthdate: string | null;
  email: string | null;
  confirmed: boolean;
};

export function postgresLinks(database: Database): LinkStore {
  return {
    async ownerOf({ issuer, subject }) {
      const [row] = await database.query<{ id: string; status: AccountStatus }>(OWNER, [issuer, subject]);
      return row && { accountId: row.id, status: row.status };
    },
    async linksOf(id, within = database) {
      const rows = await within.query<LinkRow>(
        `select issuer, subject, account_id, upstream, linked_at, used_at,
                family_name, given_name, middle_name, birthdate, email, confirmed
           from linked_identity where account_id = $1 order by linked_at, issuer`,
        [id],
      );
      return rows.map(toLink);
    },
    async link(id, upstream, key, told, within) {
      // Two links of one account take turns; nothing is written before it is certain that it may be.
      const [account] = await within.query<{ status: AccountStatus }>(
        'select status from account where id = $1 for no key update',
        [id],
      );
      if (!account || account.status === 'closed') throw new AccountGone();
      const [own] = await within.query<{ subject: string }>(
        'select subject from linked_identity where account_id = $1 and issuer = $2',
        [id, key.issuer],
      );
      if (own?.subject === key.subject) return false;
      if (own || !(await takeDoor(id, key, within))) throw new IdentifierTaken();
      await within.query(
        `insert into linked_identity (issuer, subject, account_id, upstream,
                family_name, given_name, middle_name, birthdate, email, confirmed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [key.issuer, key.subject, id, upstream, ...columnsOf(told)],
      );
      return true;
    },
    async refresh({ issuer, subject }, told, within = database) {
      await within.query(
        `update linked_identity
            set family_name = $3, given_name = $4, middle_name = $5, birthdate = $6, email = $7, confirmed = $8,
                used_at = now()
          where issuer = $1 and subject = $2`,
        [issuer, subject, ...columnsOf(told)],
      );
    },
    async wasUnlinked(id, { issuer, subject }) {
      const [row] = await database.query(
        'select from former_link where issuer = $1 and subject = $2 and account_id = $3 limit 1',
        [issuer, subject, id],
      );
      return row !== undefined;
    },
    async unlink(id, { issuer, subject }, within) {
      const rows = await within.query(
        `insert into former_link (issuer, subject, account_id, upstream, linked_at)
         select issuer, subject, account_id, upstream, linked_at from linked_identity
          where account_id = $1 and issuer = $2 and subject = $3 for update
         returning id`,
        [id, issuer, subject],
      );
      if (rows.length === 0) return false;
      await within.query('delete from identifier where account_id = $1 and kind = $2 and value = $3', [
        ...[id, issuer, subject],
      ]);
      return true;
    },
  };
}

/** False when it is somebody's already; the transaction goes on whole. */
async function takeDoor(id: string, { issuer, subject }: IdentityKey, within: Queryable): Promise<boolean> {
  const taken = await within.query(
    `insert into identifier (kind, value, account_id, original, confirmed_at)
     values ($1, $2, $3, $2, now()) on conflict (kind, value) do nothing returning account_id`,
    [issuer, subject, id],
  );
  return taken.length === 1;
}

function columnsOf({ family, given, middle, birthdate, email, confirmed }: ToldPerson): readonly Value[] {
  return [family ?? null, given ?? null, middle ?? null, birthdate ?? null, email ?? null, confirmed];
}

function toLink(row: LinkRow): Link {
  return {
    issuer: row.issuer,
    subject: row.subject,
    accountId: row.account_id,
    upstream: row.upstream,
    linkedAt: row.linked_at,
    usedAt: row.used_at,
    told: {
      ...(row.family_name !== null && { family: row.family_name }),
      ...(row.given_name !== null && { given: row.given_name }),
      ...(row.middle_name !== null && { middle: row.middle_name }),
      ...(row.birthdate !== null && { birthdate: row.birthdate }),
      ...(row.email !== null && { email: row.email }),
      confirmed: row.confirmed,
    },
  };
}
