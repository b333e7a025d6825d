/**
 * The doors that upstreams open: which account an identity leads to, and what its upstream told of the person last.
 * Knows no rule of whose identity it is; that is decided before anything is linked.
 */
import type { AccountId, AccountStatus } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';
import type { IdentityKey } from '../identity.ts';

/** As the upstream said it at the last sign-in; whatever it does not say is absent. */
export type ToldPerson = {
  readonly family?: string;
  readonly given?: string;
  readonly middle?: string;
  /** yyyy-mm-dd. */
  readonly birthdate?: string;
  /** Only an address the upstream vouches for. */
  readonly email?: string;
  /** Its identity was proved to the upstream (ЕСИА: «подтверждённая»). */
  readonly confirmed: boolean;
};

export type Link = IdentityKey & {
  readonly accountId: AccountId;
  /** Id of the upstream that it came through. */
  readonly upstream: string;
  readonly linkedAt: Date;
  readonly usedAt: Date;
  readonly told: ToldPerson;
};

export interface LinkStore {
  /** The account an identity opens: the one look-up of a sign-in that is linked already, by its unique index. */
  ownerOf(
    key: IdentityKey,
  ): Promise<{ readonly accountId: AccountId; readonly status: AccountStatus } | undefined>;
  /** The earliest first. */
  linksOf(id: AccountId, within?: Queryable): Promise<readonly Link[]>;
  /**
   * Throws IdentifierTaken when the identity is another account's or this account has one of the same issuer already,
   * AccountGone when the account is closed. The same link once more changes nothing: false.
   */
  link(
    id: AccountId,
    upstream: string,
    key: IdentityKey,
    told: ToldPerson,
    within: Queryable,
  ): Promise<boolean>;
  /** Remembers what it told this time; nothing else about the account changes. */
  refresh(key: IdentityKey, told: ToldPerson, within?: Queryable): Promise<void>;
  /** Whether this very identity opened this account once, and was taken away. */
  wasUnlinked(id: AccountId, key: IdentityKey): Promise<boolean>;
  /** False when it was not linked. */
  unlink(id: AccountId, key: IdentityKey, within: Queryable): Promise<boolean>;
}
