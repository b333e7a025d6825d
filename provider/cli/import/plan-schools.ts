/** The import of «Контингент»: a row for each role of each person, with the school it is at. Takes no role away. */
import { EDU_ROLES } from '../../../adapters/school-register/school-register.ts';
import { type CalendarDateFault, parseCalendarDate } from '../../data-rules/calendar-date.ts';
import { parseEmailAddress } from '../../data-rules/email-address.ts';
import { parseNamePart, parsePatronymic } from '../../data-rules/person-name.ts';
import { type ImportPlan, judging, REGISTER_ID, REGISTER_ID_WORDS } from './import-plan.ts';
import { NAME_WORDS } from './name-words.ts';

export const DUTY = 'contingent_admin';
const SCHOOL = ['school_id', 'school_name', 'school_short_name'];
const PERSON = ['person_id', 'family_name', 'given_name', 'middle_name', 'birthdate', 'email'];
const PERSON_DETAILS = PERSON.slice(1);
/** One to 500 characters, none of them a control. */
const LINE_OF_TEXT = /^\P{Cc}{1,500}$/u;
const LINE_WORDS = 'one line of at most 500 characters';
const DATE_WORDS: Readonly<Record<CalendarDateFault | 'date_in_future', string>> = {
  date_malformed: 'must be written as дд.мм.гггг or yyyy-mm-dd',
  date_two_digit_year: 'needs a year of four digits',
  date_not_in_calendar: 'is not in the calendar',
  date_in_future: 'is in the future',
};

const list = (names: readonly string[], of: string): string =>
  names.map((name) => `${of}.${name}`).join(', ');
/** A line that says of the same school or person what an earlier one did not. */
const contradiction = (id: string, details: readonly string[], words: string): string =>
  `update import_line l set fault = '${words} on line ' || f.line
     from (select distinct on (${id}) ${id}, line, ${details.join(', ')} from import_line
            where fault is null order by ${id}, place) f
    where l.fault is null and f.${id} = l.${id}
      and (${list(details, 'l')}) is distinct from (${list(details, 'f')})`;

/** `today`: yyyy-mm-dd. */
export function schoolsPlan(today: string): ImportPlan {
  return {
    noun: 'roles',
    idColumn: 'person_id',
    columns: {
      required: ['person_id', 'family_name', 'given_name', 'birthdate', 'role', ...SCHOOL],
      optional: ['middle_name', 'email', 'duty'],
    },
    staged: [
      ...[...PERSON, 'role', 'duty', ...SCHOOL].map(
        (name) => [name, name === 'birthdate' ? 'date' : 'text'] as const,
      ),
    ],
    judge(cells) {
      const { reasons, take, match, oneOf } = judging();
      const cell = (name: string): string => cells[name] ?? '';
      const person = match('person_id', cell('person_id'), REGISTER_ID, REGISTER_ID_WORDS);
      const family = take('family_name', parseNamePart(cell('family_name')), NAME_WORDS);
      const given = take('given_name', parseNamePart(cell('given_name')), NAME_WORDS);
      const middle = take('middle_name', parsePatronymic(cell('middle_name')), NAME_WORDS);
      const birthdate = take('birthdate', parsePastDate(cell('birthdate'), today), DATE_WORDS);
      const email = cell('email') === '' ? undefined : parseEmailAddress(cell('email'));
      if (email?.ok === false) reasons.push('email is not an e-mail address');
      const role = oneOf('role', cell('role'), EDU_ROLES);
      const duty = cell('duty') === '' ? undefined : oneOf('duty', cell('duty'), [DUTY]);
      if (duty !== undefined && role !== 'staff') reasons.push('duty needs the role staff');
      const school = match('school_id', cell('school_id'), REGISTER_ID, REGISTER_ID_WORDS);
      const name = match('school_name', cell('school_name'), LINE_OF_TEXT, LINE_WORDS);
      const shortName = match('school_short_name', cell('school_short_name'), LINE_OF_TEXT, LINE_WORDS);
      if (reasons.length > 0) return { ok: false, reasons };
      const address = email?.ok ? email.value : undefined;
      const who = [person, family, given, middle, birthdate, address];
      return { ok: true, values: [...who, role, duty, school, name, shortName] };
    },
    stages: [
      {
        refusals: [
          contradiction('person_id', PERSON_DETAILS, 'person_id is somebody else'),
          contradiction('school_id', SCHOOL.slice(1), 'school_id is another school'),
        ],
        // One statement: its foreign keys are looked at when all of it is written.
        merges: [
          `with line as (
             select * from import_line where fault is null and place > $1 and place <= $2
           ), schools as (
             insert into school as s (id, name, short_name)
             select distinct on (school_id) ${SCHOOL.join(', ')} from line
             on conflict (id) do update set name = excluded.name, short_name = excluded.short_name
               where (s.name, s.short_name) is distinct from (excluded.name, excluded.short_name)
           ), people as (
             insert into school_person as p (id, ${PERSON_DETAILS.join(', ')})
             select distinct on (person_id) ${PERSON.join(', ')} from line
             on conflict (id) do update
               set ${PERSON_DETAILS.map((column) => `${column} = excluded.${column}`).join(', ')}, updated_at = now()
               where (${list(PERSON_DETAILS, 'p')}) is distinct from (${list(PERSON_DETAILS, 'excluded')})
             returning p.xmax = 0 as added
           ), roles as (
             insert into school_role as r (person_id, role, school_id, duty)
             select distinct on (person_id, role, school_id) person_id, role, school_id, duty from line
              order by person_id, role, school_id, duty nulls last
             on conflict (person_id, role, school_id) do update set duty = excluded.duty
               where r.duty is distinct from excluded.duty
             returning r.xmax = 0 as added
           )
           select (select count(*) from roles where added)::int as added,
                  (select count(*) from (select added from people union all select added from roles) as written
                    where not added)::int as changed`,
        ],
      },
    ],
  };
}

function parsePastDate(typed: string, today: string) {
  const parsed = parseCalendarDate(typed);
  return parsed.ok && parsed.value > today ? ({ ok: false, fault: 'date_in_future' } as const) : parsed;
}
