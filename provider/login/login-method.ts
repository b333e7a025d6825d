/**
 * A way to prove who one is. Knows neither Koa nor OpenID Connect: it gets what was typed and answers with an outcome;
 * whose account it is and what comes next is decided elsewhere.
 */
import type { Identity } from '../../adapters/identity.ts';
import type { ProblemCode } from '../http/texts.ts';

/** RFC 8176 values of our own methods. */
export type OwnAmr = 'pwd' | 'otp';
/** Of a second proof, and of a passkey: in hardware, or as software that goes from one device to another. */
type DeviceAmr = 'mfa' | 'hwk' | 'swk' | 'user';
/**
 * Beside them `fed` (domain.md §2.3) and through which upstream, `qr` where a phone answered, and what of her own she
 * has shown: no registered values.
 */
export type Amr = OwnAmr | DeviceAmr | 'fed' | 'qr' | `urn:opo:${'door' | 'way'}:${string}`;

/** What the method may know of the request besides what was typed. */
export type Attempt = {
  /** What throttles count by. */
  readonly source: string;
  /** Value of the device cookie, if the browser has one. */
  readonly device: string | undefined;
};

/** A code of the phrase catalogue (`problem.<code>`), the field it belongs to, and what the sentence needs. */
export type Problem = {
  readonly field: 'identifier' | 'password' | 'form';
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, string | number>>;
};

export type Outcome =
  /** Ask again, saying why. `reason` is for the audit: it may tell more than the person may know. */
  | {
      readonly kind: 'ask-again';
      readonly problem: Problem;
      readonly reason: string;
      readonly accountId?: string;
    }
  /** The right password of an account whose address nobody has confirmed yet. */
  | { readonly kind: 'unconfirmed'; readonly registrationId: string }
  /** What an organisation has issued to its chair: to be exchanged for a password of her own. */
  | { readonly kind: 'one-time'; readonly credentialId: string }
  /** The work cannot be done now; the request is kept. `retryAfter` in seconds. */
  | { readonly kind: 'busy'; readonly retryAfter: number }
  | { readonly kind: 'proved'; readonly identity: Identity; readonly amr: readonly OwnAmr[] };

/** How the ids of sign-ins by our own password begin: what follows says by what she named herself. */
export const PASSWORD_METHOD = 'password_';
/** What joins the password of a session: a mailed code, one of an application, one of the paper, a passkey. */
export const CODE_METHOD = 'mailed_code';
export const APP_METHOD = 'app_code';
export const RECOVERY_METHOD = 'recovery_code';
/** The whole sign-in, too. */
export const PASSKEY_METHOD = 'passkey';

export interface LoginMethod<Input> {
  /** URL segment, message key and event name in one. */
  readonly id: string;
  proceed(attempt: Attempt, input: Input): Promise<Outcome>;
}
