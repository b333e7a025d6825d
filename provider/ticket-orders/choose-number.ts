/** Which number somebody gets: the next of the ranges, or one typed by hand. Asked at acceptance, or of her card later. */
import type { TicketRefusal, TicketWanted } from '../../adapters/member-tickets/member-tickets.ts';
import { parseTicketNumber } from '../data-rules/ticket-number.ts';
import type { FieldProblem } from '../http/screens/shared.ts';

export type NumberProblem = FieldProblem<'number' | 'typed'>;

export const NUMBER_PROBLEMS: Readonly<Record<TicketRefusal['kind'], NumberProblem>> = {
  'ticket-taken': { field: 'typed', code: 'application_number_taken' },
  'no-number-left': { field: 'number', code: 'no_ticket_numbers' },
};

export function chooseNumber(
  chosen: TicketWanted['kind'] | undefined,
  typed: string,
): TicketWanted | NumberProblem {
  if (chosen === undefined) return { field: 'number', code: 'application_number_missing' };
  if (chosen === 'next') return { kind: 'next' };
  const parsed = parseTicketNumber(typed);
  if (parsed.ok) return { kind: 'typed', number: parsed.value };
  return { field: 'typed', code: typed.trim() === '' ? 'ticket_missing' : parsed.fault };
}
