/**
 * What a person has to prove herself with beside a password: applications that show codes, passkeys, codes on paper; and
 * whether she wants to be asked for it every time. Knows neither how a code is computed nor what a proof opens.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

type Named = {
  readonly id: string;
  /** Hers, to tell one from the other. */
  readonly name: string;
  readonly addedAt: Date;
  readonly usedAt?: Date;
};

export type CodeApp = Named;
export type CodeAppSecret = { readonly id: string; readonly secret: string };
export type NewCodeApp = {
  readonly accountId: AccountId;
  readonly name: string;
  /** Base32 (RFC 4648); sealed at rest. */
  readonly secret: string;
  /** The time step of the code that has confirmed it: used up with it. */
  readonly step: number;
};

export interface CodeApps {
  of(accountId: AccountId): Promise<readonly CodeApp[]>;
  secretsOf(accountId: AccountId): Promise<readonly CodeAppSecret[]>;
  add(app: NewCodeApp, within?: Queryable): Promise<void>;
  /** Atomic: of parallel calls one is true. False for a step that is not after the last used one. */
  useStep(id: string, step: number): Promise<boolean>;
  /** False when she has none of that id. */
  remove(accountId: AccountId, id: string, within: Queryable): Promise<boolean>;
}

export type Passkey = Named & {
  /** It lives on more than one device, or may. */
  readonly syncable: boolean;
  readonly backedUp: boolean;
};
/** What an assertion is judged by. */
export type PasskeyCredential = {
  readonly id: string;
  readonly accountId: AccountId;
  /** Of the account it was made for, also when that has become another one. */
  readonly userHandle: string;
  readonly credentialId: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly counter: number;
  readonly transports: readonly string[];
};
export type NewPasskey = Omit<PasskeyCredential, 'id' | 'userHandle'> & {
  readonly name: string;
  readonly syncable: boolean;
  readonly backedUp: boolean;
};

export interface Passkeys {
  of(accountId: AccountId): Promise<readonly Passkey[]>;
  credentialsOf(accountId: AccountId): Promise<readonly PasskeyCredential[]>;
  find(credentialId: string): Promise<PasskeyCredential | undefined>;
  /** After `userHandleOf` of its account. False when somebody has that credential already. */
  add(passkey: NewPasskey, within?: Queryable): Promise<boolean>;
  /** Atomic. False when its counter has not grown: somebody may have a copy (WebAuthn §7.2, 22). Zero never grows. */
  used(id: string, counter: number, backedUp: boolean): Promise<boolean>;
  /** False when she has none of that id. */
  remove(accountId: AccountId, id: string, within: Queryable): Promise<boolean>;
}

export interface RecoveryCodes {
  /** The former ones are void. */
  replace(accountId: AccountId, codes: readonly string[], within: Queryable): Promise<void>;
  /** Atomic: how many are left after it; undefined when it is none of hers, or was used. */
  redeem(accountId: AccountId, code: string, within: Queryable): Promise<number | undefined>;
}

export type Protection = {
  readonly codeApps: number;
  readonly passkeys: number;
  /** Not yet used. */
  readonly recoveryCodes: number;
  /** A password alone does not sign in. */
  readonly alwaysAsked: boolean;
  /** From when on a mailed code is a second proof, too. */
  readonly mailCountsAt?: Date;
};

export interface Protections {
  /** Within a transaction that holds the lock of the account's doors, nobody changes it meanwhile. */
  of(accountId: AccountId, within?: Queryable): Promise<Protection>;
  /** The same for every passkey of an account; made when it is first asked for. */
  userHandleOf(accountId: AccountId): Promise<string>;
  /** False when it is so already. */
  askAlways(accountId: AccountId, wanted: boolean, within: Queryable): Promise<boolean>;
  /** A mailed code will count after so many hours; false when that was asked for before. */
  letMailCount(accountId: AccountId, hours: number, within: Queryable): Promise<boolean>;
  /** She has what she was thought to have lost. False when nothing of the kind was asked for. */
  stopMailCounting(accountId: AccountId, within?: Queryable): Promise<boolean>;
  /** She begins anew, with her password and her mailbox: how many authenticators are gone. */
  forgetAll(accountId: AccountId, within: Queryable): Promise<number>;
}
