/** What the front room of the cabinet shows: who she is, where her membership stands, and what waits for her. */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { ApplicationStore } from '../../adapters/application-store/application-store.ts';
import type { DraftStore } from '../../adapters/draft-store/draft-store.ts';
import type { MemberTickets } from '../../adapters/member-tickets/member-tickets.ts';
import { returnedApplication } from '../applications/returned.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { formatTicketNumber, maskTicketNumber } from '../data-rules/ticket-number.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { AddressTroubles } from '../letters/post.ts';

export type WayIntoUnionNeeds = { readonly drafts: Pick<DraftStore, 'find'> };

export type HomeNeeds = WayIntoUnionNeeds & {
  readonly applications: Pick<ApplicationStore, 'of'>;
  readonly troubles: AddressTroubles;
  readonly memberTickets: Pick<MemberTickets, 'stateOf'>;
};

export async function homeOf(
  needs: HomeNeeds,
  account: Account,
  ticketShown: boolean,
): Promise<Screens['cabinet/home']> {
  const { name, member, verifiedEmail, applying } = account;
  const address = parseEmailAddress(verifiedEmail ?? '');
  const [join, returned, ticketState, trouble] = await Promise.all([
    wayIntoUnion(needs, account),
    returnedApplication(needs, account),
    member?.ticket === undefined ? undefined : needs.memberTickets.stateOf(member.ticket),
    address.ok ? needs.troubles.troubleWith(address.key) : undefined,
  ]);
  return {
    accountId: account.id,
    ...(name && { name: { full: [name.family, name.given, name.middle].filter(Boolean).join(' ') } }),
    membership: member?.membership ?? (applying ? 'applicant' : 'none'),
    ...(member && { organisation: member.organisation }),
    ...(verifiedEmail !== undefined && { email: verifiedEmail }),
    mailTrouble: trouble !== undefined,
    ...(returned ? { returned } : join && { join }),
    ...(ticketState && { ticketState }),
    ...(member?.ticket !== undefined && {
      ticket: ticketShown ? formatTicketNumber(member.ticket) : maskTicketNumber(member.ticket),
    }),
    ticketShown,
  };
}

/** For whoever is no member and has not applied. */
export async function wayIntoUnion(
  { drafts }: WayIntoUnionNeeds,
  { id, member, applying }: Account,
): Promise<{ readonly path: string; readonly unfinished: boolean } | undefined> {
  if (member || applying) return undefined;
  const draft = await drafts.find(id);
  const variant = draft?.finishedAt ? undefined : draft?.variant;
  return { path: `/join/${variant ?? 'question'}`, unfinished: variant !== undefined };
}
