/** What an administrator has typed into a record of «Контингент», and what the data rules say of it. Pure. */
import { z } from 'zod';
import type { Correction } from '../../adapters/school-register/school-register.ts';
import { parseCalendarDate } from '../data-rules/calendar-date.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { parseNamePart, parsePatronymic } from '../data-rules/person-name.ts';
import type { FieldProblem } from '../http/screens/shared.ts';

const text = z.string().max(1_000);

export const correctionFields = { family: text, given: text, middle: text, birthdate: text, email: text };

export type CorrectionField = keyof typeof correctionFields;
export type TypedCorrection = Readonly<Record<CorrectionField, string>>;
export type CorrectionProblem = FieldProblem<CorrectionField>;

/** Problems in the order of the fields; `correction` is of use only when there are none. */
export function readCorrection(
  typed: TypedCorrection,
  today: string,
): { readonly correction: Correction; readonly problems: readonly CorrectionProblem[] } {
  const problems: CorrectionProblem[] = [];
  const nameOf = (field: 'family' | 'given'): string => {
    const parsed = parseNamePart(typed[field]);
    if (parsed.ok) return parsed.value;
    problems.push({ field, code: `${field}_${ENDING[parsed.fault]}` });
    return '';
  };

  const family = nameOf('family');
  const given = nameOf('given');
  const middle = parsePatronymic(typed.middle);
  if (!middle.ok) {
    // «Missing» cannot be: none is a patronymic, too.
    const code = middle.fault === 'name_too_long' ? 'middle_too_long' : 'middle_forbidden_character';
    problems.push({ field: 'middle', code });
  }
  // Learners are in «Контингент», too: no age is too young.
  const birthdate = parseCalendarDate(typed.birthdate);
  if (!birthdate.ok) {
    const code = typed.birthdate.trim() === '' ? 'birthdate_missing' : birthdate.fault;
    problems.push({ field: 'birthdate', code });
  } else if (birthdate.value > today) {
    problems.push({ field: 'birthdate', code: 'date_in_future' });
  }
  const email = typed.email.trim() === '' ? undefined : parseEmailAddress(typed.email);
  if (email && !email.ok) problems.push({ field: 'email', code: email.fault });
  return {
    correction: {
      ...{ family, given, birthdate: birthdate.ok ? birthdate.value : '' },
      ...(middle.ok && middle.value !== undefined && { middle: middle.value }),
      ...(email?.ok && { email: email.value }),
    },
    problems,
  };
}

const ENDING = {
  name_missing: 'missing',
  name_too_long: 'too_long',
  name_forbidden_character: 'forbidden_character',
} as const;
