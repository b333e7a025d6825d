/** What holds for every rule of domain.md §3, whatever is typed: it answers, and what it gives back it accepts again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBirthdate, parseCalendarDate } from '../../../provider/data-rules/calendar-date.ts';
import { parseEmailAddress } from '../../../provider/data-rules/email-address.ts';
import { parseInn } from '../../../provider/data-rules/inn.ts';
import { normalForm } from '../../../provider/data-rules/normal-form.ts';
import {
  comparePersonNames,
  parseNamePart,
  parsePatronymic,
} from '../../../provider/data-rules/person-name.ts';
import { parsePhoneNumber } from '../../../provider/data-rules/phone-number.ts';
import { parseSnils } from '../../../provider/data-rules/snils.ts';
import { parseTicketNumber } from '../../../provider/data-rules/ticket-number.ts';
import { transliterate } from '../../../provider/data-rules/transliteration.ts';

type Parsed =
  | { readonly ok: true; readonly value: string | undefined }
  | { readonly ok: false; readonly fault: string };

const RULES: Readonly<Record<string, (typed: string) => Parsed>> = {
  'a ticket number': parseTicketNumber,
  'an e-mail address': parseEmailAddress,
  'a phone number': parsePhoneNumber,
  'a SNILS': parseSnils,
  'an INN': parseInn,
  'a date': parseCalendarDate,
  'a birth date': (typed) => parseBirthdate(typed, '2026-09-27'),
  'a part of a name': parseNamePart,
  'a patronymic': parsePatronymic,
};

/** Half noise, half what people really type, in every dress. */
const digits = fc.string({ unit: fc.constantFrom(...'0123456789 -.()+/'), maxLength: 30 });
const words = fc.string({ unit: fc.constantFrom(..."абвЁёйЩщъьabcXYZ -–'.№«»"), maxLength: 40 });
const noise = fc.string({ unit: 'binary', maxLength: 80 });
const dressed = fc.oneof(
  ...['9900000000000011', '900-100-101 91', '0059000018', '+7 900 000 00 01', '01.02.1990'].map((value) =>
    fc.constant(value),
  ),
  digits,
  words,
  fc.emailAddress(),
);
const typed = fc.oneof(
  dressed,
  noise,
  fc.tuple(noise, dressed, noise).map((parts) => parts.join('')),
);

describe.each(Object.entries(RULES))('%s', (_name, parse) => {
  it('is accepted or refused with a code, never thrown at', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const parsed = parse(text);
        if (!parsed.ok) expect(parsed.fault).toMatch(/^[a-z]+(_[a-z]+)+$/);
      }),
      { numRuns: 500 },
    );
  });

  it('is accepted again as it was given back', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const parsed = parse(text);
        if (parsed.ok) expect(parse(parsed.value ?? '')).toMatchObject({ ok: true, value: parsed.value });
      }),
      { numRuns: 500 },
    );
  });
});

it('the normal form and the Latin spelling change nothing the second time', () => {
  fc.assert(
    fc.property(typed, (text) => {
      expect(normalForm(normalForm(text))).toBe(normalForm(text));
      expect(transliterate(transliterate(text))).toBe(transliterate(text));
    }),
    { numRuns: 500 },
  );
});

it('names are compared whatever stands in them, and either way round alike', () => {
  const name = fc.record({ family: typed, given: typed, middle: typed });
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(comparePersonNames(one, other)).toBe(comparePersonNames(other, one));
      expect(comparePersonNames(one, one)).toBe('match');
    }),
    { numRuns: 500 },
  );
});
