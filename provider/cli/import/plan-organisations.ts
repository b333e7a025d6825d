/** The import of organisations: regional ones first, then territorial, then places of work, each under a parent that exists. */
import { parseEmailAddress } from '../../data-rules/email-address.ts';
import { type InnFault, parseInn } from '../../data-rules/inn.ts';
import { organisationWords } from '../../data-rules/organisation-words.ts';
import { parsePhoneNumber } from '../../data-rules/phone-number.ts';
import { type ImportPlan, type ImportStage, judging, REGISTER_ID, REGISTER_ID_WORDS } from './import-plan.ts';

/** A parent's kind stands before its child's, so no organisation is above itself. */
const ABOVE = {
  regional: [],
  territorial: ['regional'],
  primary: ['regional', 'territorial'],
  // Nobody can be its member: none was founded there yet, or it was closed (C-28).
  without_primary: ['regional', 'territorial'],
} as const;
type OrganisationKind = keyof typeof ABOVE;
export const ORGANISATION_KINDS = Object.keys(ABOVE) as readonly OrganisationKind[];

const INN_WORDS: Readonly<Record<InnFault, string>> = {
  inn_length: 'must have 10 digits',
  inn_check_digit: 'has a wrong check digit',
  inn_leading_zeros_lost: 'has lost its leading zeros; in the spreadsheet make the column text',
};
const DETAILS = [
  ...['kind', 'parent_id', 'name', 'short_name', 'town', 'region', 'inn', 'email', 'phone'],
  ...['units', 'search_words'],
];
/** A primary organisation may be founded, or closed. */
const PLACES_OF_WORK = `('primary', 'without_primary')`;
/** One to 500 characters, none of them a control. */
const LINE_OF_TEXT = /^\P{Cc}{1,500}$/u;
const LINE_WORDS = 'one line of at most 500 characters';

export const organisationsPlan: ImportPlan = {
  noun: 'organisations',
  idColumn: 'id',
  columns: {
    required: ['id', 'kind', 'parent_id', 'name', 'short_name', 'region'],
    optional: ['town', 'inn', 'email', 'phone', 'units'],
  },
  staged: [
    ['organisation_id', 'text'],
    ['kind', 'text'],
    ['parent_id', 'text'],
    ['name', 'text'],
    ['short_name', 'text'],
    ['town', 'text'],
    ['region', 'text'],
    ['inn', 'text'],
    ['email', 'text'],
    ['phone', 'text'],
    ['units', 'text[]'],
    ['search_words', 'text[]'],
  ],
  judge(cells) {
    const { reasons, take, match, oneOf } = judging();
    const cell = (name: string): string => cells[name] ?? '';
    const optional = <T>(name: string, read: (value: string) => T): T | undefined =>
      cell(name) === '' ? undefined : read(cell(name));
    const id = match('id', cell('id'), REGISTER_ID, REGISTER_ID_WORDS);
    const kind = oneOf('kind', cell('kind'), ORGANISATION_KINDS);
    const parentId = optional('parent_id', (value) =>
      match('parent_id', value, REGISTER_ID, REGISTER_ID_WORDS),
    );
    if (kind === 'regional' && parentId !== undefined)
      reasons.push('parent_id must be empty for a regional one');
    if (kind !== 'regional' && parentId === undefined) reasons.push('parent_id is empty');
    const name = match('name', cell('name'), LINE_OF_TEXT, LINE_WORDS);
    const shortName = match('short_name', cell('short_name'), LINE_OF_TEXT, LINE_WORDS);
    const town = optional('town', (value) => match('town', value, LINE_OF_TEXT, LINE_WORDS));
    const region = match('region', cell('region'), LINE_OF_TEXT, LINE_WORDS);
    const inn = optional('inn', (value) => {
      const parsed = parseInn(value);
      const holder = parsed.ok && parsed.holder === 'person';
      return take('inn', holder ? { ok: false, fault: 'inn_length' } : parsed, INN_WORDS);
    });
    const email = optional('email', (value) => {
      const parsed = parseEmailAddress(value);
      if (!parsed.ok) reasons.push('email is not an e-mail address');
      return parsed.ok ? parsed.value : undefined;
    });
    const phone = optional('phone', (value) => {
      const parsed = parsePhoneNumber(value);
      if (!parsed.ok) reasons.push('phone is not a phone number');
      return parsed.ok ? parsed.value : undefined;
    });
    const units = unitsIn(cell('units'));
    for (const unit of units) match('units', unit, LINE_OF_TEXT, LINE_WORDS);
    if (reasons.length > 0) return { ok: false, reasons };
    const words = organisationWords({ name, shortName, town, inn });
    return {
      ok: true,
      values: [id, kind, parentId, name, shortName, town, region, inn, email, phone, units, words],
    };
  },
  stages: ORGANISATION_KINDS.map((kind) => stageOf(kind, ABOVE[kind])),
};

/** «школа | детский сад № 3» */
function unitsIn(cell: string): string[] {
  return cell
    .split('|')
    .map((unit) => unit.trim())
    .filter((unit) => unit !== '');
}

function stageOf(kind: OrganisationKind, above: readonly string[]): ImportStage {
  const parents = above.map((each) => `'${each}'`).join(', ');
  const refusals = [
    `update import_line l set fault = 'id is already on line ' || f.first_line
       from (select place, row_number() over same as nth, first_value(line) over same as first_line
               from import_line where fault is null
             window same as (partition by organisation_id order by place)) f
      where f.place = l.place and f.nth > 1`,
    `update import_line l set fault = 'kind is «' || o.kind || '» in the register, and a kind does not change'
       from organisation o
      where l.fault is null and l.kind = '${kind}' and o.id = l.organisation_id and o.kind <> l.kind
        and not (o.kind in ${PLACES_OF_WORK} and l.kind in ${PLACES_OF_WORK})`,
  ];
  if (parents !== '') {
    refusals.push(
      `update import_line l set fault = 'parent_id must name an organisation of the kind ${above.join(' or ')}'
        where fault is null and kind = '${kind}'
          and not exists (select from organisation o where o.id = l.parent_id and o.kind in (${parents}))`,
    );
  }
  const details = DETAILS.join(', ');
  return {
    refusals,
    merges: [
      `with merged as (
         insert into organisation as o (id, ${details})
         select organisation_id, ${details} from import_line
          where fault is null and kind = '${kind}' and place > $1 and place <= $2
         on conflict (id) do update
           set ${DETAILS.map((name) => `${name} = excluded.${name}`).join(', ')}
           where (${DETAILS.map((name) => `o.${name}`).join(', ')})
                 is distinct from (${DETAILS.map((name) => `excluded.${name}`).join(', ')})
         returning o.xmax = 0 as added)
       select count(*) filter (where added)::int as added,
              count(*) filter (where not added)::int as changed from merged`,
    ],
  };
}
