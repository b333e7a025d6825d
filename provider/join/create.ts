/**
 * «Создать личный кабинет» (C-03 … C-08): judges the form, keeps what was asked for apart from accounts, and sends the
 * letter. The rules are here and not in the page: whatever is posted directly meets the same ones (security.md class 33).
 */
import { randomUUID } from 'node:crypto';
import type { Database } from '../../adapters/database/database.ts';
import { HasherOverloaded, type PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import type { MailAddress, RegistrationStore } from '../../adapters/registration-store/registration-store.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { type ForeignMailPolicy, isForeignMailbox } from '../data-rules/foreign-mailbox.ts';
import type { Templates } from '../documents/write-documents.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import { deviceOf } from '../http/device.ts';
import type { Locale, ProblemCode } from '../http/texts.ts';
import type { WayBack } from '../interactions/way-back.ts';
import { judgePassword } from '../login/password-rules.ts';
import { type ConfirmationLetterNeeds, writeConfirmationLetter } from './confirmation-letter.ts';
import type { RegistrationLimits } from './registration-limits.ts';

export type CreateNeeds = ConfirmationLetterNeeds & {
  readonly database: Database;
  readonly registrations: RegistrationStore;
  readonly hasher: Pick<PasswordHasher, 'hash'>;
  readonly registrationLimits: RegistrationLimits;
  readonly templates: Pick<Templates, 'currentTerms'>;
  readonly joining: JoiningPolicy;
  readonly events: Events;
};

export type JoiningPolicy = {
  readonly foreignEmail: ForeignMailPolicy;
  /** Whether the page says that an address is taken. */
  readonly revealExistingEmail: boolean;
};

export type CreateForm = {
  readonly email: string;
  readonly password: string;
  readonly terms?: 'yes' | undefined;
};

export type CreateProblem = {
  readonly field: 'email' | 'password' | 'terms' | 'form';
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, number>>;
};

export type CreateOutcome =
  | { readonly kind: 'begun'; readonly id: string }
  | {
      readonly kind: 'ask-again';
      readonly status: 422 | 429 | 503;
      readonly problems: readonly CreateProblem[];
      /** Seconds. */
      readonly retryAfter?: number;
    };

type Visit = {
  readonly origin: RequestOrigin;
  readonly locale: Locale;
  readonly wayBack: WayBack | undefined;
};

export async function createRegistration(
  needs: CreateNeeds,
  { origin, locale, wayBack }: Visit,
  form: CreateForm,
): Promise<CreateOutcome> {
  const { database, registrations, hasher, accounts, templates, events } = needs;
  const judged = judge(form, needs.joining.foreignEmail);
  if ('problems' in judged) return { kind: 'ask-again', status: 422, problems: judged.problems };
  const { email } = judged;

  const wait = await needs.registrationLimits.letter(origin.source, email.key);
  if (wait !== undefined) return throttled(wait);
  let passwordHash: string;
  try {
    passwordHash = await hasher.hash(form.password);
  } catch (error) {
    if (!(error instanceof HasherOverloaded)) throw error;
    const problems = [{ field: 'form', code: 'overloaded' }] as const;
    return { kind: 'ask-again', status: 503, problems, retryAfter: error.retryAfter };
  }
  const owner = await accounts.ownerOf('email', email.key);
  if (owner !== undefined && (await mayTell(needs, origin, email))) {
    return { kind: 'ask-again', status: 422, problems: [{ field: 'email', code: 'email_taken' }] };
  }
  const id = randomUUID();
  const termsVersion = templates.currentTerms().version;
  const registration = {
    ...{ id, email, passwordHash, locale, termsVersion },
    ...(wayBack && { wayBack }),
    ...{ device: deviceOf(origin.userAgent), network: origin.network },
  };
  await database.transaction(async (tx) => {
    await registrations.add(registration, tx);
    await writeConfirmationLetter(needs, origin, registration, owner, tx);
    await events.registrationBegun(origin, id, termsVersion, tx);
  });
  // The first letter counts, too: the next one may leave when this one can have come.
  await needs.registrationLimits.again(id);
  return { kind: 'begun', id };
}

/** Says C-06, and writes down that it was said. */
export async function mayTell(
  { joining, registrationLimits, events }: Pick<CreateNeeds, 'joining' | 'registrationLimits' | 'events'>,
  origin: RequestOrigin,
  { key }: MailAddress,
): Promise<boolean> {
  if (!joining.revealExistingEmail) return false;
  const told = await registrationLimits.mayTell(origin.source, key);
  await events.takenAddressAsked(origin, told);
  return told;
}

export function throttled(seconds: number): CreateOutcome & { readonly kind: 'ask-again' } {
  const problems = [
    { field: 'form', code: 'throttled', params: { minutes: Math.ceil(seconds / 60) } },
  ] as const;
  return { kind: 'ask-again', status: 429, problems, retryAfter: seconds };
}

/** Every problem of the form at once, in the order of its fields. */
function judge(
  { email: typed, password, terms }: CreateForm,
  policy: ForeignMailPolicy,
): { readonly email: MailAddress } | { readonly problems: readonly CreateProblem[] } {
  const address = judgeAddress(typed, policy);
  const code =
    password === ''
      ? 'password_missing'
      : judgePassword(password, { names: [], ...('email' in address && { email: address.email.key }) });
  const problems = [
    ...('code' in address ? [{ field: 'email', code: address.code } as const] : []),
    ...(code ? [{ field: 'password', code } as const] : []),
    ...(terms === 'yes' ? [] : [{ field: 'terms', code: 'terms_unaccepted' } as const]),
  ];
  return 'email' in address && problems.length === 0 ? address : { problems };
}

export function judgeAddress(
  typed: string,
  policy: ForeignMailPolicy,
): { readonly email: MailAddress } | { readonly code: ProblemCode } {
  if (typed.trim() === '') return { code: 'email_missing' };
  const parsed = parseEmailAddress(typed);
  if (!parsed.ok) return { code: parsed.fault };
  if (policy === 'deny_new' && isForeignMailbox(parsed.key)) return { code: 'email_foreign' };
  return { email: { key: parsed.key, original: parsed.value } };
}
