/** Offices and visits in PostgreSQL. */
import { randomUUID } from 'node:crypto';
import type { Database, Queryable, Value } from '../database/database.ts';
import type { Office, OfficeStore, OrganisationKind, WorkplaceVisits } from './office-store.ts';

/** Sessions live 12 hours; a visit older than that keeps nobody awake. */
const VISIT_DAYS = 1;

type OrganisationRow = {
  organisation_id: string;
  kind: OrganisationKind;
  path: string;
  short_name: string;
  closed: boolean;
};

type OfficeRow = OrganisationRow & {
  id: string;
  account_id: string;
  role: Office['role'];
  granted_at: Date;
  undertaken_at: Date | null;
  undertaken_how: 'signed' | 'paper' | null;
};

const ORGANISATION = `o.id as organisation_id, o.kind, o.path, o.short_name, o.closed_at is not null as closed`;
const STANDING = `select f.id, f.account_id, f.role, f.granted_at, f.undertaken_at, f.undertaken_how, ${ORGANISATION}
                    from office f join organisation o on o.id = f.organisation_id
                   where f.revoked_at is null`;
const OF = { name: 'offices-of', text: `${STANDING} and f.account_id = $1 order by o.path, f.id` };
const AT = { name: 'offices-at', text: `${STANDING} and f.organisation_id = $1 order by f.granted_at, f.id` };
const SEATED = {
  name: 'account-seated',
  text: `select exists (select from office where account_id = $1 and revoked_at is null)
             or exists (select from staff_role where account_id = $1) as seated`,
};
const PLACE = {
  name: 'organisation-placed',
  text: `select ${ORGANISATION} from organisation o where o.id = $1 and o.kind is not null`,
};

export function postgresOffices(database: Database): OfficeStore {
  return {
    async organisation(id) {
      const [row] = await database.query<OrganisationRow>(PLACE, [id]);
      return row && toOrganisation(row);
    },
    async of(accountId, within = database) {
      return (await within.query<OfficeRow>(OF, [accountId])).map(toOffice);
    },
    async isSeated(accountId) {
      const [row] = await database.query<{ seated: boolean }>(SEATED, [accountId]);
      return row?.seated ?? false;
    },
    async at(organisationId, within = database) {
      return (await within.query<OfficeRow>(AT, [organisationId])).map(toOffice);
    },
    async grant({ accountId, organisationId, role, by }, within = database) {
      const [row] = await within.query<{ id: string }>(
        `insert into office (id, account_id, organisation_id, role, granted_by) values ($1, $2, $3, $4, $5)
         on conflict do nothing returning id`,
        [randomUUID(), accountId, organisationId, role, by],
      );
      return row?.id;
    },
    undertake(id, { how, at, by }, within = database) {
      return isChanged(
        within,
        `update office set undertaken_at = $2, undertaken_how = $3, undertaken_by = $4
          where id = $1 and undertaken_at is null and revoked_at is null returning id`,
        [id, at, how, by],
      );
    },
    revoke(id, by, within = database) {
      return isChanged(
        within,
        `with ended as (
           update office set revoked_at = now(), revoked_by = $2 where id = $1 and revoked_at is null
           returning id, account_id, organisation_id
         ), voided as (
           update office_credential c set voided_at = now(), voided_by = $2, sealed = null from ended e
            where c.organisation_id = e.organisation_id and c.issued_at is not null and c.used_at is null
              and c.voided_at is null
              and c.email_key in (select value from identifier where account_id = e.account_id and kind = 'email')
         )
         select id from ended`,
        [id, by],
      );
    },
  };
}

export function postgresVisits(database: Database): WorkplaceVisits & { sweep(): Promise<number> } {
  return {
    keepAwake(sessionUid, since, idleSeconds) {
      return isChanged(
        database,
        `insert into workplace_visit as v (session_uid, seen_at)
         select $1, now() where $2::timestamptz > now() - make_interval(secs => $3)
             or exists (select from workplace_visit where session_uid = $1)
         on conflict (session_uid) do update set seen_at = now()
           where v.seen_at > now() - make_interval(secs => $3) or $2::timestamptz > now() - make_interval(secs => $3)
         returning session_uid`,
        [sessionUid, since, idleSeconds],
      );
    },
    async sweep() {
      const rows = await database.query(
        `delete from workplace_visit where seen_at < now() - make_interval(days => ${VISIT_DAYS}) returning 1`,
      );
      return rows.length;
    },
  };
}

async function isChanged(within: Queryable, text: string, values: readonly Value[]): Promise<boolean> {
  return (await within.query(text, values)).length === 1;
}

function toOrganisation(row: OrganisationRow): Office['organisation'] {
  const { organisation_id: id, kind, path, short_name: shortName, closed } = row;
  return { id, kind, path, shortName, closed };
}

function toOffice(row: OfficeRow): Office {
  const { undertaken_at: at, undertaken_how: how } = row;
  return {
    id: row.id,
    accountId: row.account_id,
    role: row.role,
    organisation: toOrganisation(row),
    grantedAt: row.granted_at,
    ...(at !== null && how !== null && { undertaken: { at, how } }),
  };
}
