/** The passport of an organisation: what each tab wants, and what the data rules say of it. */
import { describe, expect, it } from 'vitest';
import {
  PASSPORT_FIELDS,
  PASSPORT_TABS,
  type Passport,
} from '../../../adapters/passport-store/passport-store.ts';
import {
  PASSPORT_RULES,
  readTab,
  shownValue,
  unfilledTabs,
} from '../../../provider/records/read-passport.ts';

const TODAY = '2026-11-21';
const codeOf = (tab: (typeof PASSPORT_TABS)[number], field: string, typed: string) =>
  readTab(tab, { [field]: typed }, TODAY).problems.find((problem) => problem.field === field)?.code;

describe('a tab of the passport', () => {
  it.each(PASSPORT_TABS)('«%s» wants what is required of it', (tab) => {
    const required = PASSPORT_FIELDS[tab].filter((field) => PASSPORT_RULES[field].required);
    const { problems } = readTab(tab, {}, TODAY);
    expect(problems).toEqual(required.map((field) => ({ field, code: 'field_missing' })));
    expect(required.length).toBeGreaterThan(0);
  });

  it.each([
    ['inpo', 'inpo', '<b>', 'inpo_malformed'],
    ['inpo', 'inpo', 'x'.repeat(51), 'inpo_malformed'],
    ['inpo', 'inpoAssignedOn', '31.02.2020', 'field_date'],
    ['inpo', 'inpoAssignedOn', '22.11.2026', 'field_date_in_future'],
    ['registration', 'ogrn', '1027700132195', undefined],
    ['registration', 'ogrn', '1027700132196', 'ogrn_malformed'],
    ['registration', 'ogrn', '102770013219', 'ogrn_malformed'],
    ['registration', 'creationDocument', 'x'.repeat(501), 'field_too_long'],
    ['registration', 'creationDocument', 'протокол\u202E № 1', 'field_forbidden_character'],
    ['organisation', 'inn', '0059000019', 'inn_check_digit'],
    ['organisation', 'inn', '005900000186', 'inn_length'],
    ['organisation', 'workers', '-1', 'field_number'],
    ['organisation', 'workers', '1 200', undefined],
    ['contacts', 'phone', '+8 900 000 00 01', 'phone_mixed_notation'],
    ['contacts', 'email', 'a@b', 'email_malformed'],
    ['contacts', 'site', 'school15.example.test', undefined],
    ['contacts', 'site', 'javascript:alert(1)', 'site_malformed'],
    ['contacts', 'site', 'https://user:word@evil.test', 'site_malformed'],
  ] as const)('«%s» says of %s «%s»: %s', (tab, field, typed, code) => {
    expect(codeOf(tab, field, typed)).toBe(code);
  });

  it('keeps normal forms, and shows them as somebody would type them', () => {
    const { values } = readTab(
      'registration',
      { createdOn: '1.9.2003', creationDocument: ' протокол\n№ 1 ' },
      TODAY,
    );
    expect(values).toEqual({ createdOn: '2003-09-01', creationDocument: 'протокол № 1' });
    expect(shownValue('createdOn', '2003-09-01')).toBe('01.09.2003');
    expect(shownValue('workers', undefined)).toBe('');
  });

  it('is filled in when nothing required is missing', () => {
    const values = Object.fromEntries(
      Object.entries(PASSPORT_RULES).flatMap(([field, rule]) => (rule.required ? [[field, 'x']] : [])),
    );
    const passport: Passport = {
      ...{ organisationId: 'P-01', values },
      versions: { inpo: 0, registration: 0, organisation: 0, contacts: 0 },
    };
    expect(unfilledTabs(passport)).toEqual([]);
    expect(unfilledTabs({ ...passport, values: { ...values, town: undefined } })).toEqual(['contacts']);
  });
});
