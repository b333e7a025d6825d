/** ОГРН, the number of a legal entity in the state register: thirteen digits, the last a check digit. */
import { normalForm } from './normal-form.ts';

const LONGEST_INPUT = 100;

export type ParsedOgrn = { readonly ok: true; readonly value: string } | { readonly ok: false };

export function parseOgrn(typed: string): ParsedOgrn {
  if (typed.length > LONGEST_INPUT) return { ok: false };
  const value = normalForm(typed).replace(/\s/g, '');
  if (!/^[0-9]{13}$/.test(value)) return { ok: false };
  return (Number(value.slice(0, 12)) % 11) % 10 === Number(value[12]) ? { ok: true, value } : { ok: false };
}
