import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../adapters/account-store/account-store.ts';
import type { Draft } from '../../../adapters/draft-store/draft-store.ts';
import { readTemplates } from '../../../provider/documents/templates.ts';
import { documentWriter } from '../../../provider/documents/write-documents.ts';
import { applicationDraftOf, readApplication } from '../../../provider/join/application-form.ts';
import { textsOf } from '../../../provider/join/prepare-documents.ts';
import { readTicket, ticketDraftOf } from '../../../provider/join/ticket-form.ts';

const TODAY = '2026-11-21';
const templates = documentWriter(readTemplates());
const account: Account = {
  id: 'acc_1',
  status: 'confirmed',
  locale: 'en',
  updatedAt: new Date(0),
  verifiedEmail: 'rashad@example.test',
};
const person = { family: 'Мамедов', given: 'Рашад', middle: 'Али оглы', birthdate: '30.11.1980' };
const ticket = { ...person, ticket: '9900 0000 0000 0052', union_pd: 'yes' as const };
const school = {
  id: 'P-01',
  name: 'Школа № 15',
  shortName: 'МБОУ СОШ № 15 г. Васильевска',
  region: 'Приозерская Республика',
  inn: '0059000018',
  units: [],
};
const application = {
  typed: {
    ...{ ...person, purpose: 'joining' as const, sex: 'male' as const, phone: '8 900 000-00-01' },
    ...{ organisation_query: '15', unit: '', employment: 'worker' as const, union_pd: 'yes' as const },
  },
  organisation: school,
};
const draft = (forms: Draft['forms'], variant: Draft['variant'] = 'ticket'): Draft => ({
  forms,
  revision: 1,
  ...(variant && { variant }),
});

describe('the form of variant 1', () => {
  it('reads five fields in any spelling of the rules', () => {
    expect(readTicket(ticket, TODAY)).toEqual({
      ok: true,
      claimed: { ...person, birthdate: '1980-11-30', ticket: '9900000000000052' },
    });
    const none = readTicket({ ...ticket, middle: ' – ' }, TODAY);
    expect(none.ok && none.claimed.middle).toBeUndefined();
  });

  it.each([
    [{ family: '' }, 'family', 'family_missing'],
    [{ family: 'x'.repeat(101) }, 'family', 'family_too_long'],
    [{ given: 'https://evil.test' }, 'given', 'given_forbidden_character'],
    [{ middle: '<b>' }, 'middle', 'middle_forbidden_character'],
    [{ middle: 'й'.repeat(101) }, 'middle', 'middle_too_long'],
    [{ birthdate: ' ' }, 'birthdate', 'birthdate_missing'],
    [{ birthdate: '14.03.84' }, 'birthdate', 'date_two_digit_year'],
    [{ birthdate: '31.04.1990' }, 'birthdate', 'date_not_in_calendar'],
    [{ birthdate: '22.11.2026' }, 'birthdate', 'date_in_future'],
    [{ birthdate: '22.11.2012' }, 'birthdate', 'birthdate_too_young'],
    [{ birthdate: '01.01.1900' }, 'birthdate', 'birthdate_too_old'],
    [{ ticket: '' }, 'ticket', 'ticket_missing'],
    [{ ticket: '990000000000005' }, 'ticket', 'ticket_length'],
    [{ ticket: '99OO 0000 0000 0052' }, 'ticket', 'ticket_letter_for_zero'],
    [{ union_pd: undefined }, 'union_pd', 'union_pd_missing'],
  ])('refuses %j', (change, field, code) => {
    expect(readTicket({ ...ticket, ...change }, TODAY)).toEqual({ ok: false, problems: [{ field, code }] });
  });

  it('lets in whoever turns fourteen today', () => {
    expect(readTicket({ ...ticket, birthdate: '21.11.2012' }, TODAY).ok).toBe(true);
  });
});

