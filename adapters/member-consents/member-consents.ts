/**
 * Consents as the card of a member shows them (E-11, E-13): ticks that a chair sets by what is on paper, beside what the
 * person signed in her account. Knows no page; the person learns of a tick through the change feed of the register.
 */

import type { Queryable } from '../database/database.ts';
import type { ConsentType } from '../document-store/document-store.ts';

/** `refused`: «no» from the start; `none`: nobody has asked. */
export type ConsentState = 'given' | 'refused' | 'withdrawn' | 'none';

export type CardConsent = {
  readonly type: ConsentType;
  readonly state: ConsentState;
  /** In force because signed in the account: the person's alone to withdraw. */
  readonly signed?: { readonly at: Date; readonly version: string };
  /** The latest tick, whether it counts or not. */
  readonly tick?: ConsentTick;
  readonly withdrawnAt?: Date;
};

export type ConsentTick = {
  readonly given: boolean;
  /** yyyy-mm-dd, as written on the paper. */
  readonly dated: string;
  readonly at: Date;
  /** Name and office of who set it. */
  readonly by: string;
};

export type CardConsents = { readonly [Type in ConsentType]: CardConsent };

export type MemberConsentsRow = {
  readonly memberId: string;
  readonly family: string;
  readonly given: string;
  readonly middle?: string;
  /** yyyy-mm-dd. */
  readonly birthdate: string;
  readonly consents: CardConsents;
};

export type PaperTick = {
  readonly memberId: string;
  readonly type: ConsentType;
  readonly given: boolean;
  readonly dated: string;
};

/**
 * `same`: it says so already. `signed`: in force by the person's own signature. `withdrawn-later`: she withdrew it after
 * the day on the paper. `not-here`: no member of this organisation.
 */
export type TickOutcome = 'ticked' | 'same' | 'signed' | 'withdrawn-later' | 'not-here';

export interface MemberConsents {
  /** Which consents of each are in force; whoever is no member has none. */
  standing(
    memberIds: readonly string[],
    within?: Queryable,
  ): Promise<ReadonlyMap<string, ReadonlySet<ConsentType>>>;
  /** Undefined when she is not on record at that organisation. */
  card(organisationId: string, memberId: string): Promise<MemberConsentsRow | undefined>;
  /** Every tick ever set, the latest first. */
  history(memberId: string): Promise<readonly (ConsentTick & { readonly type: ConsentType })[]>;
  /** Members by name. `lacking`: only those without this consent, or without any one of them. */
  list(
    organisationId: string,
    asked: {
      readonly lacking?: ConsentType | 'any';
      /** The member the page begins behind. */
      readonly after?: string;
      readonly limit: number;
    },
  ): Promise<readonly MemberConsentsRow[]>;
  /** How many members there are, and how many of them without each consent, or without any one. */
  counts(
    organisationId: string,
  ): Promise<{ readonly members: number; readonly lacking: Readonly<Record<ConsentType | 'any', number>> }>;
  /** With their entries in the change feed; one outcome for each tick, in their order. */
  tick(
    organisationId: string,
    ticks: readonly PaperTick[],
    by: { readonly accountId: string; readonly name: string },
    within?: Queryable,
  ): Promise<readonly TickOutcome[]>;
}
