/** The register kept by ourselves: the tables the importer fills, the applications it has taken, and its change log. */
import type { Cipher } from '../cipher/cipher.ts';
import type { Database } from '../database/database.ts';
import { recordChange } from './change-log.ts';
import {
  ApplicationRefused,
  type OrganisationQuery,
  type PaperConsent,
  type Registry,
  type RegistryChange,
  type RegistryMember,
  type RegistryOrganisation,
  RegistryUnavailable,
  type TicketState,
} from './registry.ts';

const CHANGES_AT_ONCE = 50;

/** A mirror of another register does not know the kind. Unions' own bodies admit nobody and are nobody's workplace. */
const ADMITS = `o.closed_at is null and coalesce(o.kind, 'primary') = 'primary'`;
const ORGANISATION = `o.id, o.name, o.short_name, o.town, o.region, o.inn, o.email, o.phone, o.units, ${ADMITS} as admits`;
const WORKPLACE = `coalesce(o.kind, 'primary') in ('primary', 'without_primary')`;
const BEST_FIRST = `(${ADMITS}) desc, cardinality(o.search_words), o.short_name, o.town, o.id`;

const BY_WORDS = {
  name: 'registry-organisations-by-words',
  text: `select ${ORGANISATION} from organisation o
          where o.search_vector @@ $1::tsquery and ${WORKPLACE} order by ${BEST_FIRST} limit $2`,
};
const BY_INN = {
  name: 'registry-organisations-by-inn',
  text: `select ${ORGANISATION} from organisation o
          where o.inn = $1 and ${WORKPLACE} order by ${BEST_FIRST} limit $2`,
};
const MEMBERS = {
  name: 'registry-members',
  text: `select ${ORGANISATION}, m.id as member_id, m.family_name, m.given_name, m.middle_name, m.birthdate,
                m.membership,
                (select array_agg(t.number order by t.number) from ticket t where t.member_id = m.id) as numbers,
                (select array_agg(t.state order by t.number) from ticket t where t.member_id = m.id) as states
           from member m join organisation o on o.id = m.organisation_id
          where m.id = any($1)`,
};

/** The latest tick of each kind: whoever reads late learns what counts now. */
const PAPER_CONSENTS = `select distinct on (member_id, type) member_id, type, given, dated, at, by_name
   from member_consent where member_id = any($1) order by member_id, type, id desc`;

type OrganisationRow = {
  id: string;
  name: string;
  short_name: string;
  town: string | null;
  region: string;
  inn: string | null;
  email: string | null;
  phone: string | null;
  units: string[];
  admits: boolean;
};

type MemberRow = OrganisationRow & {
  member_id: string;
  family_name: string;
  given_name: string;
  middle_name: string | null;
  birthdate: string;
  membership: RegistryMember['membership'];
  numbers: string[] | null;
  states: TicketState[] | null;
};

type ConsentRow = {
  member_id: string;
  type: PaperConsent['type'];
  given: boolean;
  dated: string;
  at: Date;
  by_name: string;
};

type ChangeRow = {
  id: string;
  application_id: string | null;
  application_state: 'received' | 'accepted' | 'returned' | 'rejected' | null;
  reason: string | null;
  member_id: string | null;
};

export type OwnRegisterNeeds = {
  /** Applications are kept encrypted until they are decided. */
  readonly cipher: Cipher;
  /** What an applicant is told whose organisation admits nobody (any more). */
  readonly admitsNobody: string;
};