describe('the form of variant 2', () => {
  it('reads what the register is told', () => {
    const read = readApplication(application, TODAY);
    expect(read).toMatchObject({ ok: true, application: { phone: '+79000000001', organisation: school } });
    expect(read.ok && 'unit' in read.application).toBe(false);
    const typed = { ...application.typed, unit: '  Детский сад\t № 3 ' };
    const within = readApplication({ ...application, typed }, TODAY);
    expect(within.ok && within.application.unit).toBe('Детский сад № 3');
  });

  it.each([
    [{ sex: undefined }, 'sex', 'sex_missing'],
    [{ phone: '' }, 'phone', 'phone_missing'],
    [{ phone: '8 900 000 00 0' }, 'phone', 'phone_length'],
    [{ phone: '+8 900 000 00 01' }, 'phone', 'phone_mixed_notation'],
    [{ phone: 'нет' }, 'phone', 'phone_malformed'],
    [{ unit: 'а'.repeat(201) }, 'unit', 'unit_too_long'],
    [{ unit: '\u0000' }, 'unit', 'unit_forbidden_character'],
    [{ unit: '\uD800' }, 'unit', 'unit_forbidden_character'],
    [{ employment: undefined }, 'employment', 'employment_missing'],
    [{ union_pd: undefined }, 'union_pd', 'union_pd_missing'],
  ])('refuses %j', (change, field, code) => {
    const typed = { ...application.typed, ...change };
    expect(readApplication({ ...application, typed }, TODAY)).toEqual({
      ok: false,
      problems: [{ field, code }],
    });
  });

  it('refuses an application without an organisation', () => {
    expect(readApplication({ typed: application.typed }, TODAY)).toEqual({
      ok: false,
      problems: [{ field: 'organisation_query', code: 'organisation_missing' }],
    });
  });
});

describe('a draft', () => {
  it('of another release, or of nobody, is none', () => {
    expect(ticketDraftOf(undefined)).toBeUndefined();
    expect(ticketDraftOf(draft({ ticket: { typed: { family: 1 } } }))).toBeUndefined();
    expect(applicationDraftOf(draft({ application: 'x' }))).toBeUndefined();
    const more = { typed: { ...ticket, rank: 'x' }, matched: true, member: 'M-05' };
    expect(ticketDraftOf(draft({ ticket: more }))).toEqual({ typed: ticket, matched: true });
  });

  it('whatever is in it, is read without a fault', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (json, text) => {
        ticketDraftOf(draft({ ticket: json }));
        applicationDraftOf(draft({ application: json }));
        const typed = Object.fromEntries(Object.keys(ticket).map((key) => [key, text])) as typeof ticket;
        const problems = readTicket(typed, TODAY);
        expect(problems.ok).toBe(false);
      }),
    );
  });
});

describe('documents', () => {
  const of = (forms: Draft['forms'], variant: 'ticket' | 'application') =>
    textsOf(templates, account, variant, draft(forms, variant), TODAY);

  it('are made of what was checked, and only then', () => {
    const texts = of({ ticket: { typed: ticket, matched: true } }, 'ticket');
    expect(texts?.map(({ type }) => type)).toEqual(['union_pd']);
    for (const said of ['Мамедов Рашад Али оглы', '30.11.1980', '9900000000000052', 'rashad@example.test']) {
      expect(texts?.[0]?.body).toContain(said);
    }
    expect(of({ ticket: { typed: ticket, matched: false } }, 'ticket')).toBeUndefined();
    expect(of({ application }, 'ticket')).toBeUndefined();
    expect(of({}, 'ticket')).toBeUndefined();
  });

  it('are one each: the application, the consent, and the messages when they are wished for', () => {
    const texts = of({ application }, 'application');
    expect(texts?.map(({ type }) => type)).toEqual(['application', 'union_pd']);
    // In Russian for whoever reads the pages in English, too.
    expect(texts?.[0]?.body).toContain('Работник');
    expect(texts?.[0]?.body).toContain('+79000000001');
    const typed = { ...application.typed, union_messages: 'yes' as const };
    const all = of({ application: { ...application, typed } }, 'application');
    expect(all?.map(({ type }) => type)).toEqual(['application', 'union_pd', 'union_messages']);
    expect(all?.[2]?.channels).toEqual(['sms', 'push', 'email']);
  });

  it('are equal for equal drafts, and other ones for another purpose', () => {
    const enrolment = { ...application, typed: { ...application.typed, purpose: 'enrolment' as const } };
    expect(of({ application }, 'application')).toEqual(of({ application }, 'application'));
    const hashes = [application, enrolment].map(
      (form) => of({ application: form }, 'application')?.[0]?.sha256,
    );
    expect(new Set(hashes).size).toBe(2);
  });

  it('are for nobody without a confirmed address', () => {
    const { verifiedEmail: _, ...unconfirmed } = account;
    expect(textsOf(templates, unconfirmed, 'application', draft({ application }), TODAY)).toBeUndefined();
  });
});
