/** The tickets of one member, as her card shows them: a lost one is blocked, and another number takes its place. */
import type { Queryable } from '../database/database.ts';
import type { TicketState } from '../registry/registry.ts';

export type MemberWithTickets = {
  readonly memberId: string;
  readonly family: string;
  readonly given: string;
  readonly middle?: string;
  /** The latest first. */
  readonly tickets: readonly {
    readonly number: string;
    readonly state: TicketState;
    readonly since: Date;
  }[];
};

/** Both acts are told to the feed of the register; of several at once the first counts. */
export interface MemberTickets {
  /** Undefined when she is not on record at that organisation. */
  of(organisationId: string, memberId: string): Promise<MemberWithTickets | undefined>;
  /** Of one ticket; undefined when the register does not know the number. */
  stateOf(number: string): Promise<TicketState | undefined>;
  /** It signs nobody in any more, and its order does without it. False when she has none that does. `by`: an account. */
  block(organisationId: string, memberId: string, by: string, within: Queryable): Promise<boolean>;
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
