/** The onboarding of chairs in PostgreSQL: read by the paths of organisations. */
import type { Database } from '../database/database.ts';
import { LIVE } from '../member-tickets/give-ticket.ts';
import type { Office } from '../office-store/office-store.ts';
import {
  type ChecklistItem,
  ITEMS_OF_GUIDES,
  itemsFor,
  type OfficerBelow,
  type OnboardingBook,
  type OrganisationBelow,
  type PlacedBelow,
  type Tick,
} from './onboarding.ts';

const BELOW = `o.path ^@ $1 and o.path <> $1 and o.kind in ('territorial', 'primary') and o.closed_at is null`;
const DONE = `(select k.item from office_checklist k where k.office_id = f.id
               union select g.guide from guide_read g
                where g.account_id = f.account_id and g.guide in ('${ITEMS_OF_GUIDES.join("', '")}'))`;
const PASSPORT = `exists (select from passport p
   where p.organisation_id = o.id
     and least(p.inpo_version, p.registration_version, p.organisation_version, p.contacts_version) > 0)`;
/** Her chair has given the undertaking, and everything on the list is done. */
const FINISHED = `(exists (
  select from office f
   where f.organisation_id = o.id and f.role = 'chair' and f.revoked_at is null and f.undertaken_at is not null
     and (select count(*) from ${DONE} done where not $2 or done.item in ('${itemsFor(true).join("', '")}'))
         = case when $2 then ${itemsFor(true).length} else ${itemsFor(false).length} end)
  and (not $2 or o.kind <> 'primary' or ${PASSPORT}))`;

/** One holds the office, or has credentials for it that still open. */
const HAS_CHAIR = `(exists (select from office f
   where f.organisation_id = b.id and f.role = 'chair' and f.revoked_at is null)
  or exists (select from office_credential c
   where c.organisation_id = b.id and c.role = 'chair' and c.issued_at is not null and c.used_at is null
     and c.voided_at is null and c.expires_at > now()))`;

type Counted = 'members' | 'unconsented' | 'unnumbered' | 'ordered' | 'issued';

type BelowRow = Omit<OrganisationBelow, 'officers' | 'waiting' | 'inn'> & { inn: string | null };

type OfficerRow = {
  id: string;
  account_id: string;
  organisation_id: string;
  role: Office['role'];
  family_name: string | null;
  given_name: string | null;
  middle_name: string | null;
  undertaken_at: Date | null;
  undertaken_how: 'signed' | 'paper' | null;
  items: ChecklistItem[];
};

