/**
 * The tickets of one member, as her card shows them: the first number is assigned, a lost ticket is blocked, and another
 * number takes its place.
 */

import type { MembershipState } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';
import type { TicketState } from '../registry/registry.ts';

export type MemberWithTickets = {
  readonly memberId: string;
  readonly family: string;
  readonly given: string;
  readonly middle?: string;
  readonly membership: MembershipState;
  /** The latest first. */
  readonly tickets: readonly {
    readonly number: string;
    readonly state: TicketState;
    readonly since: Date;
    /** Blocked, and it is known where it stood before. */
    readonly unblockable: boolean;
  }[];
};

/** One named by hand, or the next of the ranges. */
export type TicketWanted = { readonly kind: 'typed'; readonly number: string } | { readonly kind: 'next' };

export type TicketRefusal =
  /** The number is somebody's, or was. */
  | { readonly kind: 'ticket-taken' }
  /** The ranges are used up. */
  | { readonly kind: 'no-number-left' };

export type Assignment =
  | { readonly kind: 'assigned' }
  /** She has a number already: whoever pressed first has assigned it. */
  | { readonly kind: 'held' }
  /** No member of that organisation, or her number is to be replaced. */
  | { readonly kind: 'not-open' }
  | TicketRefusal;

/** All acts are told to the feed of the register; of several at once the first counts. */
export interface MemberTickets {
  /** Undefined when she is not on record at that organisation. */
  of(organisationId: string, memberId: string): Promise<MemberWithTickets | undefined>;
  /** Of one ticket; undefined when the register does not know the number. */
  stateOf(number: string): Promise<TicketState | undefined>;
  /** The number that was to come later, once: nothing is written unless it is `assigned`. */
  assign(
    organisationId: string,
    memberId: string,
    wanted: TicketWanted,
    within: Queryable,
  ): Promise<Assignment>;
  /** It signs nobody in any more, and its order does without it. False when she has none that does. `by`: an account. */
  block(organisationId: string, memberId: string, by: string, within: Queryable): Promise<boolean>;
  /** Undoes that, for a ticket blocked by mistake and not replaced yet. False when she has none such. */
  unblock(organisationId: string, memberId: string, within: Queryable): Promise<boolean>;
  /**
   * The blocked one is replaced by `number`, which is to be ordered anew; the old one leads nowhere and is never given
   * again. False when none is blocked.
   */
  replace(
    organisationId: string,
    memberId: string,
    number: () => Promise<string>,
    within: Queryable,
  ): Promise<boolean>;
}
