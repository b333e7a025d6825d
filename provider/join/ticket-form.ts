/** Variant 1 as a form: what may be posted, how it is kept in the draft, and what the data rules say of it. Pure. */
import { z } from 'zod';
import type { Draft } from '../../adapters/draft-store/draft-store.ts';
import { parseTicketNumber } from '../data-rules/ticket-number.ts';
import type { ClaimedMembership } from '../register/check-membership.ts';
import { consentProblems, type FormProblem, personFields, readPerson, typedText } from './person-fields.ts';

export const ticketFields = { ...personFields, ticket: typedText };

export type TicketField = keyof typeof ticketFields;
export type TypedTicket = z.output<z.ZodObject<typeof ticketFields>>;

const ticketDraft = z.object({
  typed: z.object(ticketFields),
  /** The register has confirmed exactly what is typed here. */
  matched: z.boolean(),
});
export type TicketDraft = z.output<typeof ticketDraft>;

/** Undefined when there is none, or one of another release that is not understood any more. */
export function ticketDraftOf(draft: Draft | undefined): TicketDraft | undefined {
  return ticketDraft.safeParse(draft?.forms.ticket).data;
}

export function readTicket(
  typed: TypedTicket,
  today: string,
):
  | { readonly ok: true; readonly claimed: ClaimedMembership }
  | { readonly ok: false; readonly problems: readonly FormProblem<TicketField>[] } {
  const { person, problems } = readPerson(typed, today);
  const ticket = parseTicketNumber(typed.ticket);
  const all: FormProblem<TicketField>[] = [...problems];
  if (!ticket.ok) {
    all.push({ field: 'ticket', code: typed.ticket.trim() === '' ? 'ticket_missing' : ticket.fault });
  }
  all.push(...consentProblems(typed));
  return ticket.ok && all.length === 0
    ? { ok: true, claimed: { ...person, ticket: ticket.value } }
    : { ok: false, problems: all };
}
