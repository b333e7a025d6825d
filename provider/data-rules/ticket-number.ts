/**
 * Number of the electronic union ticket (номер ЭПБ): sixteen opaque digits, kept as text. It has no check digit that
 * anybody knows of, and it is no bank card: no Luhn here (domain.md §3.1).
 */
import { normalForm } from './normal-form.ts';

const LONGEST_INPUT = 100;
const SEPARATORS = /[\s\-‐‑–—.]/g;

export type TicketNumberFault = 'ticket_length' | 'ticket_letter_for_zero';
export type ParsedTicketNumber =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly fault: TicketNumberFault };

/** `value` is sixteen ASCII digits; leading zeros are kept. */
export function parseTicketNumber(typed: string): ParsedTicketNumber {
  if (typed.length > LONGEST_INPUT) return { ok: false, fault: 'ticket_length' };
  const bare = normalForm(typed).replace(SEPARATORS, '');
  if (/^[0-9]{16}$/.test(bare)) return { ok: true, value: bare };
  const lettersForZeros = /^[0-9OoОо]{16}$/.test(bare);
  return { ok: false, fault: lettersForZeros ? 'ticket_letter_for_zero' : 'ticket_length' };
}

/** In groups of four, as on the card; anything shorter is grouped as far as it goes. */
export function formatTicketNumber(number: string): string {
  return number.replace(/\d{4}(?=\d)/g, '$& ');
}

/** The last four digits, for pages that others may see over one's shoulder. */
export function maskTicketNumber(number: string): string {
  return `•••• •••• •••• ${number.slice(-4)}`;
}
