/** What is asked of a member's card, and what the data rules say of it; the same for a form and a row of a list. Pure. */
import {
  MEMBER_EMPLOYMENTS,
  MEMBER_SEXES,
  type MemberCard,
  type MemberData,
} from '../../adapters/member-book/member-book.ts';
import type { Unit } from '../../adapters/passport-store/passport-store.ts';
import { formatCalendarDate } from '../data-rules/calendar-date.ts';
import { normalForm } from '../data-rules/normal-form.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import { readPerson } from '../join/person-fields.ts';
import {
  type FieldReader,
  readEmail,
  readPastDay,
  readPhone,
  readSnils,
  readText,
  readTicket,
} from './read-field.ts';

/** In the order of the form and of the columns of a list. */
export const MEMBER_FIELDS = [
  ...(['family', 'given', 'middle', 'birthdate', 'sex', 'snils', 'phone', 'email', 'unit'] as const),
  ...(['employment', 'position', 'joinedOn', 'onRecordSince', 'ticket'] as const),
] as const;
export type MemberField = (typeof MEMBER_FIELDS)[number];
export const REQUIRED_OF_MEMBER: readonly MemberField[] = ['family', 'given', 'birthdate'];

export type TypedMember = { readonly [field in MemberField]?: string | undefined };
export type MemberProblem = FieldProblem<MemberField>;

export type ReadMember = {
  readonly data: MemberData;
  /** Digits. */
  readonly snils?: string;
  readonly ticket?: string;
};

const oneOf =
  (choices: readonly string[]): FieldReader =>
  (typed) => {
    if (typed === '') return { ok: true, value: undefined };
    return choices.includes(typed) ? { ok: true, value: typed } : { ok: false, code: 'field_choice' };
  };

const READERS: Readonly<
  Record<Exclude<MemberField, 'family' | 'given' | 'middle' | 'birthdate' | 'unit'>, FieldReader>
> = {
  sex: oneOf(MEMBER_SEXES),
  snils: readSnils,
  phone: readPhone,
  email: readEmail,
  employment: oneOf(MEMBER_EMPLOYMENTS),
  position: readText,
  joinedOn: readPastDay,
  onRecordSince: readPastDay,
  ticket: readTicket,
};

/** `typed.unit` is the id of one of `units`. Problems in the order of the fields; `member` counts when there are none. */
export function readMember(
  typed: TypedMember,
  units: readonly Pick<Unit, 'id'>[],
  today: string,
): { readonly member: ReadMember; readonly problems: readonly MemberProblem[] } {
  const { family, given, middle, birthdate } = typed;
  const { person, problems: ofPerson } = readPerson({ family, given, middle, birthdate }, today);
  const problems: MemberProblem[] = ofPerson.flatMap(({ field, code }) =>
    isMemberField(field) ? [{ field, code }] : [],
  );
  const values: { -readonly [field in keyof typeof READERS]?: string } = {};
  for (const [field, read] of Object.entries(READERS) as [keyof typeof READERS, FieldReader][]) {
    const answer = read(typed[field] ?? '', today);
    if (!answer.ok) problems.push({ field, code: answer.code });
    else if (answer.value !== undefined) values[field] = answer.value;
  }
  const unitId = typed.unit ?? '';
  if (unitId !== '' && !units.some(({ id }) => id === unitId)) {
    problems.push({ field: 'unit', code: 'unit_unknown' });
  }
  const { sex, snils, employment, ticket, ...rest } = values;
  return {
    member: {
      data: {
        ...person,
        ...rest,
        ...(sex !== undefined && { sex: sex as NonNullable<MemberData['sex']> }),
        ...(employment !== undefined && {
          employment: employment as NonNullable<MemberData['employment']>,
        }),
        ...(unitId !== '' && { unitId }),
      },
      ...(snils !== undefined && { snils }),
      ...(ticket !== undefined && { ticket }),
    },
    problems: problems.sort((a, b) => placeOf(a) - placeOf(b)),
  };
}

const isMemberField = (field: string): field is MemberField => MEMBER_FIELDS.some((one) => one === field);
const PLACES = new Map<string, number>(MEMBER_FIELDS.map((field, at) => [field, at]));
const placeOf = ({ field }: MemberProblem): number => PLACES.get(field) ?? 0;

/** As somebody would type it; SNILS and tickets are not typed again. */
export function typedCard(card: MemberCard): TypedMember {
  const day = (date: string | undefined) => (date === undefined ? '' : formatCalendarDate(date));
  const { family, given, middle = '', sex = '', phone = '', email = '' } = card;
  return {
    ...{ family, given, middle, sex, phone, email, birthdate: day(card.birthdate) },
    ...{ unit: card.unitId ?? '', employment: card.employment ?? '', position: card.position ?? '' },
    ...{ joinedOn: day(card.joinedOn), onRecordSince: day(card.onRecordSince) },
  };
}

/** Kinds of data that are not what they were. A field that `after` does not have is not written, and no change. */
export function changedFields(before: MemberData, after: MemberData): readonly MemberField[] {
  const names: readonly (keyof MemberData)[] = [
    ...(['family', 'given', 'middle', 'birthdate', 'sex', 'phone', 'email'] as const),
    ...(['unitId', 'employment', 'position', 'joinedOn', 'onRecordSince'] as const),
  ];
  return names.flatMap((name) =>
    before[name] === after[name] ? [] : [name === 'unitId' ? 'unit' : (name as MemberField)],
  );
}

/** Family, given and patronymic, in one line. */
export function fullName({ family, given, middle }: Pick<MemberData, 'family' | 'given' | 'middle'>): string {
  return [family, given, ...(middle === undefined ? [] : [middle])].join(' ');
}

/** What a page or a search needs of typed words: none when there are none. */
export function wordsIn(typed: string): string | undefined {
  const words = normalForm(typed.slice(0, 200)).replace(/\s+/g, ' ');
  return words === '' ? undefined : words;
}
