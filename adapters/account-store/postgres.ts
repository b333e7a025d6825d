/** Accounts in PostgreSQL. Every look-up goes through a unique index. */
import { type Database, isUniqueViolation, type Queryable } from '../database/database.ts';
import {
  type Account,
  AccountGone,
  type AccountRegister,
  type AccountStatus,
  type AccountStore,
  type CredentialStore,
  IdentifierTaken,
  type MembershipState,
  type ServiceRegister,
  type SignOutRegister,
} from './account-store.ts';

const FIND = {
  name: 'account-find',
  text: `select a.id, a.status, a.locale, a.updated_at, a.services_ended_at, a.family_name, a.given_name, a.middle_name, a.phone,
                greatest(a.signed_out_at, (select max(at) from everybody_signed_out)) as signed_out_at,
                e.original as email, m.id as member_id, m.membership, o.id as organisation_id,
                o.short_name, o.region, o.email as organisation_email, o.phone as organisation_phone,
                t.value as ticket,
                p.always_asked_at is not null as always_asked, coalesce(p.mail_counts_at <= now(), false) as mail_counts,
                exists (select from application s
                         where s.account_id = a.id and s.state in ('signed', 'delivered', 'received')) as applying
           from account a
           left join identifier e on e.account_id = a.id and e.kind = 'email' and e.confirmed_at is not null and not e.further
           left join identifier t on t.account_id = a.id and t.kind = 'ticket'
           left join member m on m.id = a.member_id
           left join organisation o on o.id = m.organisation_id
           left join account_protection p on p.account_id = a.id
          where a.id = $1`,
};

const CREDENTIALS = {
  name: 'account-credentials',
  text: `select true as is_account, a.id, a.status, i.confirmed_at is not null as confirmed, p.hash
           from identifier i
           join account a on a.id = i.account_id
           join password p on p.account_id = a.id
          where i.kind = $1 and i.value = $2
         union all
         (select false, r.id, 'new', false, r.password_hash
            from registration r
           where $1 = 'email' and r.email_key = $2 and r.password_hash is not null
             and r.created_at > now() - interval '7 days'
           order by r.created_at desc limit 1)`,
};

type CredentialRow = {
  is_account: boolean;
  id: string;
  status: AccountStatus;
  confirmed: boolean;
  hash: string;
};

type NameColumns = { family_name: string | null; given_name: string | null; middle_name: string | null };

type AccountRow = NameColumns & {
  id: string;
  status: AccountStatus;
  locale: 'ru' | 'en';
  updated_at: Date;
  signed_out_at: Date | null;
  services_ended_at: Date | null;
  family_name: string | null;
  given_name: string | null;
  middle_name: string | null;
  phone: string | null;
  email: string | null;
  member_id: string | null;
  membership: MembershipState;
  organisation_id: string;
  short_name: string;
  region: string;
  organisation_email: string | null;
  organisation_phone: string | null;
  ticket: string | null;
  applying: boolean;
  always_asked: boolean;
  mail_counts: boolean;
};

