/** Short messages go to Russian mobiles and nowhere else (domain.md §3.4): neither a landline nor a network abroad. */
import { parsePhoneNumber } from '../data-rules/phone-number.ts';

export type MobileRefusal = 'no_phone' | 'not_russian_mobile';

export function reachableMobile(
  phone: string | undefined,
): { readonly ok: true; readonly number: string } | { readonly ok: false; readonly reason: MobileRefusal } {
  if (phone === undefined) return { ok: false, reason: 'no_phone' };
  const parsed = parsePhoneNumber(phone);
  return parsed.ok && parsed.mobile
    ? { ok: true, number: parsed.value }
    : { ok: false, reason: 'not_russian_mobile' };
}
