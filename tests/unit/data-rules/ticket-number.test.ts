/** domain.md §3.1, row by row. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatTicketNumber,
  maskTicketNumber,
  parseTicketNumber,
} from '../../../provider/data-rules/ticket-number.ts';

it.each([
  '9900000000000011',
  '9900 0000 0000 0011',
  '9900-0000-0000-0011',
  ' 9900 0000 0000 0011\n',
  '9900‐0000‑0000–0011',
  '9900.0000—0000.0011',
  '9900\u00A00000\u200B0000\u00AD0011',
  '９９００００００００００００１１',
])('%j is 9900000000000011', (typed) => {
  expect(parseTicketNumber(typed)).toEqual({ ok: true, value: '9900000000000011' });
});

it('keeps leading zeros and asks for no check digit', () => {
  expect(parseTicketNumber('0099 1234 5678 9012')).toEqual({ ok: true, value: '0099123456789012' });
});

it.each([
  '990000000000001',
  '99000000000000111',
  '',
  '٩٩٠٠٠٠٠٠٠٠٠٠٠٠١١',
  '9900 0000 0000 001X',
  '9'.repeat(60_000),
])('%.30j has not sixteen digits', (typed) => {
  expect(parseTicketNumber(typed)).toEqual({ ok: false, fault: 'ticket_length' });
});

it.each(['99OO 0000 0000 0011', '99ОО 0000 0000 0011', '99oо000000000011'])(
  '%j has a letter for a zero',
  (typed) => {
    expect(parseTicketNumber(typed)).toEqual({ ok: false, fault: 'ticket_letter_for_zero' });
  },
);

describe('shown', () => {
  it('in groups of four', () => {
    expect(formatTicketNumber('9900000000000011')).toBe('9900 0000 0000 0011');
    expect(formatTicketNumber('99000')).toBe('9900 0');
  });
  it('masked but for the last four', () => {
    expect(maskTicketNumber('9900000000000011')).toBe('•••• •••• •••• 0011');
  });
});

it('reads back whatever it shows, however it is grouped', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 16, maxLength: 16 });
  const separators = fc.array(fc.constantFrom('', ' ', '-', '–', '.', '\u00A0'), {
    minLength: 16,
    maxLength: 16,
  });
  fc.assert(
    fc.property(digits, separators, (numbers, gaps) => {
      const value = numbers.join('');
      const typed = numbers.map((digit, at) => `${digit}${gaps[at]}`).join('');
      expect(parseTicketNumber(typed)).toEqual({ ok: true, value });
      expect(parseTicketNumber(formatTicketNumber(value))).toEqual({ ok: true, value });
    }),
  );
});

it('answers anything with sixteen ASCII digits or a fault', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (typed) => {
      const parsed = parseTicketNumber(typed);
      expect(parsed.ok ? parsed.value : parsed.fault).toMatch(
        /^(\d{16}|ticket_length|ticket_letter_for_zero)$/,
      );
    }),
  );
});
