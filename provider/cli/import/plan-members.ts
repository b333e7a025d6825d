/** The import of members with their tickets: the rules of domain.md §3 for a row, uniqueness for the file. */
import { type BirthdateFault, parseBirthdate } from '../../data-rules/calendar-date.ts';
import { parseNamePart, parsePatronymic } from '../../data-rules/person-name.ts';
import { parseSnils, type SnilsFault } from '../../data-rules/snils.ts';
import { parseTicketNumber, type TicketNumberFault } from '../../data-rules/ticket-number.ts';
import { type ImportPlan, judging, REGISTER_ID, REGISTER_ID_WORDS } from './import-plan.ts';
import { NAME_WORDS } from './name-words.ts';
import type { SealedSnils } from './sealed-snils.ts';

export const MEMBERSHIPS = ['applicant', 'under_review', 'member', 'suspended', 'ended'] as const;
export const TICKET_STATES = [
  'number_assigned',
  'ordered',
  'in_production',
  'shipped',
  'at_committee',
  'issued',
  'blocked',
  'replaced',
] as const;

const BIRTHDATE_WORDS: Readonly<Record<BirthdateFault, string>> = {
  date_malformed: 'must be written as дд.мм.гггг or yyyy-mm-dd',
  date_two_digit_year: 'needs a year of four digits',
  date_not_in_calendar: 'is not in the calendar',
  date_in_future: 'is in the future',
  birthdate_too_young: 'makes the member younger than 14',
  birthdate_too_old: 'makes the member older than 110',
};
const TICKET_WORDS: Readonly<Record<TicketNumberFault, string>> = {
  ticket_length: 'must have 16 digits; spreadsheets spoil long numbers unless the column is text',
  ticket_letter_for_zero: 'has the letter O in place of a zero',
};
const SNILS_WORDS: Readonly<Record<SnilsFault, string>> = {
  snils_length: 'must have 11 digits',
  snils_checksum: 'has a wrong checksum',
  snils_unverifiable: 'is too old to have a checksum',
};

export type MemberPlanNeeds = {
  /** yyyy-mm-dd. */
  readonly today: string;
  seal(snils: string, memberId: string): SealedSnils;
};

export function membersPlan({ today, seal }: MemberPlanNeeds): ImportPlan {
  return {
    noun: 'members',
    idColumn: 'member_id',
    columns: {
      required: ['member_id', 'organisation_id', 'family_name', 'given_name', 'birthdate', 'membership'],
      optional: ['middle_name', 'ticket_number', 'ticket_state', 'snils'],
    },
    staged: [
      ['member_id', 'text'],
      ['organisation_id', 'text'],
      ['family_name', 'text'],
      ['given_name', 'text'],
      ['middle_name', 'text'],
      ['birthdate', 'date'],
      ['membership', 'text'],
      ['ticket_number', 'text'],
      ['ticket_state', 'text'],
      ['snils_sealed', 'text'],
      ['snils_hmac', 'bytea'],
    ],
    judge(cells) {
      const { reasons, take, match, oneOf } = judging();
      const cell = (name: string): string => cells[name] ?? '';
      const memberId = match('member_id', cell('member_id'), REGISTER_ID, REGISTER_ID_WORDS);
      const organisationId = match(
        'organisation_id',
        cell('organisation_id'),
        REGISTER_ID,
        REGISTER_ID_WORDS,
      );
      const family = take('family_name', parseNamePart(cell('family_name')), NAME_WORDS);
      const given = take('given_name', parseNamePart(cell('given_name')), NAME_WORDS);
      const middle = take('middle_name', parsePatronymic(cell('middle_name')), NAME_WORDS);
      const birthdate = take('birthdate', parseBirthdate(cell('birthdate'), today), BIRTHDATE_WORDS);
      const membership = oneOf('membership', cell('membership'), MEMBERSHIPS);
      const hasTicket = cell('ticket_number') !== '';
      const ticket = hasTicket
        ? take('ticket_number', parseTicketNumber(cell('ticket_number')), TICKET_WORDS)
        : undefined;
      const ticketState = hasTicket ? oneOf('ticket_state', cell('ticket_state'), TICKET_STATES) : undefined;
      if (!hasTicket && cell('ticket_state') !== '') reasons.push('ticket_state needs a ticket_number');
      const snils =
        cell('snils') === ''
          ? undefined
          : take('snils', parseSnils(cell('snils'), { trusted: true }), SNILS_WORDS);
      if (reasons.length > 0) return { ok: false, reasons };

      const sealed = snils === undefined ? undefined : seal(snils, memberId);
      return {
        ok: true,
        values: [
          memberId,
          organisationId,
          family,
          given,
          middle,
          birthdate,
          membership,
          ticket,
          ticketState,
          sealed?.sealed,
          sealed?.digest,
        ],
      };
    },
    stages: [{ refusals: REFUSALS, merges: MERGES }],
  };
}

