/**
 * The search of people in PostgreSQL. Names are looked for as ranges of `name_key` («C» collation, so that the order of
 * the index is the order of the range); what narrows them further stands in the same index.
 */
import type { AccountStatus, MembershipState } from '../account-store/account-store.ts';
import type { Database, Value } from '../database/database.ts';
import type { ExactClue, FoundPerson, NameClue, PersonSearch } from './person-search.ts';

/** Above every text that begins with the same letters. */
const END = `U&'\\+10FFFF'`;
const ORDER = 'name_key, id';

/** $1 family, $2 given, $3 middle: the beginning that all three make when the family name is whole. */
const WHOLE = `name_key(concat_ws(' ', $1::text, nullif($2, ''), nullif($3, '')))`;
const BEGINS_WHOLE = `name_key >= (select low from whole) and name_key < (select low || ${END} from whole)`;
const BEGINS_FAMILY = `name_key >= (select low from typed) and name_key < (select low || ${END} from typed)`;
const LOWS = `whole as (select ${WHOLE} as low), typed as (select name_key($1::text) as low)`;
/** In the index the parts of a name are words: good enough to narrow a range, and judged by the columns afterwards. */
const HAS_WORDS = `strpos(name_key, ' ' || name_key($2::text)) > 0
      and ($3::text = '' or strpos(name_key, ' ' || name_key($3::text)) > 0)`;
const HAS_PARTS = `name_key(given_name) ^@ name_key($2::text)
      and ($3::text = '' or name_key(coalesce(middle_name, '')) ^@ name_key($3::text))`;

/** The family name is whole and all parts follow each other: one range, however common the name. */
const MEMBERS_WHOLE = `with ${LOWS}
  select id from member where ${BEGINS_WHOLE} order by ${ORDER} limit $4`;
const MEMBERS_BEGINNING = `with ${LOWS}, narrowed as materialized (
    select id, name_key from member where ${BEGINS_FAMILY} and ${HAS_WORDS})
  select m.id from narrowed n join member m using (id) where ${HAS_PARTS}
   order by n.name_key, m.id limit $4`;
const MEMBERS_BORN = `select id from member
   where birthdate = $5::date and ($1::text = '' or name_key ^@ name_key($1::text)) and ${HAS_PARTS}
   order by ${ORDER} limit $4`;
const MEMBERS_OF = `with pool as materialized (
    select id, name_key, given_name, middle_name, birthdate from member where organisation_id = any($6))
  select id from pool
   where ($1::text = '' or name_key ^@ name_key($1::text)) and ${HAS_PARTS}
     and ($5::date is null or birthdate = $5::date)
   order by ${ORDER} limit $4`;
const ACCOUNTS = `with ${LOWS}
  select id from account where member_id is null and ${BEGINS_FAMILY} and ${HAS_PARTS} order by ${ORDER} limit $4`;

const CLUES: Readonly<Record<ExactClue['kind'], { readonly members?: string; readonly accounts?: string }>> =
  {
    ticket: {
      members: 'select member_id as id from ticket where number = $1',
      accounts: `select account_id as id from identifier where kind = 'ticket' and value = $1`,
    },
    email: {
      members: 'select id from member where lower(email) = lower($1)',
      accounts: `select account_id as id from identifier where kind = 'email' and value = $1`,
    },
    phone: {
      members: 'select id from member where phone = $1',
      accounts: 'select id from account where phone = $1',
    },
    snils: { members: 'select id from member where snils_hmac = $1' },
    account: { accounts: 'select id from account where id = $1' },
  };

const PEOPLE = `select a.id as account_id, a.status, m.id as member_id,
         coalesce(m.family_name, a.family_name) as family_name, coalesce(m.given_name, a.given_name) as given_name,
         case when m.id is null then a.middle_name else m.middle_name end as middle_name,
         m.birthdate, m.membership, o.short_name,
         coalesce(m.name_key, a.name_key, '') as place
    from member m left join account a on a.member_id = m.id join organisation o on o.id = m.organisation_id
   where m.id = any($1)
  union all
  select a.id, a.status, m.id, coalesce(m.family_name, a.family_name), coalesce(m.given_name, a.given_name),
         case when m.id is null then a.middle_name else m.middle_name end,
         m.birthdate, m.membership, o.short_name, coalesce(m.name_key, a.name_key, '')
    from account a left join member m on m.id = a.member_id left join organisation o on o.id = m.organisation_id
   where a.id = any($2) and (m.id is null or m.id <> all ($1))
   order by place, member_id, account_id`;

type PersonRow = {
  account_id: string | null;
  status: AccountStatus;
  member_id: string | null;
  family_name: string | null;
  given_name: string | null;
  middle_name: string | null;
  birthdate: string | null;
  membership: MembershipState;
  short_name: string | null;
};

export function postgresPersonSearch(database: Database): PersonSearch {
  const ids = async (statement: string | undefined, values: readonly Value[]): Promise<string[]> =>
    statement === undefined
      ? []
      : (await database.query<{ id: string }>(statement, values)).map(({ id }) => id);

  const people = async (members: readonly string[], accounts: readonly string[]) =>
    members.length + accounts.length === 0
      ? []
      : (await database.query<PersonRow>(PEOPLE, [members, accounts])).map(toPerson);

  const membersNamed = async (clue: NameClue, limit: number): Promise<readonly string[]> => {
    const { family = '', given = '', middle = '', birthdate, organisations } = clue;
    const typed = [family, given, middle, limit] as const;
    if (organisations) return ids(MEMBERS_OF, [...typed, birthdate ?? null, organisations]);
    if (birthdate !== undefined) return ids(MEMBERS_BORN, [...typed, birthdate]);
    if (family === '') return [];
    // Whoever has a whole family name first: of a beginning there may be ten times as many.
    const whole = await ids(MEMBERS_WHOLE, typed);
    if (given === '' || whole.length >= limit) return whole;
    const more = await ids(MEMBERS_BEGINNING, typed);
    return [...new Set([...whole, ...more])].slice(0, limit);
  };

  return {
    async byClue({ kind, value }) {
      const { members, accounts } = CLUES[kind];
      return people(await ids(members, [value]), await ids(accounts, [value]));
    },
    async byName(clue, limit) {
      const members = await membersNamed(clue, limit);
      const { family = '', given = '', middle = '', birthdate, organisations } = clue;
      // Of whoever is no member neither birth date nor organisation is known.
      const isOpen = family !== '' && birthdate === undefined && !organisations && members.length < limit;
      const accounts = isOpen ? await ids(ACCOUNTS, [family, given, middle, limit - members.length]) : [];
      return people(members, accounts);
    },
    async ofMember(id) {
      return (await people([id], []))[0];
    },
  };
}

function toPerson(row: PersonRow): FoundPerson {
  const { account_id, member_id, family_name, given_name, middle_name, birthdate, short_name } = row;
  return {
    ...(account_id !== null && { accountId: account_id, status: row.status }),
    ...(member_id !== null && { memberId: member_id, membership: row.membership }),
    ...(family_name !== null &&
      given_name !== null && {
        name: {
          family: family_name,
          given: given_name,
          ...(middle_name !== null && { middle: middle_name }),
        },
      }),
    ...(birthdate !== null && { birthdate }),
    ...(short_name !== null && { organisation: short_name }),
  };
}
