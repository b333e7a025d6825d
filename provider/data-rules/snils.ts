/** SNILS, the number of a person's pension account: eleven digits, the last two a checksum (domain.md §3.2). */
import { normalForm } from './normal-form.ts';

const LONGEST_INPUT = 100;
/** Numbers up to this one were given out before the checksum existed. */
const LAST_WITHOUT_CHECKSUM = 1_001_998;

export type SnilsFault = 'snils_length' | 'snils_checksum' | 'snils_unverifiable';
export type ParsedSnils =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly fault: SnilsFault };

/** `value` is eleven digits. `trusted`: the source vouches for numbers that have no checksum. */
export function parseSnils(typed: string, options: { trusted?: boolean } = {}): ParsedSnils {
  if (typed.length > LONGEST_INPUT) return { ok: false, fault: 'snils_length' };
  const value = normalForm(typed).replace(/[\s\-‐‑–—]/g, '');
  if (!/^[0-9]{11}$/.test(value)) return { ok: false, fault: 'snils_length' };
  if (Number(value.slice(0, 9)) <= LAST_WITHOUT_CHECKSUM) {
    return options.trusted ? { ok: true, value } : { ok: false, fault: 'snils_unverifiable' };
  }
  if (checksum(value) !== Number(value.slice(9))) return { ok: false, fault: 'snils_checksum' };
  return { ok: true, value };
}

/** XXX-XXX-XXX XX */
export function formatSnils(value: string): string {
  return value.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1-$2-$3 $4');
}

function checksum(value: string): number {
  const sum = [...value.slice(0, 9)].reduce((total, digit, at) => total + Number(digit) * (9 - at), 0);
  // 100 has no two digits: it counts as 00.
  return (sum % 101) % 100;
}
