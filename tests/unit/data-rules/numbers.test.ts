/** Phones, SNILS and INN: domain.md §3.2–3.4, row by row. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInn } from '../../../provider/data-rules/inn.ts';
import { parsePhoneNumber } from '../../../provider/data-rules/phone-number.ts';
import { formatSnils, parseSnils } from '../../../provider/data-rules/snils.ts';

describe('phone', () => {
  it.each([
    '8 (900) 000-00-01',
    '+7 900 000 00 01',
    '9000000001',
    '7-900-000-00-01',
    '+7\u00A0900.000.00.01',
  ])('%s is +79000000001', (typed) => {
    expect(parsePhoneNumber(typed)).toEqual({
      ok: true,
      value: '+79000000001',
      russian: true,
      mobile: true,
    });
  });

  it.each([
    ['8 (342) 000-00-01', '+73420000001', true, false],
    ['+375 29 000-00-01', '+375290000001', false, false],
    ['+7 701 000 00 01', '+77010000001', false, false],
    ['8 600 000 00 01', '+76000000001', false, false],
    ['+886 912 345 678', '+886912345678', false, false],
    ['+84 90 123 45 67', '+84901234567', false, false],
  ])('%s is %s', (typed, value, russian, mobile) => {
    expect(parsePhoneNumber(typed)).toEqual({ ok: true, value, russian, mobile });
  });

  it.each([
    ['+8 900 000 00 01', 'phone_mixed_notation'],
    ['+8 (800) 000-00-01', 'phone_mixed_notation'],
    ['8 900 000 00 0', 'phone_length'],
    ['+7 900 000 00 0', 'phone_length'],
    ['+7 900 000 00 011', 'phone_length'],
    ['3420000001', 'phone_length'],
    ['+1234567', 'phone_length'],
    ['+1234567890123456', 'phone_length'],
    ['', 'phone_malformed'],
    ['+', 'phone_malformed'],
    ['8 900 000 00 01 доб. 5', 'phone_malformed'],
    ['7+9000000001', 'phone_malformed'],
    ['8'.repeat(60_000), 'phone_malformed'],
  ])('%.25s is refused: %s', (typed, fault) => {
    expect(parsePhoneNumber(typed)).toEqual({ ok: false, fault });
  });
});

describe('SNILS', () => {
  it.each([
    ...['112-233-445 95', '11223344595', '112 233 445 95', '900-100-101 91', '900-100-110 92'],
    ...['900-100-029 00', '900-100-038 00', '900-159-998 00', '900-159-999 00'],
  ])('%s is valid', (typed) => {
    expect(parseSnils(typed)).toEqual({ ok: true, value: typed.replace(/\D/g, '') });
  });

  it.each([
    ['112-233-445 96', 'snils_checksum'],
    ['900-100-101 19', 'snils_checksum'],
    ['112-233-445', 'snils_length'],
    ['112-233-445 950', 'snils_length'],
    ['1'.repeat(60_000), 'snils_length'],
    ['001-001-998 00', 'snils_unverifiable'],
  ])('%.20s is refused: %s', (typed, fault) => {
    expect(parseSnils(typed)).toEqual({ ok: false, fault });
  });

  it('without a checksum is believed only from a trusted source', () => {
    expect(parseSnils('001-001-998 00', { trusted: true })).toEqual({ ok: true, value: '00100199800' });
    expect(parseSnils('112-233-445 96', { trusted: true }).ok).toBe(false);
  });

  it('is shown in its customary groups', () => {
    expect(formatSnils('11223344595')).toBe('112-233-445 95');
  });

  it('has exactly one checksum for every number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_001_999, max: 999_999_999 }), (number) => {
        const body = String(number).padStart(9, '0');
        const valid = Array.from({ length: 100 }, (_, at) => `${body}${String(at).padStart(2, '0')}`).filter(
          (snils) => parseSnils(snils).ok,
        );
        expect(valid).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });
});

describe('INN', () => {
  it.each([
    ['0059000018', 'organisation'],
    ['0059000025', 'organisation'],
    ['0059000032', 'organisation'],
    ['0059000040', 'organisation'],
    ['7707083893', 'organisation'],
    ['00 5900 0018 ', 'organisation'],
    ['005900000186', 'person'],
    ['005900000250', 'person'],
  ])('%s belongs to an %s', (typed, holder) => {
    expect(parseInn(typed)).toEqual({ ok: true, value: typed.replace(/\s/g, ''), holder });
  });

  it.each([
    ['0059000019', 'inn_check_digit'],
    ['005900000187', 'inn_check_digit'],
    ['005900000196', 'inn_check_digit'],
    ['59000018', 'inn_leading_zeros_lost'],
    ['05900000186', 'inn_leading_zeros_lost'],
    ['59000019', 'inn_length'],
    ['', 'inn_length'],
    ['0059000018a', 'inn_length'],
    ['0'.repeat(60_000), 'inn_length'],
  ])('%.20s is refused: %s', (typed, fault) => {
    expect(parseInn(typed)).toEqual({ ok: false, fault });
  });
});
