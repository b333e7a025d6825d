/** The fields both variants ask for, and what the data rules say of them (domain.md §3.6, §3.7). Pure. */
import { z } from 'zod';
import { parseBirthdate } from '../data-rules/calendar-date.ts';
import { parseNamePart, parsePatronymic } from '../data-rules/person-name.ts';
import type { ProblemCode } from '../http/texts.ts';

/** Longer than anything the data rules take; they say what is wrong with it. */
export const typedText = z.string().max(1_000);
export const tick = z.literal('yes').optional();

export const personFields = {
  family: typedText,
  given: typedText,
  middle: typedText,
  birthdate: typedText,
  union_pd: tick,
  union_messages: tick,
};

type PersonField = keyof typeof personFields;
export type TypedPerson = { readonly [field in PersonField]?: string | undefined };

export type FormProblem<Field extends string> = {
  readonly field: Field | 'form';
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, number>>;
};

export type ReadPerson = {
  readonly family: string;
  readonly given: string;
  readonly middle?: string;
  /** yyyy-mm-dd. */
  readonly birthdate: string;
};

/** Problems in the order of the fields; `person` is of use only when there are none. */
export function readPerson(
  typed: TypedPerson,
  today: string,
): { readonly person: ReadPerson; readonly problems: readonly FormProblem<PersonField>[] } {
  const problems: FormProblem<PersonField>[] = [];
  const nameOf = (field: 'family' | 'given'): string => {
    const parsed = parseNamePart(typed[field] ?? '');
    if (parsed.ok) return parsed.value;
    problems.push({ field, code: `${field}_${ENDING[parsed.fault]}` });
    return '';
  };

  const family = nameOf('family');
  const given = nameOf('given');
  const middle = parsePatronymic(typed.middle ?? '');
  if (!middle.ok) {
    // «Missing» cannot be: none is a patronymic, too.
    const code = middle.fault === 'name_too_long' ? 'middle_too_long' : 'middle_forbidden_character';
    problems.push({ field: 'middle', code });
  }
  const birthdate = parseBirthdate(typed.birthdate ?? '', today);
  if (!birthdate.ok) {
    const code = (typed.birthdate ?? '').trim() === '' ? 'birthdate_missing' : birthdate.fault;
    problems.push({ field: 'birthdate', code });
  }
  return {
    person: {
      family,
      given,
      birthdate: birthdate.ok ? birthdate.value : '',
      ...(middle.ok && middle.value !== undefined && { middle: middle.value }),
    },
    problems,
  };
}

const ENDING = {
  name_missing: 'missing',
  name_too_long: 'too_long',
  name_forbidden_character: 'forbidden_character',
} as const;

/** nothing is done with the data before this tick. */
export function consentProblems(typed: TypedPerson): readonly FormProblem<'union_pd'>[] {
  return typed.union_pd === 'yes' ? [] : [{ field: 'union_pd', code: 'union_pd_missing' }];
}
