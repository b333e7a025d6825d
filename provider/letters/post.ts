/** What letters there are and what each of them says; how one is put into the post. Knows nothing of SMTP and queues. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Locale } from '../http/texts.ts';

/** Facts of each letter beyond the greeting. Addresses lead to our own issuer: a path is all the writer gives. */
export type LetterFacts = {
  'password-changed': { readonly at: Date; readonly network: string };
  'new-device': { readonly at: Date; readonly network: string; readonly device: string };
  /** To whoever began to create an account with this address. */
  'confirm-registration': { readonly path: string; readonly hours: number };
  /** To the owner of an account, when somebody begins to create another one with her address. */
  'already-registered': { readonly at: Date; readonly network: string };
  /** Names the documents, so that the code of one act cannot be asked for in the name of another (security.md #144). */
  'signing-code': { readonly code: string; readonly documents: readonly string[]; readonly minutes: number };
  'password-reset': { readonly path: string; readonly minutes: number };
  /** MSG-14. */
  enrolled: { readonly ticket?: string };
  'application-returned': { readonly reason: string };
  'application-rejected': { readonly reason: string };
  /** The number that came later than the enrolment. */
  'ticket-assigned': { readonly ticket: string };
  /** `ticket`: the number in place of the blocked one. */
  'ticket-replaced': { readonly at: Date; readonly ticket: string };
  /** To those who act for an organisation, or above it. `organisation`: short name; `path`: the list. */
  'applications-waiting': { readonly count: number; readonly organisation: string; readonly path: string };
  'applications-escalated': { readonly count: number; readonly organisation: string; readonly path: string };
  'change-email-code': { readonly code: string; readonly minutes: number };
  'change-email-link': { readonly path: string; readonly hours: number };
  /** To the former address. */
  'email-changed': { readonly at: Date; readonly path: string; readonly days: number };
  'consent-withdrawn': { readonly document: string; readonly at: Date };
  /** To the organisation, which is to know and to go on by paper; `card`: the member's number in the register. */
  'member-withdrew-consent': { readonly card: string; readonly at: Date };
  /** To the address that an upstream and the account both know. */
  'link-code': { readonly code: string; readonly minutes: number };
  /** To whom an organisation above has issued credentials; whether there is an account, it does not say. */
  'chair-credentials': {
    readonly password: string;
    readonly organisation: string;
    readonly days: number;
    readonly guides: readonly { readonly title: string; readonly path: string }[];
  };
  /** To the address that a sheet with a one-time password names. */
  'first-password-code': { readonly code: string; readonly minutes: number };
  'office-ended': { readonly organisation: string; readonly at: Date };
  /** To the confirmed address: joins the password of a session, for a portal, to guard the account, or without a device. */
  'step-up-code': {
    readonly code: string;
    readonly minutes: number;
    readonly purpose: 'portal' | 'protection' | 'lost_device';
  };
  /** `what`: a code application, a passkey or the paper, as the reader knows it. */
  'factor-added': { readonly at: Date; readonly network: string; readonly what: string };
  'factor-removed': { readonly at: Date; readonly network: string; readonly what: string };
  'recovery-code-used': { readonly at: Date; readonly network: string; readonly left: number };
  /** `at`: from when on her mailbox is a second proof. */
  'factors-lost': { readonly at: Date; readonly network: string };
  'second-proof-on': { readonly at: Date; readonly network: string };
  'second-proof-off': { readonly at: Date; readonly network: string };
  'deletion-code': { readonly code: string; readonly minutes: number };
  'deletion-requested': { readonly at: Date; readonly due: Date };
  'deletion-cancelled': { readonly at: Date };
  'account-deleted': { readonly at: Date };
  /** `way`: the upstream as the reader knows it. */
  'way-removed': { readonly at: Date; readonly network: string; readonly way: string };
  'way-added': { readonly at: Date; readonly network: string; readonly way: string };
  /** An operator's decision; `number`: of the case. */
  'case-linked': { readonly at: Date; readonly way: string; readonly number: string };
  'case-unlinked': { readonly at: Date; readonly way: string; readonly number: string };
  /** Of the application `name`, in production: addresses or keys. */
  'integration-changed': { readonly at: Date; readonly name: string; readonly network: string };
  /** `note`: of the administrator's, or empty. */
  'integration-approved': { readonly at: Date; readonly name: string; readonly note: string };
  'integration-refused': { readonly at: Date; readonly name: string; readonly reason: string };
  'integration-blocked': { readonly at: Date; readonly name: string; readonly reason: string };
  'integration-unblocked': { readonly at: Date; readonly name: string };
  /** Its receiver has taken no event since then. */
  'event-stream-paused': { readonly since: Date; readonly name: string };
  /** Beside `deletion-requested`, to whoever owns applications. */
  'integrations-will-stop': { readonly names: readonly string[]; readonly due: Date };
  /** What an operator of the Union has done to the account. */
  'account-locked': { readonly at: Date };
  'account-unlocked': { readonly at: Date };
  'signed-out': { readonly at: Date };
  'member-released': { readonly at: Date };
  /** `stillAsked`: she has wanted to be asked for one; `due`: nothing is left, and from then on her mailbox will do. */
  'factors-removed': {
    readonly at: Date;
    readonly what: readonly string[];
    readonly stillAsked: boolean;
    readonly due?: Date;
  };
  /** To both addresses; `days`: while it can be undone. */
  'accounts-merged': {
    readonly at: Date;
    readonly days: number;
    /** The one that stays asks for a second factor from now on. */
    readonly asksAlways: boolean;
  };
  'accounts-parted': { readonly at: Date };
  /** After an incident: her password opens nothing any more. */
  'password-reset-forced': { readonly at: Date };
  /** With the tick for e-mail only; `unsubscribePath` works with one click (RFC 8058). */
  news: { readonly subject: string; readonly text: string; readonly unsubscribePath: string };
};

export type LetterName = keyof LetterFacts;

export type Recipient =
  /** To the confirmed address the account has when the letter leaves. */
  | { readonly accountId: string }
  /** To an address that is no account's, or not any more. */
  | { readonly address: string; readonly locale: Locale; readonly givenName?: string };

export type NewLetter = {
  [Name in LetterName]: {
    readonly template: Name;
    readonly to: Recipient;
    readonly facts: LetterFacts[Name];
  };
}[LetterName];

export interface Post {
  /** Resolves when the letter is committed to the outbox; inside a transaction it is committed with it. */
  send(letter: NewLetter, within?: Queryable): Promise<void>;
}

export type AddressTrouble = { readonly since: Date; readonly kind: 'refused' | 'bounced' };

export interface AddressTroubles {
  /** Set when a letter to this address (normal form) came back after `since`, or was refused for good. */
  troubleWith(emailKey: string): Promise<AddressTrouble | undefined>;
}
