/** Cards read from PostgreSQL. Names are looked for by their key, of which the database keeps an index. */

import type { MembershipState } from '../account-store/account-store.ts';
import type { Database, Queryable, Value } from '../database/database.ts';
import type { TicketState } from '../registry/registry.ts';
import type { Holder, MemberBook, MemberCard, MemberQuery, Namesake } from './member-book.ts';

const CARD = `m.id, m.organisation_id, m.family_name, m.given_name, m.middle_name, m.birthdate, m.sex, m.phone, m.email,
       m.unit_id, (select u.name from organisation_unit u where u.id = m.unit_id) as unit, m.employment, m.position,
       m.joined_on, m.on_record_since, m.membership, m.membership_reason, m.membership_since,
       m.snils_sealed is not null as has_snils, m.version,
       (select array_agg(t.number order by t.number) from ticket t where t.member_id = m.id) as numbers,
       (select array_agg(t.state order by t.number) from ticket t where t.member_id = m.id) as states`;
/** Sorts behind every beginning it is added to. */
const LAST = '\u{10FFFF}';
/** A ticket that counts. */
const HAS_TICKET = `exists (select from ticket t where t.member_id = m.id and t.state not in ('blocked', 'replaced'))`;

type Row = {
  id: string;
  organisation_id: string;
  family_name: string;
  given_name: string;
  middle_name: string | null;
  birthdate: string;
  sex: MemberCard['sex'] | null;
  phone: string | null;
  email: string | null;
  unit_id: string | null;
  unit: string | null;
  employment: MemberCard['employment'] | null;
  position: string | null;
  joined_on: string | null;
  on_record_since: string | null;
  membership: MembershipState;
  membership_reason: string | null;
  membership_since: string | null;
  has_snils: boolean;
  version: number;
  numbers: string[] | null;
  states: TicketState[] | null;
};

export function postgresMemberBook(database: Database): MemberBook {
  return {
    async list(organisationId, query) {
      const { text, values } = listStatement(organisationId, query);
      return (await database.query<Row>(text, values)).map(toCard);
    },
    async find(organisationId, id, within = database) {
      const [row] = await within.query<Row>(
        `select ${CARD} from member m where m.id = $1 and m.organisation_id = $2`,
        [id, organisationId],
      );
      return row && toCard(row);
    },
    async several(organisationId, ids, within = database) {
      const rows = await within.query<Row>(
        `select ${CARD} from member m where m.id = any($1) and m.organisation_id = $2`,
        [[...ids], organisationId],
      );
      return new Map(rows.map((row) => [row.id, toCard(row)]));
    },
    async count(organisationId) {
      const rows = await database.query<{ membership: MembershipState; members: number }>(
        `select membership, count(*)::int as members from member where organisation_id = $1 group by membership`,
        [organisationId],
      );
      return Object.fromEntries(rows.map(({ membership, members }) => [membership, members]));
    },
    async namesakes(people, within = database) {
      const names = people.map(({ family, given, middle }) =>
        [family, given, ...(middle === undefined ? [] : [middle])].join(' '),
      );
      const rows = await within.query<{ place: number; id: string; organisation_id: string } & Namesake>(
        `select asked.place::int as place, m.id, m.organisation_id, m.membership
           from unnest($1::text[], $2::date[]) with ordinality as asked (name, birthdate, place)
           join member m on m.name_key = name_key(asked.name) and m.birthdate = asked.birthdate
          order by asked.place, m.id`,
        [names, people.map(({ birthdate }) => birthdate)],
      );
      const found = people.map((): Namesake[] => []);
      for (const { place, id, organisation_id, membership } of rows) {
        found[place - 1]?.push({ id, organisationId: organisation_id, membership });
      }
      return found;
    },
    async holders({ tickets, snils }, within = database) {
      return {
        tickets: await holdersBy(
          within,
          `select t.number as key, m.id, m.organisation_id from ticket t join member m on m.id = t.member_id
            where t.number = any($1)`,
          [...tickets],
        ),
        snils: await holdersBy(
          within,
          `select encode(m.snils_hmac, 'hex') as key, m.id, m.organisation_id
             from unnest($1::text[]) as asked (digest) join member m on m.snils_hmac = decode(asked.digest, 'hex')`,
          snils.map((digest) => digest.toString('hex')),
        ),
      };
    },
  };
}

async function holdersBy(
  within: Queryable,
  statement: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Holder>> {
  const rows = await within.query<{ key: string; id: string; organisation_id: string }>(statement, [keys]);
  return new Map(
    rows.map(({ key, id, organisation_id }) => [key, { memberId: id, organisationId: organisation_id }]),
  );
}

/** Of conditions that are asked for alone: each statement has a plan of its own. */
function listStatement(
  organisationId: string,
  { name, membership, unitId, withoutTicket, after, limit }: MemberQuery,
): { readonly text: string; readonly values: readonly Value[] } {
  const values: Value[] = [organisationId];
  const bind = (value: Value): string => `$${values.push(value)}`;
  const conditions = ['m.organisation_id = $1'];
  if (name !== undefined) {
    const beginning = bind(name);
    conditions.push(
      `m.name_key >= name_key(${beginning}) and m.name_key < name_key(${beginning}) || ${bind(LAST)}`,
    );
  }
  if (membership !== undefined) conditions.push(`m.membership = ${bind(membership)}`);
  if (unitId !== undefined) conditions.push(`m.unit_id = ${bind(unitId)}`);
  if (withoutTicket) conditions.push(`not ${HAS_TICKET}`);
  if (after !== undefined) {
    // A row of nulls when the card is another organisation's: then nothing comes after it.
    conditions.push(
      `(m.name_key, m.id) > (select a.name_key, a.id from member a where a.id = ${bind(after)} and a.organisation_id = $1)`,
    );
  }
  return {
    text: `select ${CARD} from member m where ${conditions.join(' and ')} order by m.name_key, m.id limit ${bind(limit)}`,
    values,
  };
}

function toCard(row: Row): MemberCard {
  const { numbers, states } = row;
  return {
    id: row.id,
    organisationId: row.organisation_id,
    ...{ family: row.family_name, given: row.given_name },
    ...(row.middle_name !== null && { middle: row.middle_name }),
    birthdate: row.birthdate,
    ...(row.sex !== null && { sex: row.sex }),
    ...(row.phone !== null && { phone: row.phone }),
    ...(row.email !== null && { email: row.email }),
    ...(row.unit_id !== null && { unitId: row.unit_id }),
    ...(row.unit !== null && { unit: row.unit }),
    ...(row.employment !== null && { employment: row.employment }),
    ...(row.position !== null && { position: row.position }),
    ...(row.joined_on !== null && { joinedOn: row.joined_on }),
    ...(row.on_record_since !== null && { onRecordSince: row.on_record_since }),
    membership: row.membership,
    ...(row.membership_reason !== null && { reason: row.membership_reason }),
    ...(row.membership_since !== null && { since: row.membership_since }),
    tickets: (numbers ?? []).map((number, at) => ({ number, state: states?.[at] ?? 'blocked' })),
    ...{ hasSnils: row.has_snils, version: row.version },
  };
}
