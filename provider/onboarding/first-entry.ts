/**
 * A one-time password is exchanged for a password of one's own (E-03, SYS-07): the account, its password and the office are
 * one transaction with the end of the one-time password. It opens no account that there is: its person has a password of
 * her own, and whoever issued this one must not come in by it.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type AccountRegister, IdentifierTaken } from '../../adapters/account-store/account-store.ts';
import type { Credential, CredentialDoor } from '../../adapters/credential-store/credential-store.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import { HasherOverloaded, type PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { Locale, ProblemCode } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';
import { CODE_MINUTES, type CodeProblem, codeRefusal, issueCode, judgeCode } from '../login/mailed-code.ts';
import { judgePassword, SHORTEST_STAFF_PASSWORD } from '../login/password-rules.ts';
import { type TakeOfficeNeeds, takeOffice } from './take-office.ts';

export type FirstEntryNeeds = Omit<TakeOfficeNeeds, 'accounts' | 'officeCredentials'> & {
  readonly database: Database;
  readonly accounts: Pick<AccountRegister, 'create' | 'describe'>;
  readonly officeCredentials: CredentialDoor;
  readonly hasher: Pick<PasswordHasher, 'hash'>;
  readonly secrets: OneTimeSecrets;
  readonly codes: Limiter;
  readonly post: Post;
};

export type ChosenPassword =
  | { readonly kind: 'chosen'; readonly hash: string }
  | { readonly kind: 'ask-again'; readonly field: 'fresh' | 'repeated' | 'form'; readonly code: ProblemCode };

export type Entry =
  | { readonly kind: 'entered'; readonly accountId: string }
  /** Somebody has the address by now: she signs in as ever, and the office is hers then. */
  | { readonly kind: 'known' }
  /** Used or void meanwhile. */
  | { readonly kind: 'gone' };

export async function choosePassword(
  { hasher }: Pick<FirstEntryNeeds, 'hasher'>,
  { email, name }: Credential,
  { fresh, repeated }: { readonly fresh: string; readonly repeated: string },
): Promise<ChosenPassword> {
  if (fresh === '') return { kind: 'ask-again', field: 'fresh', code: 'password_missing' };
  const own = { email: email.key, names: [name.family, name.given, name.middle] };
  const fault = judgePassword(fresh, own, SHORTEST_STAFF_PASSWORD);
  if (fault) {
    const code = fault === 'password_too_short' ? 'staff_password_too_short' : fault;
    return { kind: 'ask-again', field: 'fresh', code };
  }
  if (fresh !== repeated) return { kind: 'ask-again', field: 'repeated', code: 'passwords_differ' };
  try {
    return { kind: 'chosen', hash: await hasher.hash(fresh) };
  } catch (error) {
    if (error instanceof HasherOverloaded) return { kind: 'ask-again', field: 'form', code: 'overloaded' };
    throw error;
  }
}

/** A sheet was in many hands; that the mailbox is hers, says a code from it. `key`: of the browser that asks. */
export async function mailEntryCode(
  { database, secrets, codes, post }: FirstEntryNeeds,
  { id, email, name }: Credential,
  key: string,
  locale: Locale,
): Promise<CodeProblem | undefined> {
  const problem = await codeRefusal(codes, `first-password:${id}`);
  if (problem) return problem;
  await database.transaction(async (tx) => {
    const code = await issueCode(secrets, actOf(id, key), tx);
    const to = { address: email.original, locale, givenName: name.given };
    await post.send({ template: 'first-password-code', to, facts: { code, minutes: CODE_MINUTES } }, tx);
  });
  return undefined;
}

export async function enterByCode(
  needs: FirstEntryNeeds,
  origin: RequestOrigin,
  credential: Credential,
  chosen: { readonly hash: string; readonly key: string; readonly code: string; readonly locale: Locale },
): Promise<Entry | { readonly kind: 'wrong'; readonly problem: CodeProblem }> {
  return unlessTaken(() =>
    needs.database.transaction(async (tx) => {
      const problem = await judgeCode(needs.secrets, actOf(credential.id, chosen.key), chosen.code, tx);
      // Committed, not rolled back: a wrong guess counts.
      if (problem) return { kind: 'wrong', problem };
      return enter(needs, origin, credential, chosen, tx);
    }),
  );
}

/** With what came by letter: whoever has read it has the mailbox. */
export async function enterByLetter(
  needs: FirstEntryNeeds,
  origin: RequestOrigin,
  credential: Credential,
  chosen: { readonly hash: string; readonly locale: Locale },
): Promise<Entry> {
  return unlessTaken(() => needs.database.transaction((tx) => enter(needs, origin, credential, chosen, tx)));
}

async function enter(
  needs: FirstEntryNeeds,
  origin: RequestOrigin,
  credential: Credential,
  { hash: passwordHash, locale }: { readonly hash: string; readonly locale: Locale },
  tx: Queryable,
): Promise<Entry> {
  const id = randomUUID();
  if (!(await needs.officeCredentials.find(credential.id, tx))) return { kind: 'gone' };
  await needs.accounts.create({ id, locale, email: credential.email, passwordHash }, tx);
  const isTaken = await takeOffice(needs, origin, credential, { id, isNew: true }, tx);
  if (!isTaken) throw new CredentialUsed();
  return { kind: 'entered', accountId: id };
}

/** By another browser, between our look and our grasp: what was begun here is undone. */
class CredentialUsed extends Error {
  override name = 'CredentialUsed';
}

async function unlessTaken<T>(work: () => Promise<T>): Promise<T | Entry> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IdentifierTaken) return { kind: 'known' };
    if (error instanceof CredentialUsed) return { kind: 'gone' };
    throw error;
  }
}

function actOf(credentialId: string, key: string) {
  const binding = createHash('sha256').update(key).digest('base64url');
  return { purpose: 'first-password', subject: credentialId, binding } as const;
}
