/** Candidates in PostgreSQL: by the unique SNILS digest, by the index of birth dates, by the index of sign-in. */
import type { AccountStatus } from '../account-store/account-store.ts';
import type { Database, Value } from '../database/database.ts';
import type { Candidate, CandidateAccount, CandidateMember, Candidates, Clues } from './candidates.ts';

const COLUMNS = `m.id as member_id, m.family_name as member_family, m.given_name as member_given,
                m.middle_name as member_middle, m.birthdate,
                case when m.snils_hmac is null or $2::bytea is null then 'unknown'
                     when m.snils_hmac = $2 then 'same' else 'other' end as snils,
                a.id, a.status, a.locale, a.family_name, a.given_name, a.middle_name,
                e.value as email, l.subject`;
const BESIDE = `left join identifier e on e.account_id = a.id and e.kind = 'email' and e.confirmed_at is not null and not e.further
           left join linked_identity l on l.account_id = a.id and l.issuer = $1`;

const OF_MEMBERS = `select ${COLUMNS} from member m left join account a on a.member_id = m.id ${BESIDE}
          where m.snils_hmac = $2 or m.birthdate = $3::date`;
const OF_ADDRESS = `select ${COLUMNS} from identifier i join account a on a.id = i.account_id
           left join member m on m.id = a.member_id ${BESIDE}
          where i.kind = 'email' and i.value = $3 and i.confirmed_at is not null`;
const OF_ACCOUNT = `select ${COLUMNS} from account a left join member m on m.id = a.member_id ${BESIDE}
          where a.id = $3`;
const OF_MEMBER = `select ${COLUMNS} from member m left join account a on a.member_id = m.id ${BESIDE}
          where m.id = $3`;

type Row = {
  member_id: string | null;
  member_family: string;
  member_given: string;
  member_middle: string | null;
  birthdate: string;
  snils: CandidateMember['snils'];
  id: string | null;
  status: AccountStatus;
  locale: 'ru' | 'en';
  family_name: string | null;
  given_name: string | null;
  middle_name: string | null;
  email: string | null;
  subject: string | null;
};

export function postgresCandidates(database: Database): Candidates {
  const ask = async (text: string, { issuer, snils }: Clues, value: Value): Promise<readonly Candidate[]> =>
    (await database.query<Row>(text, [issuer, snils ?? null, value])).map(toCandidate);

  return {
    async find(clues) {
      const { snils, birthdate, emailKey } = clues;
      const members = snils || birthdate ? await ask(OF_MEMBERS, clues, birthdate ?? null) : [];
      const owners = emailKey === undefined ? [] : await ask(OF_ADDRESS, clues, emailKey);
      const known = new Set(members.map(({ account }) => account?.id));
      return [...members, ...owners.filter(({ account }) => !known.has(account?.id))];
    },
    async ofAccount(id, clues) {
      return (await ask(OF_ACCOUNT, clues, id))[0];
    },
    async ofMember(id, clues) {
      return (await ask(OF_MEMBER, clues, id))[0];
    },
    async ticketOf(memberId, within) {
      const [row] = await within.query<{ number: string }>(
        `select number from ticket where member_id = $1 and state not in ('blocked', 'replaced')
          order by number limit 1`,
        [memberId],
      );
      return row?.number;
    },
  };
}

function toCandidate(row: Row): Candidate {
  return {
    ...(row.member_id !== null && { member: toMember(row, row.member_id) }),
    ...(row.id !== null && { account: toAccount(row, row.id) }),
  };
}

function toMember(row: Row, id: string): CandidateMember {
  return {
    id,
    name: nameOf(row.member_family, row.member_given, row.member_middle),
    birthdate: row.birthdate,
    snils: row.snils,
  };
}

function toAccount(row: Row, id: string): CandidateAccount {
  const { status, locale, family_name: family, given_name: given, middle_name: middle, email, subject } = row;
  return {
    ...{ id, status, locale },
    ...(family !== null && given !== null && { name: nameOf(family, given, middle) }),
    ...(email !== null && { emailKey: email }),
    ...(subject !== null && { subject }),
  };
}

function nameOf(family: string, given: string, middle: string | null) {
  return { family, given, ...(middle !== null && { middle }) };
}
