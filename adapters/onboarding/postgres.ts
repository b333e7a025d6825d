/** The onboarding of chairs in PostgreSQL: read by the paths of organisations. */
import type { Database } from '../database/database.ts';
import type { Office, OrganisationKind } from '../office-store/office-store.ts';
import {
  CHECKLIST_ITEMS,
  type ChecklistItem,
  type OfficerBelow,
  type OnboardingBook,
  type OrganisationBelow,
  type Tick,
} from './onboarding.ts';

const BELOW = `o.path ^@ $1 and o.path <> $1 and o.kind in ('territorial', 'primary') and o.closed_at is null`;
/** Her chair has given the undertaking, and every tick is set. */
const FINISHED = `exists (
  select from office f
   where f.organisation_id = o.id and f.role = 'chair' and f.revoked_at is null and f.undertaken_at is not null
     and (select count(*) from office_checklist k where k.office_id = f.id) = ${CHECKLIST_ITEMS.length})`;

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
              array(select k.item from office_checklist k where k.office_id = f.id) as items
         from office f join account a on a.id = f.account_id
        where f.organisation_id = any($1) and f.revoked_at is null
        order by f.role, f.granted_at, f.id`,
      [ids],
    );

  return {
    async below(path, { unfinished, after = path, limit }) {
      const organisations = await database.query<Omit<OrganisationBelow, 'officers' | 'waiting'>>(
        `select o.id, o.short_name as name, o.kind, o.path from organisation o
          where ${BELOW} and o.path > $2 ${unfinished ? `and not ${FINISHED}` : ''}
          order by o.path limit $3`,
        [path, after, limit],
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
      return organisations.map((organisation) => ({
        ...organisation,
        officers: officers.filter((row) => row.organisation_id === organisation.id).map(toOfficer),
        waiting: Number(waiting.find((row) => row.organisation_id === organisation.id)?.count ?? 0),
      }));
    },
    async progress(path) {
      const [row] = await database.query<{ all: string; finished: string }>(
        `select count(*) as all, count(*) filter (where ${FINISHED}) as finished from organisation o
          where ${BELOW}`,
        [path],
      );
      return { all: Number(row?.all ?? 0), finished: Number(row?.finished ?? 0) };
    },
    async placed(path, idsAndInns) {
      const asked = [...new Set(idsAndInns)];
      const rows = await database.query<{ asked: string; id: string; name: string; kind: OrganisationKind }>(
        `select asked, o.id, o.short_name as name, o.kind
           from unnest($2::text[]) as asked join organisation o on o.id = asked or o.inn = asked
          where ${BELOW}`,
        [path, asked],
      );
      const found = asked.flatMap((name) => {
        const [first, ...others] = rows.filter((row) => row.asked === name);
        // Branches may share an INN: then it names none of them.
        return first && others.length === 0 ? [[name, first] as const] : [];
      });
      return new Map(
        found.map(([name, { id, name: shortName, kind }]) => [name, { id, name: shortName, kind }]),
      );
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
    ...{ officeId: row.id, accountId: row.account_id, role: row.role, ticks: new Set(row.items) },
    ...(name !== '' && { name }),
    ...(at !== null && how !== null && { undertaken: { at, how } }),
  };
}