export function postgresRegistry(database: Database, { cipher, admitsNobody }: OwnRegisterNeeds): Registry {
  const membersOf = async (ids: readonly string[]): Promise<Map<string, RegistryMember>> => {
    if (ids.length === 0) return new Map();
    const rows = await database.query<MemberRow>(MEMBERS, [[...new Set(ids)]]);
    return new Map(rows.map((row) => [row.member_id, toMember(row)]));
  };

  const paperConsentsOf = async (ids: readonly string[]): Promise<Map<string, PaperConsent[]>> => {
    if (ids.length === 0) return new Map();
    const rows = await database.query<ConsentRow>(PAPER_CONSENTS, [[...new Set(ids)]]);
    const told = Map.groupBy(rows, ({ member_id }) => member_id);
    return new Map([...told].map(([id, ticks]) => [id, ticks.map(toPaperConsent)]));
  };

  return {
    memberByTicket: answering(async (number: string) => {
      const [row] = await database.query<{ member_id: string }>(
        'select member_id from ticket where number = $1',
        [number],
      );
      return row && (await membersOf([row.member_id])).get(row.member_id);
    }),

    searchOrganisations: answering(async ({ words, inn, limit }: OrganisationQuery) => {
      if (inn !== undefined) {
        return (await database.query<OrganisationRow>(BY_INN, [inn, limit])).map(toOrganisation);
      }
      if (words.length === 0) return [];
      return (await database.query<OrganisationRow>(BY_WORDS, [asTsquery(words), limit])).map(toOrganisation);
    }),

    organisation: answering(async (id: string) => {
      const [row] = await database.query<OrganisationRow>(
        `select ${ORGANISATION} from organisation o where o.id = $1`,
        [id],
      );
      return row && toOrganisation(row);
    }),

    submit: answering((application) =>
      database.transaction(async (tx) => {
        const [organisation] = await tx.query(
          `select from organisation o where o.id = $1 and ${ADMITS} for share`,
          [application.organisationId],
        );
        if (!organisation) throw new ApplicationRefused(admitsNobody);
        const [taken] = await tx.query(
          `insert into register_application (id, organisation_id, purpose, sealed) values ($1, $2, $3, $4)
           on conflict (id) do nothing returning id`,
          [
            ...[application.id, application.organisationId, application.purpose],
            cipher.seal(JSON.stringify(application), `register-application:${application.id}`),
          ],
        );
        if (taken) await recordChange(tx, { applicationId: application.id, applicationState: 'received' });
      }),
    ),

    changes: answering(async (cursor: string | undefined) => {
      const rows = await database.query<ChangeRow>(
        `select id::text, application_id, application_state, reason, member_id from register_change
          where id > $1::bigint order by register_change.id limit ${CHANGES_AT_ONCE}`,
        [cursor ?? '0'],
      );
      // As they are now: whoever reads late need not live through what is over.
      const ids = rows.flatMap(({ member_id }) => member_id ?? []);
      const members = await membersOf(ids);
      const consents = await paperConsentsOf(ids);
      return {
        changes: rows.flatMap((row) => toChange(row, members, consents) ?? []),
        cursor: rows.at(-1)?.id ?? cursor,
      };
    }),
  };
}

/** Whatever the database's reason, there is no answer now. */
function answering<In, Out>(ask: (input: In) => Promise<Out>): (input: In) => Promise<Out> {
  return async (input) => {
    try {
      return await ask(input);
    } catch (cause) {
      if (cause instanceof ApplicationRefused) throw cause;
      throw new RegistryUnavailable('the tables of the register cannot be read', { cause });
    }
  };
}

/** Words are letters and digits by the data rules; the quotes are for whoever comes round them. */
function asTsquery(words: OrganisationQuery['words']): string {
  return words
    .map(({ text, whole }) => `'${text.replace(/['\\]/g, '$&$&')}'${whole ? '' : ':*'}`)
    .join(' & ');
}

function toOrganisation(row: OrganisationRow): RegistryOrganisation {
  return {
    id: row.id,
    name: row.name,
    shortName: row.short_name,
    ...(row.town !== null && { town: row.town }),
    region: row.region,
    ...(row.inn !== null && { inn: row.inn }),
    ...(row.email !== null && { email: row.email }),
    ...(row.phone !== null && { phone: row.phone }),
    admits: row.admits,
    units: row.units,
  };
}

function toMember(row: MemberRow): RegistryMember {
  const { numbers, states } = row;
  return {
    id: row.member_id,
    family: row.family_name,
    given: row.given_name,
    ...(row.middle_name !== null && { middle: row.middle_name }),
    birthdate: row.birthdate,
    membership: row.membership,
    organisation: toOrganisation(row),
    tickets: (numbers ?? []).map((number, at) => ({ number, state: states?.[at] ?? 'blocked' })),
  };
}

function toPaperConsent({ type, given, dated, at, by_name }: ConsentRow): PaperConsent {
  return { type, given, dated, at: at.toISOString(), by: by_name };
}

function toChange(
  row: ChangeRow,
  members: Map<string, RegistryMember>,
  paperConsents: Map<string, readonly PaperConsent[]>,
): RegistryChange | undefined {
  const member = row.member_id === null ? undefined : members.get(row.member_id);
  if (row.application_id !== null && row.application_state !== null) {
    return {
      kind: 'application',
      id: row.application_id,
      state: row.application_state,
      ...(row.reason !== null && { reason: row.reason }),
      ...(member && { member }),
    };
  }
  const consents = member && paperConsents.get(member.id);
  return member && { kind: 'member', member, ...(consents && { consents }) };
}
