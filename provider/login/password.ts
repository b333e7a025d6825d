/**
 * By e-mail or by ticket number, with the one password of the account (A-05…A-08). Costs the same and says the same
 * whether the account exists, is locked or has no password (security.md class 5).
 */
import type {
  Credential,
  CredentialStore,
  Credentials,
  IdentifierKind,
} from '../../adapters/account-store/account-store.ts';
import type { CredentialDoor, OpenedCredential } from '../../adapters/credential-store/credential-store.ts';
import { HasherOverloaded, type PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import type { RegistrationStore } from '../../adapters/registration-store/registration-store.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { parseTicketNumber } from '../data-rules/ticket-number.ts';
import type { ProblemCode } from '../http/texts.ts';
import type { DeviceMarks } from './device-mark.ts';
import type { Guess, GuessLimits } from './guess-limits.ts';
import type { LoginMethod, Outcome } from './login-method.ts';
import { readOneTimePassword } from './one-time-password.ts';
import { looksLikeWrongLayout } from './password-rules.ts';

export type PasswordInput = {
  readonly by: IdentifierKind;
  readonly identifier: string;
  readonly password: string;
};

export type PasswordNeeds = {
  readonly credentials: CredentialStore;
  readonly registrations: Pick<RegistrationStore, 'find'>;
  readonly officeCredentials: Pick<CredentialDoor, 'openedBy'>;
  readonly hasher: PasswordHasher;
  readonly limits: GuessLimits;
  readonly devices: DeviceMarks;
  /** The issuer of identities that we prove ourselves. */
  readonly issuer: string;
};

export function password({
  credentials,
  registrations,
  officeCredentials,
  hasher,
  limits,
  devices,
  issuer,
}: PasswordNeeds): LoginMethod<PasswordInput> {
  /**
   * Whoever asked for an account is told that her letter waits, whether somebody has the address already or not; that
   * costs a second hash and one of the tries in either case, or it would tell which of the two it is.
   */
  const registrationOpenedBy = async (
    password: string,
    registration: Credentials['registration'],
  ): Promise<string | undefined> => {
    if (!registration || !(await hasher.verify(registration.hash, password)).matches) return undefined;
    return (await registrations.find(registration.id))?.state === 'open' ? registration.id : undefined;
  };

  /** Looked up by whatever has its form, whoever has the address. Nobody finds one by guessing. */
  const issuedTo = async (email: string, typed: string): Promise<OpenedCredential | undefined> => {
    const password = readOneTimePassword(typed);
    return password === undefined ? undefined : officeCredentials.openedBy(email, password);
  };

  /** An old portal takes its time: by then the password may have been reset, and what stands now is asked. */
  const isTakenOver = async ({ accountId, hash }: Credential, password: string): Promise<boolean> => {
    if (await credentials.replacePassword(accountId, hash, await hasher.hash(password))) return true;
    return (await hasher.verify(await credentials.passwordOf(accountId), password)).matches;
  };

  return {
    id: 'password',
    async proceed({ source, device }, { by, identifier, password }): Promise<Outcome> {
      const parsed = parseIdentifier(by, identifier);
      if ('fault' in parsed) return ask('identifier', parsed.fault);
      if (password === '') return ask('password', 'password_missing');

      const { account: credential, registration } = await credentials.credentialsOf(by, parsed.value);
      const guess: Guess = {
        // Nobody's yet as long as it is not confirmed: asking for an account buys no guesses.
        target: credential?.confirmed ? credential.accountId : `${by}:${parsed.value}`,
        source,
        device: credential && devices.recognise(device, credential.accountId),
      };
      const wait = await limits.refusal(guess);
      if (wait !== undefined) return ask('form', 'throttled', credential, { minutes: Math.ceil(wait / 60) });

      try {
        const { matches, outdated, undecided } = await hasher.verify(credential?.hash, password);
        if (!matches || !credential || credential.status !== 'confirmed' || !credential.confirmed) {
          const registrationId = await registrationOpenedBy(password, registration);
          if (registrationId !== undefined) return { kind: 'unconfirmed', registrationId };
          const issued = by === 'email' ? await issuedTo(parsed.value, password) : undefined;
          if (issued?.state === 'good') return { kind: 'one-time', credentialId: issued.id };
          if (issued) return ask('form', `one_time_${issued.state}`, credential);
          await limits.wrong(guess);
          // Said to everybody who is not let in meanwhile: it tells nobody whose password lies there.
          if (undecided) return ask('form', 'old_portal_away', credential);
          return wrong(by, credential, matches, password);
        }
        if (outdated && !(await isTakenOver(credential, password))) {
          await limits.wrong(guess);
          return wrong(by, credential, false, password);
        }
        await limits.right(guess);
        return {
          kind: 'proved',
          identity: { issuer, subject: credential.accountId, claims: {} },
          amr: ['pwd'],
        };
      } catch (error) {
        if (error instanceof HasherOverloaded) return { kind: 'busy', retryAfter: error.retryAfter };
        throw error;
      }
    },
  };
}

function parseIdentifier(by: IdentifierKind, typed: string): { value: string } | { fault: ProblemCode } {
  if (typed.trim() === '') return { fault: by === 'email' ? 'email_missing' : 'ticket_missing' };
  if (by === 'email') {
    const parsed = parseEmailAddress(typed);
    return parsed.ok ? { value: parsed.key } : { fault: parsed.fault };
  }
  const parsed = parseTicketNumber(typed);
  return parsed.ok ? { value: parsed.value } : { fault: parsed.fault };
}

/** One sentence for every reason; the reason itself is for the audit (MSG-08). */
function wrong(
  by: IdentifierKind,
  credential: Credential | undefined,
  matches: boolean,
  typed: string,
): Outcome {
  const reason = !credential
    ? 'unknown_identifier'
    : !matches
      ? 'wrong_password'
      : `account_${credential.status}`;
  const code = by === 'email' ? 'wrong_email_or_password' : 'wrong_ticket_or_password';
  return {
    kind: 'ask-again',
    problem: { field: 'form', code: looksLikeWrongLayout(typed) ? `${code}_layout` : code },
    reason,
    ...(credential && { accountId: credential.accountId }),
  };
}

function ask(
  field: 'identifier' | 'password' | 'form',
  code: ProblemCode,
  credential?: Credential,
  params?: Record<string, number>,
): Outcome {
  return {
    kind: 'ask-again',
    problem: { field, code, ...(params && { params }) },
    reason: code,
    ...(credential && { accountId: credential.accountId }),
  };
}
