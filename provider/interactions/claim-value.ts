/** A claim's value as a page shows it to the person herself: what the portal would be told about her. */
import type { Account } from '../../adapters/account-store/account-store.ts';
import { maskTicketNumber } from '../data-rules/ticket-number.ts';
import type { ClaimWord } from '../http/texts.ts';
import { type Claim, claimsOf, membershipOf } from '../oidc/claims.ts';

/** Nothing where a value says nothing to a reader, or there is none. */
export function claimValue(
  account: Account,
  claim: Claim,
): { readonly value?: string; readonly word?: ClaimWord } {
  if (claim === 'membership') return { word: `membership.${membershipOf(account)}` };
  if (claim === 'locale') return { word: `language.${account.locale}` };
  if (claim === 'org') return text(account.member?.organisation.shortName);
  const value = claimsOf(account)[claim];
  return text(claim === 'ticket_number' && typeof value === 'string' ? maskTicketNumber(value) : value);
}

const text = (value: unknown) => (typeof value === 'string' ? { value } : {});
