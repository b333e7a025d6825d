/**
 * Two accounts of one person as the tables see them: what each has, how one takes over what is the other's, and how each
 * gets back what it had. Decides nothing: what moves is said by a plan, and who may say so is nobody's business here.
 */
import type { AccountId, AccountStatus } from '../account-store/account-store.ts';
import type { Protection } from '../authenticators/authenticators.ts';
import type { Queryable } from '../database/database.ts';
import type { ConsentType } from '../document-store/document-store.ts';
import type { IdentityKey } from '../identity.ts';

/** Of a consent: in force, taken back by the person, or never given. */
export type ConsentStanding = 'given' | 'withdrawn' | 'none';

/** A name and a birth date, as far as they were told; the date as the calendar writes it. */
export type ToldIdentity = {
  readonly name?: { readonly family: string; readonly given: string };
  readonly birthdate?: string;
};

/** One of the two, as far as it matters. */
export type MergeSide = {
  readonly id: AccountId;
  readonly status: AccountStatus;
  readonly locale: 'ru' | 'en';
  readonly createdAt: Date;
  readonly name?: { readonly family: string; readonly given: string; readonly middle?: string };
  /** Who it is by whatever has told of her: the register, the services she comes in by, the school register. */
  readonly told: readonly ToldIdentity[];
  readonly memberId?: string;
  /** The one letters go to. */
  readonly email?: string;
  readonly furtherEmails: readonly string[];
  readonly ticket?: string;
  readonly hasPassword: boolean;
  readonly links: readonly (IdentityKey & { readonly upstream: string })[];
  readonly protection: Protection;
  readonly documents: number;
  readonly consents: Readonly<Record<ConsentType, ConsentStanding>>;
  /** Since when they stand so: the latest that was given, or taken back. */
  readonly consentsSince: Readonly<Partial<Record<ConsentType, Date>>>;
  /** She refused a way of messages by itself. */
  readonly refusedMessages: boolean;
  readonly servicesEnded: boolean;
  readonly applications: number;
  readonly isApplying: boolean;
  readonly integrations: number;
  readonly isKnownToRegion: boolean;
  /** Relying parties that know her by the name this account gives. */
  readonly clients: readonly string[];
  readonly holdsOffice: boolean;
  readonly hasOpenCase: boolean;
  readonly isBeingDeleted: boolean;
  /** Another account was merged into it, or it was merged, and that can be undone still. */
  readonly isMerged: boolean;
};

/** What the survivor takes over. */
export type MergeMoves = {
  readonly emailAs: 'main' | 'further' | undefined;
  readonly member: boolean;
  readonly password: boolean;
  /** The other links end. */
  readonly links: readonly IdentityKey[];
  /** Passkeys and code applications; if not, they wait with the closed one until it cannot come back. */
  readonly devices: boolean;
  /** The survivor asks for a second factor from now on, as the closed one did. */
  readonly asksAlways: boolean;
  /** Consents of the survivor that count no more. */
  readonly held: readonly ConsentType[];
  /** Consents of the closed one that count for the survivor. */
  readonly carried: readonly ConsentType[];
};

export type NewMerge = {
  readonly id: string;
  readonly survivorId: AccountId;
  readonly closedId: AccountId;
  readonly by: AccountId;
  readonly reason: string;
  readonly undoDays: number;
};

export type Merge = Omit<NewMerge, 'undoDays'> & {
  readonly mergedAt: Date;
  readonly held: readonly ConsentType[];
  readonly carried: readonly ConsentType[];
  readonly undoUntil: Date;
  readonly undone?: { readonly at: Date; readonly by: AccountId };
};

/** Rows as they were, for whoever seals them. */
export type MergeMemory = string;

export interface AccountMerges {
  /** Both, locked until the transaction ends; undefined for one that does not exist. */
  sides(
    ids: readonly [AccountId, AccountId],
    within: Queryable,
  ): Promise<readonly [MergeSide, MergeSide] | undefined>;
  /** After `sides` of the same transaction. Returns what `restore` needs. */
  move(
    merge: Pick<NewMerge, 'survivorId' | 'closedId'>,
    moves: MergeMoves,
    within: Queryable,
  ): Promise<MergeMemory>;
  record(
    merge: NewMerge,
    consents: Pick<MergeMoves, 'held' | 'carried'>,
    sealedMemory: string,
    within: Queryable,
  ): Promise<void>;
  find(id: string, within?: Queryable): Promise<Merge | undefined>;
  /** What `record` was given, while it can be undone; whoever asks next waits for the end of the transaction. */
  claimUndo(id: string, by: AccountId, within: Queryable): Promise<string | undefined>;
  /** Gives back what is still where it was moved to; what the person has changed since stays as she wants it. */
  restore(
    merge: Pick<NewMerge, 'survivorId' | 'closedId'>,
    memory: MergeMemory,
    within: Queryable,
  ): Promise<void>;
  /** Those the account takes part in, the latest first. */
  of(id: AccountId): Promise<readonly Merge[]>;
}