export function postgresOnboarding(database: Database): OnboardingBook {
  const officersAt = async (ids: readonly string[]): Promise<readonly OfficerRow[]> =>
    database.query<OfficerRow>(
      `select f.id, f.account_id, f.organisation_id, f.role, f.undertaken_at, f.undertaken_how,
              a.family_name, a.given_name, a.middle_name,
              array${DONE} as items
         from office f join account a on a.id = f.account_id
        where f.organisation_id = any($1) and f.revoked_at is null
        order by f.role, f.granted_at, f.id`,
      [ids],
    );

  return {
    async below(path, { register, unfinished, after = path, limit }) {
      const organisations = await database.query<BelowRow>(
        `select o.id, o.short_name as name, o.kind, o.inn, o.path, ${PASSPORT} as passport from organisation o
          where ${BELOW} and o.path > $3 and (not $5 or not ${FINISHED})
          order by o.path limit $4`,
        [path, register, after, limit, unfinished],
      );
      const ids = organisations.map(({ id }) => id);
      const officers = await officersAt(ids);
      const waiting = await database.query<{ organisation_id: string; count: string }>(
        `select organisation_id, count(*) from office_credential
          where organisation_id = any($1) and issued_at is not null and used_at is null and voided_at is null
            and expires_at > now()
          group by organisation_id`,
        [ids],
      );
      return organisations.map(({ inn, ...organisation }) => ({
        ...organisation,
        ...(inn !== null && { inn }),
        officers: officers.filter((row) => row.organisation_id === organisation.id).map(toOfficer),
        waiting: Number(waiting.find((row) => row.organisation_id === organisation.id)?.count ?? 0),
      }));
    },
    async progress(path, register) {
      const [row] = await database.query<{ all: string; finished: string }>(
        `select count(*) as all, count(*) filter (where ${FINISHED}) as finished from organisation o
          where ${BELOW}`,
        [path, register],
      );
      return { all: Number(row?.all ?? 0), finished: Number(row?.finished ?? 0) };
    },
    async placed(path, names) {
      const asked = [...new Set(names)];
      const rows = await database.query<PlacedBelow & { asked: string }>(
        `with below as (select o.id, o.inn, o.short_name, o.kind from organisation o where ${BELOW}),
              asked as (select unnest($2::text[]) as name),
              found as (select a.name as asked, b.id from asked a join below b on b.id = a.name
                        union select a.name, b.id from asked a join below b on b.inn = a.name
                        union select a.name, b.id from asked a join below b on lower(b.short_name) = lower(a.name))
         select found.asked, b.id, b.short_name as name, b.kind, ${HAS_CHAIR} as "hasChair"
           from found join below b on b.id = found.id`,
        [path, asked],
      );
      const found = asked.flatMap((name) => {
        const [first, ...others] = rows.filter((row) => row.asked === name);
        // Branches may share an INN, and schools a name: then it names none of them.
        return first && others.length === 0 ? [[name, first] as const] : [];
      });
      return new Map(found.map(([name, { asked: _, ...organisation }]) => [name, organisation]));
    },
    async ticks(officeId) {
      const rows = await database.query<{ item: ChecklistItem; ticked_at: Date; ticked_by: string }>(
        'select item, ticked_at, ticked_by from office_checklist where office_id = $1',
        [officeId],
      );
      return new Map(
        rows.map(({ item, ticked_at: at, ticked_by: by }): [ChecklistItem, Tick] => [item, { at, by }]),
      );
    },
    async records(organisationId) {
      const [row] = await database.query<{ passport: boolean } & Record<Counted, string>>(
        `select ${PASSPORT} as passport,
                (select count(*) from member m where m.organisation_id = o.id and m.membership = 'member') as members,
                (select count(*) from member m
                  where m.organisation_id = o.id and m.membership = 'member'
                    and not exists (select from consent_now c
                                     where c.member_id = m.id and c.type = 'union_pd' and c.in_force)) as unconsented,
                (select count(*) from member m
                  where m.organisation_id = o.id and m.membership = 'member'
                    and not exists (select from ticket t where t.member_id = m.id and t.${LIVE})) as unnumbered,
                (select coalesce(sum(r.tickets), 0) from ticket_order r
                  where r.organisation_id = o.id and r.state <> 'draft') as ordered,
                (select count(*) from ticket_order r join ticket_order_line l on l.order_id = r.id
                  where r.organisation_id = o.id and l.outcome = 'issued') as issued
           from organisation o where o.id = $1`,
        [organisationId],
      );
      return {
        passport: row?.passport === true,
        ...{ members: Number(row?.members ?? 0), unconsented: Number(row?.unconsented ?? 0) },
        unnumbered: Number(row?.unnumbered ?? 0),
        ...{ ordered: Number(row?.ordered ?? 0), issued: Number(row?.issued ?? 0) },
      };
    },
    async tick(officeId, item, done, by, within = database) {
      const rows = done
        ? await within.query(
            `insert into office_checklist (office_id, item, ticked_by)
             select id, $2, $3 from office where id = $1 and revoked_at is null
             on conflict do nothing returning item`,
            [officeId, item, by],
          )
        : await within.query(
            'delete from office_checklist where office_id = $1 and item = $2 returning item',
            [officeId, item],
          );
      return rows.length === 1;
    },
  };
}

function toOfficer(row: OfficerRow): OfficerBelow {
  const { undertaken_at: at, undertaken_how: how } = row;
  const name = [row.family_name, row.given_name, row.middle_name].filter(Boolean).join(' ');
  return {
    ...{ officeId: row.id, accountId: row.account_id, role: row.role, done: new Set(row.items) },
    ...(name !== '' && { name }),
    ...(at !== null && how !== null && { undertaken: { at, how } }),
  };
}
