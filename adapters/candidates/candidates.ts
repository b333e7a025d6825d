/**
 * Whoever an identity that is linked to nobody may belong to: members of the register and accounts, as far as a few
 * clues lead to them. Gathers and judges nothing; asked at a first sign-in through an upstream, and never again.
 */
import type { AccountId, AccountStatus } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export type Clues = {
  /** Of the identity: whether an account has another one of the same issuer is told, too. */
  readonly issuer: string;
  /** Keyed digest of the SNILS. */
  readonly snils?: Buffer;
  /** yyyy-mm-dd. */
  readonly birthdate?: string;
  /** A confirmed address in normal form. */
  readonly emailKey?: string;
};

type Name = { readonly family: string; readonly given: string; readonly middle?: string };

export type CandidateMember = {
  readonly id: string;
  /** As the register spells it. */
  readonly name: Name;
  readonly birthdate: string;
  /** Beside the SNILS of the clues; unknown, too, when there is none on one of the sides. */
  readonly snils: 'same' | 'other' | 'unknown';
};

export type CandidateAccount = {
  readonly id: AccountId;
  readonly status: AccountStatus;
  readonly locale: 'ru' | 'en';
  readonly name?: Name;
  /** Confirmed. */
  readonly emailKey?: string;
  /** The identity of this issuer that opens it already. */
  readonly subject?: string;
};

/** A member, an account, or a member with her account: never neither. */
export type Candidate = { readonly member?: CandidateMember; readonly account?: CandidateAccount };

export interface Candidates {
  /** Everybody that one of the clues leads to, each once. */
  find(clues: Clues): Promise<readonly Candidate[]>;
  /** This account among them, wherever the clues lead. */
  ofAccount(id: AccountId, clues: Clues): Promise<Candidate | undefined>;
  /** This member among them, with her account, if she has one. */
  ofMember(id: string, clues: Clues): Promise<Candidate | undefined>;
  /** The ticket that signs in: assigned and not blocked or replaced. */
  ticketOf(memberId: string, within: Queryable): Promise<string | undefined>;
}
