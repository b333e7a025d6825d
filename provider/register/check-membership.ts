/**
 * «Проверить данные»: whether five typed fields are those of a member in the register. Pure; it never says which field
 * differs, so that nobody can feel his way to somebody else's data (MSG-11).
 */
import type { RegistryMember } from '../../adapters/registry/registry.ts';
import { comparePersonNames, hasLookalikes } from '../data-rules/person-name.ts';

/** As the data rules have parsed them. */
export type ClaimedMembership = {
  readonly family: string;
  readonly given: string;
  readonly middle?: string;
  /** yyyy-mm-dd. */
  readonly birthdate: string;
  readonly ticket: string;
};

export type MembershipCheck =
  | {
      readonly kind: 'match';
      readonly member: RegistryMember;
      /** The register writes this name with Latin letters among Cyrillic ones: somebody should clean it (§3.6). */
      readonly needsCleaning: boolean;
    }
  /** All five agree, but this number opens nothing any more: it was blocked or replaced. */
  | { readonly kind: 'blocked' }
  /** All five agree, but the membership has ended. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'no-match' };

const NO_MATCH: MembershipCheck = { kind: 'no-match' };

/** `found`: whoever the register knows by the typed number. */
export function checkMembership(
  claimed: ClaimedMembership,
  found: RegistryMember | undefined,
): MembershipCheck {
  if (!found || found.birthdate !== claimed.birthdate) return NO_MATCH;
  const ticket = found.tickets.find(({ number }) => number === claimed.ticket);
  // A missing patronymic is forgiven: the number and the birth date agree exactly (domain.md §3.6).
  if (!ticket || comparePersonNames(claimed, found) === 'mismatch') return NO_MATCH;
  if (ticket.state === 'blocked' || ticket.state === 'replaced') return { kind: 'blocked' };
  if (found.membership === 'ended') return { kind: 'ended' };
  const needsCleaning = [found.family, found.given, found.middle ?? ''].some(hasLookalikes);
  return { kind: 'match', member: found, needsCleaning };
}

/** The ticket that signs in: assigned and not blocked or replaced. */
export function activeTicketOf({ tickets }: RegistryMember): string | undefined {
  return tickets.find(({ state }) => state !== 'blocked' && state !== 'replaced')?.number;
}
