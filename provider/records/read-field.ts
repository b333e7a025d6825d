/** Readings that several forms of an organisation share: each typed text is empty, a value in normal form, or a fault. */
import { parseCalendarDate } from '../data-rules/calendar-date.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { normalForm } from '../data-rules/normal-form.ts';
import { parsePhoneNumber } from '../data-rules/phone-number.ts';
import { parseSnils } from '../data-rules/snils.ts';
import { parseTicketNumber } from '../data-rules/ticket-number.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import type { ProblemCode } from '../http/texts.ts';

const LONGEST_TEXT = 500;
/** Alternatives, since the joiners would join in a class. */
const INVISIBLE = /\u200B|\u200C|\u200D|\uFEFF|\u00AD/g;

/** `value` undefined: left empty. */
export type ReadField =
  | { readonly ok: true; readonly value: string | undefined }
  | { readonly ok: false; readonly code: ProblemCode };

/** `today`: yyyy-mm-dd. */
export type FieldReader = (typed: string, today: string) => ReadField;

const LEFT_EMPTY = { ok: true, value: undefined } as const;

type Parsed<Fault> =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly fault: Fault };

/** By a data rule whose faults have texts of their own. */
export function reading<Fault extends ProblemCode>(parse: (typed: string) => Parsed<Fault>): FieldReader {
  return (typed) => {
    if (normalForm(typed) === '') return LEFT_EMPTY;
    const parsed = parse(typed);
    return parsed.ok ? { ok: true, value: parsed.value } : { ok: false, code: parsed.fault };
  };
}

/** By a data rule that only says no. */
export function readingOr(
  code: ProblemCode,
  parse: (typed: string) => { readonly ok: true; readonly value: string } | { readonly ok: false },
): FieldReader {
  return (typed) => {
    if (normalForm(typed) === '') return LEFT_EMPTY;
    const parsed = parse(typed);
    return parsed.ok ? { ok: true, value: parsed.value } : { ok: false, code };
  };
}

/** Several lines are joined: what is kept is a line. Not the compatibility form, which makes «No» of «№». */
export const readText: FieldReader = (typed) => {
  const value = typed.normalize('NFC').replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();
  if (value === '') return LEFT_EMPTY;
  if (value.length > LONGEST_TEXT) return { ok: false, code: 'field_too_long' };
  return /\p{Cc}|\p{Cf}|[<>]/u.test(value)
    ? { ok: false, code: 'field_forbidden_character' }
    : { ok: true, value };
};

export const readPhone = reading(parsePhoneNumber);
export const readEmail = reading(parseEmailAddress);
export const readSnils = reading(parseSnils);
export const readTicket = reading(parseTicketNumber);

export const readCount = readingOr('field_number', (typed) => {
  const value = normalForm(typed).replace(/\s/g, '');
  return /^[0-9]{1,6}$/.test(value) ? { ok: true, value: String(Number(value)) } : { ok: false };
});

export const readPastDay: FieldReader = (typed, today) => {
  if (normalForm(typed) === '') return LEFT_EMPTY;
  const parsed = parseCalendarDate(typed);
  if (!parsed.ok) return { ok: false, code: 'field_date' };
  return parsed.value > today ? { ok: false, code: 'field_date_in_future' } : parsed;
};

/** Problems say by its name which field they are about. */
export function withLabels<Field extends string>(
  problems: readonly FieldProblem<Field>[],
  labelOf: (field: Field) => string,
): readonly FieldProblem<Field>[] {
  return problems.map((problem) =>
    problem.field === 'form'
      ? problem
      : { ...problem, params: { label: labelOf(problem.field as Field), ...problem.params } },
  );
}
