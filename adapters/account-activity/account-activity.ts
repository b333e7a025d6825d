/**
 * What the person sees of her own account's use: where it is signed in, which relying parties hold a grant, to whom
 * she said «yes». The protocol artefacts themselves live in the storage; these are the rows that name them.
 */
import type { AccountId } from '../account-store/account-store.ts';

export type SignedInSession = {
  readonly uid: string;
  /** Family of browser and system, such as «Firefox · Windows»; never the raw header. */
  readonly device: string;
  readonly network: string;
  readonly signedInAt: Date;
};

export type GrantRecord = {
  readonly id: string;
  readonly clientId: string;
  readonly sessionUid?: string;
  readonly scope: string;
  readonly createdAt: Date;
};

/** Every condition that is given must hold. */
export type GrantChoice = {
  readonly clientId?: string;
  readonly sessionUid?: string;
  /** Leaves the grants with `offline_access` alone: they are meant to outlive a sign-out (OpenID Connect Core 11). */
  readonly onlineOnly?: boolean;
};

/** What a person has answered a client that asked for data of hers. */
export type Consent = {
  /** Space separated. */
  readonly scope: string;
  /** Claims she was asked for by name, beside those of the scopes. */
  readonly claims: readonly string[];
  /** Claims among all these that she keeps to herself. */
  readonly declined: readonly string[];
  /** When she answered last. */
  readonly givenAt: Date;
};

/** One answer. A claim she was offered to decline and did not is agreed to, though she had declined it before. */
export type ConsentAnswer = Pick<Consent, 'scope' | 'claims' | 'declined'> & {
  readonly offered: readonly string[];
};

export type Connection = {
  readonly clientId: string;
  readonly scope: string;
  readonly since: Date;
  /** Absent where nothing was asked: a portal of ours. */
  readonly consent?: Consent;
};

/** One authorization: what one statement writes when a person arrives at a relying party. */
export type Arrival = {
  readonly accountId: AccountId;
  readonly sessionUid: string;
  readonly clientId: string;
  readonly requestId: string;
  readonly network: string;
  /** Present when the person has just proved who she is. */
  readonly signIn?: {
    readonly device: string;
    readonly method: string;
    readonly acr: string;
    readonly expiresAt: Date;
  };
  /** Present when this authorization made a grant. */
  readonly grant?: { readonly id: string; readonly scope: string; readonly expiresAt: Date };
};

export interface AccountActivity {
  /**
   * One round trip: session row, grant row and audit entries, all or nothing. `knownDevice` is false when the
   * account has been signed in before, but never on this device.
   */
  recordArrival(arrival: Arrival): Promise<{ readonly knownDevice: boolean }>;
  sessionsOf(id: AccountId): Promise<readonly SignedInSession[]>;
  /** Marks as ended. False when it is not a live session of the account. */
  endSession(id: AccountId, uid: string): Promise<boolean>;
  grantsOf(id: AccountId): Promise<readonly GrantRecord[]>;
  /** Forgets the grants that fit and returns them for revocation. */
  dropGrants(id: AccountId, which: GrantChoice): Promise<readonly GrantRecord[]>;
}

export interface ConsentBook {
  /** Undefined when never asked, or withdrawn. */
  consentTo(id: AccountId, clientId: string): Promise<Consent | undefined>;
  /** Adds to what was answered before; two answers at once are both kept. */
  rememberConsent(id: AccountId, clientId: string, answer: ConsentAnswer): Promise<void>;
  /** One thing more, or less, that the client is told. False when there is no consent to change. */
  chooseClaims(id: AccountId, clientId: string, claims: readonly string[], told: boolean): Promise<boolean>;
  withdrawConsent(id: AccountId, clientId: string): Promise<void>;
  /** Clients with a live grant or a remembered consent, the latest first. */
  connectionsOf(id: AccountId): Promise<readonly Connection[]>;
}
