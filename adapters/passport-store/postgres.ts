/** Passports in PostgreSQL: some of the values stand at the organisation, where others look for them. */
import type { Database, Queryable, Value } from '../database/database.ts';
import type {
  Passport,
  PassportField,
  PassportStore,
  PassportTab,
  PassportValues,
} from './passport-store.ts';
import { PASSPORT_FIELDS, PASSPORT_TABS } from './passport-store.ts';

type Place = { readonly table: 'organisation' | 'passport'; readonly column: string };
type Row = { organisation_id: string; changed_at: Date | null } & Record<string, string | number | null>;

const organisation = (column: string): Place => ({ table: 'organisation', column });
const passport = (column: string): Place => ({ table: 'passport', column });

const PLACES: Readonly<Record<PassportField, Place>> = {
  inpo: passport('inpo'),
  inpoAssignedOn: passport('inpo_assigned_on'),
  createdOn: passport('created_on'),
  creationDocument: passport('creation_document'),
  registeredOn: passport('registered_on'),
  registrationDocument: passport('registration_document'),
  ogrn: passport('ogrn'),
  name: organisation('name'),
  shortName: organisation('short_name'),
  inn: organisation('inn'),
  institutionType: passport('institution_type'),
  workers: passport('workers'),
  learners: passport('learners'),
  chair: passport('chair'),
  board: passport('board'),
  auditCommission: passport('audit_commission'),
  town: organisation('town'),
  postalAddress: passport('postal_address'),
  legalAddress: passport('legal_address'),
  phone: organisation('phone'),
  morePhones: passport('more_phones'),
  email: organisation('email'),
  site: passport('site'),
};
const FIELDS = Object.keys(PLACES) as PassportField[];

const COLUMNS = [
  ...FIELDS.map((field) => `${PLACES[field].table === 'passport' ? 'p' : 'o'}.${PLACES[field].column}`),
  ...PASSPORT_TABS.map((tab) => `coalesce(p.${tab}_version, 0) as ${tab}_version`),
].join(', ');

/** `wordsOf`: by which words an organisation is found. */
export function postgresPassports(
  database: Database,
  wordsOf: (organisation: {
    readonly name: string;
    readonly shortName: string;
    readonly town?: string | undefined;
    readonly inn?: string | undefined;
  }) => readonly string[],
): PassportStore {
  const passports = async (ids: readonly string[], within: Queryable): Promise<readonly Passport[]> => {
    const rows = await within.query<Row>(
      `select o.id as organisation_id, p.changed_at, ${COLUMNS}
         from organisation o left join passport p on p.organisation_id = o.id where o.id = any($1)`,
      [[...ids]],
    );
    return rows.map(toPassport);
  };

  return {
    passports: (ids, within = database) => passports(ids, within),

    async save(organisationId, tab, { version, values, by }, within) {
      const own = PASSPORT_FIELDS[tab].filter((field) => PLACES[field].table === 'passport');
      const columns = own.map((field) => PLACES[field].column);
      await within.query(
        `insert into passport (organisation_id, changed_by) values ($1, $2) on conflict (organisation_id) do nothing`,
        [organisationId, by],
      );
      const saved = await within.query(
        `update passport
            set ${[...columns.map((column, at) => `${column} = $${at + 4}`)].join(', ')},
                ${tab}_version = ${tab}_version + 1, changed_at = now(), changed_by = $2
          where organisation_id = $1 and ${tab}_version = $3 returning 1`,
        [organisationId, by, version, ...own.map((field) => columnValue(values, field))],
      );
      if (saved.length === 0) return false;
      await saveAtOrganisation(within, organisationId, tab, values);
      return true;
    },
  };

  async function saveAtOrganisation(
    within: Queryable,
    organisationId: string,
    tab: PassportTab,
    values: PassportValues,
  ): Promise<void> {
    const atOrganisation = PASSPORT_FIELDS[tab].filter((field) => PLACES[field].table === 'organisation');
    if (atOrganisation.length === 0) return;
    await within.query(
      `update organisation set ${atOrganisation.map((field, at) => `${PLACES[field].column} = $${at + 2}`).join(', ')}
        where id = $1`,
      [organisationId, ...atOrganisation.map((field) => columnValue(values, field))],
    );
    const [now] = await passports([organisationId], within);
    const { name = '', shortName = '', town, inn } = now?.values ?? {};
    await within.query('update organisation set search_words = $2 where id = $1', [
      organisationId,
      wordsOf({ name, shortName, town, inn }),
    ]);
  }
}

function columnValue(values: PassportValues, field: PassportField): Value {
  const value = values[field];
  if (value === undefined) return null;
  return field === 'workers' || field === 'learners' ? Number(value) : value;
}

function toPassport({ organisation_id, changed_at, ...row }: Row): Passport {
  const valued = FIELDS.flatMap((field) => {
    const value = row[PLACES[field].column];
    return value === null || value === undefined ? [] : [[field, String(value)] as const];
  });
  return {
    organisationId: organisation_id,
    values: Object.fromEntries(valued),
    versions: Object.fromEntries(
      PASSPORT_TABS.map((tab) => [tab, Number(row[`${tab}_version`])]),
    ) as Passport['versions'],
    ...(changed_at !== null && { changedAt: changed_at }),
  };
}
