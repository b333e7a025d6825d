/** Phone numbers: Russian habits in, E.164 out (domain.md §3.4). */
import { normalForm } from './normal-form.ts';

const LONGEST_INPUT = 100;
const PUNCTUATION = /[()\-‐‑–—.\s]/g;

export type PhoneNumberFault = 'phone_malformed' | 'phone_length' | 'phone_mixed_notation';
export type ParsedPhoneNumber =
  | {
      readonly ok: true;
      /** E.164, with the plus. */
      readonly value: string;
      readonly russian: boolean;
      /** A Russian mobile: nothing else is sent an SMS. */
      readonly mobile: boolean;
    }
  | { readonly ok: false; readonly fault: PhoneNumberFault };

export function parsePhoneNumber(typed: string): ParsedPhoneNumber {
  if (typed.length > LONGEST_INPUT) return refused('phone_malformed');
  const bare = normalForm(typed).replace(PUNCTUATION, '');
  if (!/^\+?[0-9]+$/.test(bare)) return refused('phone_malformed');
  // No country code begins with 83 or 89, and 88 followed by nine digits is a Russian free line.
  if (/^\+8[389][0-9]{9}$/.test(bare)) return refused('phone_mixed_notation');
  if (/^\+7/.test(bare)) return bare.length === 12 ? accepted(bare) : refused('phone_length');
  if (/^\+/.test(bare)) return /^\+[0-9]{8,15}$/.test(bare) ? accepted(bare) : refused('phone_length');
  if (/^[78][0-9]{10}$/.test(bare)) return accepted(`+7${bare.slice(1)}`);
  if (/^9[0-9]{9}$/.test(bare)) return accepted(`+7${bare}`);
  return refused('phone_length');
}

function accepted(value: string): ParsedPhoneNumber {
  // +76 and +77 belong to Kazakhstan.
  return { ok: true, value, russian: /^\+7[^67]/.test(value), mobile: value.startsWith('+79') };
}

function refused(fault: PhoneNumberFault): ParsedPhoneNumber {
  return { ok: false, fault };
}
