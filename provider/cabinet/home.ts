/** What the front room of the cabinet shows: who she is, where her membership stands, and what waits for her. */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Draft, DraftStore } from '../../adapters/draft-store/draft-store.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { formatTicketNumber, maskTicketNumber } from '../data-rules/ticket-number.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { AddressTroubles } from '../letters/post.ts';

export type HomeNeeds = {
  readonly drafts: Pick<DraftStore, 'find'>;
  readonly troubles: AddressTroubles;
};

export async function homeOf(
  { drafts, troubles }: HomeNeeds,
  account: Account,
  ticketShown: boolean,
): Promise<Screens['cabinet/home']> {
  const { name, member, verifiedEmail, applying } = account;
  const address = parseEmailAddress(verifiedEmail ?? '');
  const [draft, trouble] = await Promise.all([
    member ? undefined : drafts.find(account.id),
    address.ok ? troubles.troubleWith(address.key) : undefined,
  ]);
  return {
    accountId: account.id,
    ...(name && { name: { full: [name.family, name.given, name.middle].filter(Boolean).join(' ') } }),
    membership: member?.membership ?? (applying ? 'applicant' : 'none'),
    ...(member && { organisation: member.organisation }),
    ...(verifiedEmail !== undefined && { email: verifiedEmail }),
    mailTrouble: trouble !== undefined,
    ...(!member && !applying && { join: joinOf(draft) }),
    ...(member?.ticket !== undefined && {
      ticket: ticketShown ? formatTicketNumber(member.ticket) : maskTicketNumber(member.ticket),
    }),
    ticketShown,
  };
}

function joinOf(draft: Draft | undefined): { path: string; unfinished: boolean } {
  const variant = draft?.finishedAt ? undefined : draft?.variant;
  return { path: `/join/${variant ?? 'question'}`, unfinished: variant !== undefined };
}
