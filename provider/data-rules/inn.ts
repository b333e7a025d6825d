/** INN, the taxpayer's number: ten digits for an organisation, twelve for a person, with check digits (domain.md §3.3). */
import { normalForm } from './normal-form.ts';

const LONGEST_INPUT = 100;
const WEIGHTS = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

export type InnFault = 'inn_length' | 'inn_check_digit' | 'inn_leading_zeros_lost';
export type ParsedInn =
  | { readonly ok: true; readonly value: string; readonly holder: 'organisation' | 'person' }
  | { readonly ok: false; readonly fault: InnFault };

export function parseInn(typed: string): ParsedInn {
  if (typed.length > LONGEST_INPUT) return { ok: false, fault: 'inn_length' };
  const value = normalForm(typed).replace(/\s/g, '');
  if (/^[0-9]{10}$|^[0-9]{12}$/.test(value)) {
    if (!checks(value)) return { ok: false, fault: 'inn_check_digit' };
    return { ok: true, value, holder: value.length === 10 ? 'organisation' : 'person' };
  }
  // Spreadsheets read it as a number.
  const padded = value.padStart(value.length <= 10 ? 10 : 12, '0');
  const zerosLost = /^[0-9]{8,11}$/.test(value) && checks(padded);
  return { ok: false, fault: zerosLost ? 'inn_leading_zeros_lost' : 'inn_length' };
}

function checks(inn: string): boolean {
  const own = inn.length === 10 ? [9] : [10, 11];
  return own.every((at) => checkDigit(inn.slice(0, at)) === Number(inn[at]));
}

/** The weights of a shorter number are the tail of those of a longer one. */
function checkDigit(digits: string): number {
  const weights = WEIGHTS.slice(WEIGHTS.length - digits.length);
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (weights[at] ?? 0), 0);
  return (sum % 11) % 10;
}