export function postgresAccounts(
  database: Database,
): AccountStore & CredentialStore & AccountRegister & SignOutRegister & ServiceRegister {
  /** All or nothing; a broken unique index is somebody else's door. */
  const taking = async (within: Queryable | undefined, work: (tx: Queryable) => Promise<void>) => {
    try {
      await (within ? work(within) : database.transaction(work));
    } catch (error) {
      throw isUniqueViolation(error) ? new IdentifierTaken(undefined, { cause: error }) : error;
    }
  };

  return {
    async find(id) {
      const [row] = await database.query<AccountRow>(FIND, [id]);
      return row && toAccount(row);
    },
    async credentialsOf(kind, value) {
      const rows = await database.query<CredentialRow>(CREDENTIALS, [kind, value]);
      const account = rows.find((row) => row.is_account);
      const registration = rows.find((row) => !row.is_account);
      return {
        ...(account && {
          account: {
            accountId: account.id,
            status: account.status,
            confirmed: account.confirmed,
            hash: account.hash,
          },
        }),
        ...(registration && { registration: { id: registration.id, hash: registration.hash } }),
      };
    },
    async passwordOf(id) {
      const [row] = await database.query<{ hash: string }>(
        'select hash from password where account_id = $1',
        [id],
      );
      return row?.hash;
    },
    async passwordSetAt(id) {
      const [row] = await database.query<{ changed_at: Date }>(
        'select changed_at from password where account_id = $1',
        [id],
      );
      return row?.changed_at;
    },
    async replacePassword(id, expected, hash) {
      const rows = await database.query(
        `update password set hash = $3, changed_at = now()
          where account_id = $1 and hash = $2 returning account_id`,
        [id, expected, hash],
      );
      return rows.length === 1;
    },
    async create({ id, locale, email, passwordHash }, within) {
      await taking(within, async (tx) => {
        await tx.query('insert into account (id, locale) values ($1, $2)', [id, locale]);
        await tx.query(
          `insert into identifier (kind, value, account_id, original, confirmed_at)
           values ('email', $1, $2, $3, now())`,
          [email.key, id, email.original],
        );
        await tx.query('insert into password (account_id, hash) values ($1, $2)', [id, passwordHash]);
      });
    },
    async createPasswordless({ id, locale, name, email }, within) {
      await within.query(
        'insert into account (id, locale, family_name, given_name, middle_name) values ($1, $2, $3, $4, $5)',
        [id, locale, name?.family ?? null, name?.given ?? null, name?.middle ?? null],
      );
      if (!email) return;
      await within.query(
        `insert into identifier (kind, value, account_id, original, confirmed_at)
         values ('email', $1, $2, $3, now()) on conflict (kind, value) do nothing`,
        [email.key, id, email.original],
      );
    },
    async ownerOf(kind, value, within = database) {
      const [row] = await within.query<{ account_id: string }>(
        'select account_id from identifier where kind = $1 and value = $2',
        [kind, value],
      );
      return row?.account_id;
    },
    async accountOfMember(memberId, within) {
      const [row] = await within.query<NameColumns & { id: string; ticket: string | null }>(
        `select a.id, a.family_name, a.given_name, a.middle_name, t.value as ticket
           from account a left join identifier t on t.account_id = a.id and t.kind = 'ticket'
          where a.member_id = $1`,
        [memberId],
      );
      return row && { id: row.id, ...toName(row), ...(row.ticket !== null && { ticket: row.ticket }) };
    },
    async bindMember(id, member, name, within) {
      await taking(within, async (tx) => {
        const known = await tx.query(
          `update account set member_id = $2, family_name = $3, given_name = $4, middle_name = $5,
                  updated_at = now()
            where id = $1 and status <> 'closed' returning id`,
          [id, member.id, name.family, name.given, name.middle ?? null],
        );
        if (known.length === 0) throw new AccountGone();
        await tx.query(
          `delete from identifier where kind = 'ticket' and account_id = $1 and value is distinct from $2`,
          [id, member.ticket ?? null],
        );
        if (member.ticket === undefined) return;
        const [own] = await tx.query(
          `select from identifier where kind = 'ticket' and value = $1 and account_id = $2`,
          [member.ticket, id],
        );
        if (own) return;
        await tx.query(
          `insert into identifier (kind, value, account_id, original, confirmed_at)
           values ('ticket', $1, $2, $1, now())`,
          [member.ticket, id],
        );
      });
    },
    async describe(id, name, phone, within = database) {
      await within.query(
        `update account set family_name = $2, given_name = $3, middle_name = $4, phone = coalesce($5, phone),
                updated_at = now()
          where id = $1 and member_id is null and status <> 'closed'`,
        [id, name.family, name.given, name.middle ?? null, phone ?? null],
      );
    },
    async setPassword(id, hash, within = database) {
      await within.query(
        `insert into password (account_id, hash) values ($1, $2)
         on conflict (account_id) do update set hash = excluded.hash, changed_at = now()`,
        [id, hash],
      );
    },
    async endServices(id, within) {
      const rows = await within.query(
        'update account set services_ended_at = now() where id = $1 and services_ended_at is null returning id',
        [id],
      );
      return rows.length === 1;
    },
    async reopenServices(id, within) {
      const rows = await within.query(
        'update account set services_ended_at = null where id = $1 and services_ended_at is not null returning id',
        [id],
      );
      return rows.length === 1;
    },
    async dropPassword(id, within) {
      await within.query('delete from password where account_id = $1', [id]);
    },
    async signOutEverywhere(id, within) {
      const [row] = await within.query<{ signed_out_at: Date }>(
        'update account set signed_out_at = clock_timestamp() where id = $1 returning signed_out_at',
        [id],
      );
      if (!row) throw new RangeError('no such account');
      return row.signed_out_at;
    },
  };
}

function toName(row: NameColumns): Pick<Account, 'name'> {
  const { family_name: family, given_name: given, middle_name: middle } = row;
  if (family === null || given === null) return {};
  return { name: { family, given, ...(middle !== null && { middle }) } };
}

function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    status: row.status,
    locale: row.locale,
    updatedAt: row.updated_at,
    ...(row.signed_out_at !== null && { signedOutAt: row.signed_out_at }),
    ...(row.services_ended_at !== null && { servicesEndedAt: row.services_ended_at }),
    ...toName(row),
    ...(row.email !== null && { verifiedEmail: row.email }),
    ...(row.phone !== null && { phone: row.phone }),
    ...(row.always_asked && { alwaysAsked: { mailCounts: row.mail_counts } }),
    ...(row.applying && { applying: true }),
    ...(row.member_id !== null && {
      member: {
        id: row.member_id,
        membership: row.membership,
        organisation: {
          id: row.organisation_id,
          shortName: row.short_name,
          region: row.region,
          ...(row.organisation_email !== null && { email: row.organisation_email }),
          ...(row.organisation_phone !== null && { phone: row.organisation_phone }),
        },
        ...(row.ticket !== null && { ticket: row.ticket }),
      },
    }),
  };
}