const PERSON = 'organisation_id, family_name, given_name, middle_name, birthdate, membership';
const NOT_FOR_SIGNING_IN = `('blocked', 'replaced')`;

/**
 * The good rows that share their `key` with another, numbered, each with the first of them. Nearly all rows share it with
 * none, and millions of them are not sorted for the sake of a few.
 */
const among = (key: string): string => `(
  select place, line, row_number() over same as nth, first_value(line) over same as first_line,
         first_value(member_id) over same as first_member,
         first_value((${PERSON}, snils_hmac)::text) over same = (${PERSON}, snils_hmac)::text as same_person
    from import_line
   where fault is null and ${key} in (
           select ${key} from import_line where fault is null and ${key} is not null
            group by ${key} having count(*) > 1)
  window same as (partition by ${key} order by place))`;

const REFUSALS: readonly string[] = [
  `update import_line l set fault = 'organisation_id is not in the register; import the organisations first'
    where fault is null and not exists (select from organisation o where o.id = l.organisation_id)`,
  // The register first: a stranger's ticket must not make its owner's row the second one in the file.
  `update import_line l set fault = 'snils belongs to member ' || m.id || ' in the register'
     from member m where l.fault is null and m.snils_hmac = l.snils_hmac and m.id <> l.member_id`,
  `update import_line l set fault = 'ticket_number belongs to member ' || t.member_id || ' in the register'
     from ticket t where l.fault is null and t.number = l.ticket_number and t.member_id <> l.member_id`,
  `update import_line l set fault = 'ticket_number was replaced: a replaced number never comes back'
     from ticket t
    where l.fault is null and t.number = l.ticket_number and t.state = 'replaced' and l.ticket_state <> 'replaced'`,
  `update import_line l set fault = 'ticket_number is already on line ' || f.first_line
     from ${among('ticket_number')} f where f.place = l.place and f.nth > 1`,
  // A member may stand in the file once per ticket, an old and a new one; but must be the same person.
  `update import_line l set fault = case when f.same_person then 'repeats line ' || f.first_line
                                         else 'member_id is on line ' || f.first_line || ' with other data' end
     from ${among('member_id')} f
    where f.place = l.place and f.nth > 1 and (l.ticket_number is null or not f.same_person)`,
  `update import_line l set fault = 'snils is already on line ' || f.first_line || ', of another member'
     from ${among('snils_hmac')} f where f.place = l.place and f.first_member <> l.member_id`,
];

const IN_RANGE = 'fault is null and place > $1 and place <= $2';

const MERGES: ImportPlan['stages'][number]['merges'] = [
  // An empty SNILS says nothing: the known one stays.
  `with merged as (
     insert into member as m (id, ${PERSON}, snils_sealed, snils_hmac)
     select distinct on (member_id) member_id, ${PERSON}, snils_sealed, snils_hmac
       from import_line where ${IN_RANGE} order by member_id, place
     on conflict (id) do update
       set organisation_id = excluded.organisation_id, family_name = excluded.family_name,
           given_name = excluded.given_name, middle_name = excluded.middle_name, birthdate = excluded.birthdate,
           membership = excluded.membership, snils_sealed = coalesce(excluded.snils_sealed, m.snils_sealed),
           snils_hmac = coalesce(excluded.snils_hmac, m.snils_hmac), updated_at = now()
       where (m.organisation_id, m.family_name, m.given_name, m.middle_name, m.birthdate, m.membership, m.snils_hmac)
             is distinct from
             (excluded.organisation_id, excluded.family_name, excluded.given_name, excluded.middle_name,
              excluded.birthdate, excluded.membership, coalesce(excluded.snils_hmac, m.snils_hmac))
     returning m.xmax = 0 as added)
   select count(*) filter (where added)::int as added, count(*) filter (where not added)::int as changed from merged`,
  `insert into ticket as t (number, member_id, state)
   select ticket_number, member_id, ticket_state from import_line
    where ${IN_RANGE} and ticket_number is not null
   on conflict (number) do update set state = excluded.state, updated_at = now()
     where t.state <> excluded.state and t.member_id = excluded.member_id`,
  // Whoever has an account signs in with her live ticket, and no longer with a dead one.
  `delete from identifier i using account a, import_line l
    where l.${IN_RANGE} and a.member_id = l.member_id and i.account_id = a.id and i.kind = 'ticket'
      and not exists (select from ticket t
                       where t.number = i.value and t.member_id = a.member_id and t.state not in ${NOT_FOR_SIGNING_IN})`,
  `insert into identifier (kind, value, account_id, original, confirmed_at)
   select distinct on (a.id) 'ticket', t.number, a.id, t.number, now()
     from import_line l
     join account a on a.member_id = l.member_id
     join ticket t on t.member_id = a.member_id and t.state not in ${NOT_FOR_SIGNING_IN}
    where l.${IN_RANGE}
      and not exists (select from identifier i where i.account_id = a.id and i.kind = 'ticket')
    order by a.id, t.updated_at desc, t.number
   on conflict do nothing`,
];
