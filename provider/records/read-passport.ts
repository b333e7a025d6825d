/** What an organisation's passport asks for, tab by tab, and what the data rules say of it (E-08). Pure. */
import {
  PASSPORT_FIELDS,
  PASSPORT_TABS,
  type Passport,
  type PassportField,
  type PassportTab,
  type PassportValues,
} from '../../adapters/passport-store/passport-store.ts';
import { formatCalendarDate } from '../data-rules/calendar-date.ts';
import { parseInn } from '../data-rules/inn.ts';
import { normalForm } from '../data-rules/normal-form.ts';
import { parseOgrn } from '../data-rules/ogrn.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import {
  type FieldReader,
  readCount,
  readEmail,
  reading,
  readingOr,
  readPastDay,
  readPhone,
  readText,
} from './read-field.ts';

type FieldRule = {
  readonly read: FieldReader;
  readonly required?: true;
  /** How it is typed. */
  readonly input?: 'text' | 'date' | 'number' | 'phone' | 'email' | 'lines';
};

const required = true;

export const PASSPORT_RULES: Readonly<Record<PassportField, FieldRule>> = {
  inpo: { required, read: readingOr('inpo_malformed', parseInpo) },
  inpoAssignedOn: { read: readPastDay, input: 'date' },
  createdOn: { required, read: readPastDay, input: 'date' },
  creationDocument: { required, read: readText },
  registeredOn: { read: readPastDay, input: 'date' },
  registrationDocument: { read: readText },
  ogrn: { read: readingOr('ogrn_malformed', parseOgrn), input: 'number' },
  name: { required, read: readText, input: 'lines' },
  shortName: { required, read: readText },
  inn: { required, read: reading(parseOrganisationInn), input: 'number' },
  institutionType: { required, read: readText },
  workers: { required, read: readCount, input: 'number' },
  learners: { read: readCount, input: 'number' },
  chair: { required, read: readText },
  board: { read: readText, input: 'lines' },
  auditCommission: { read: readText, input: 'lines' },
  town: { required, read: readText },
  postalAddress: { required, read: readText, input: 'lines' },
  legalAddress: { required, read: readText, input: 'lines' },
  phone: { required, read: readPhone, input: 'phone' },
  morePhones: { read: readText },
  email: { required, read: readEmail, input: 'email' },
  site: { read: readingOr('site_malformed', parseSite) },
};

export type TypedPassport = Readonly<Record<string, string>>;
export type PassportProblem = FieldProblem<PassportField>;

/** Problems in the order of the fields; `values` are of use only when there are none. */
export function readTab(
  tab: PassportTab,
  typed: TypedPassport,
  today: string,
): { readonly values: PassportValues; readonly problems: readonly PassportProblem[] } {
  const problems: PassportProblem[] = [];
  const values: { -readonly [field in PassportField]?: string } = {};
  for (const field of PASSPORT_FIELDS[tab]) {
    const rule = PASSPORT_RULES[field];
    const read = rule.read(typed[field] ?? '', today);
    if (!read.ok) problems.push({ field, code: read.code });
    else if (read.value !== undefined) values[field] = read.value;
    else if (rule.required) problems.push({ field, code: 'field_missing' });
  }
  return { values, problems };
}

/** Tabs that still want something; none: «Паспорт заполнен». */
export function unfilledTabs({ values }: Passport): readonly PassportTab[] {
  return PASSPORT_TABS.filter((tab) =>
    PASSPORT_FIELDS[tab].some((field) => PASSPORT_RULES[field].required && values[field] === undefined),
  );
}

/** As somebody would type it. */
export function shownValue(field: PassportField, value: string | undefined): string {
  if (value === undefined) return '';
  return PASSPORT_RULES[field].input === 'date' ? formatCalendarDate(value) : value;
}

/** Given out by the Union; nobody has told us how it is made. */
function parseInpo(typed: string): { ok: true; value: string } | { ok: false } {
  const value = normalForm(typed);
  return /^[\p{L}\p{N}][\p{L}\p{N} ./-]{0,49}$/u.test(value) ? { ok: true, value } : { ok: false };
}

function parseOrganisationInn(typed: string) {
  const parsed = parseInn(typed);
  // A person's number is right, but no organisation's.
  return parsed.ok && parsed.holder === 'person' ? ({ ok: false, fault: 'inn_length' } as const) : parsed;
}

function parseSite(typed: string): { ok: true; value: string } | { ok: false } {
  const text = normalForm(typed);
  const url = text.length > 200 ? null : URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  if (!url?.hostname.includes('.') || url.username !== '' || url.password !== '') return { ok: false };
  return { ok: true, value: url.href };
}
