/**
 * Another address for the account: a proof of who asks, a code to the old address, a link to the new one; until the last
 * step nothing changes (63-ФЗ, security.md c2 #78). An account without an address has no code to give. Whether the new
 * address is somebody's shows on no page.
 */
import { randomUUID } from 'node:crypto';
import type { Account, AccountRegister, AccountStore } from '../../adapters/account-store/account-store.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { EmailChange, EmailChanges } from '../../adapters/email-changes/email-changes.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { Quarantine } from '../../adapters/quarantine/quarantine.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { ProblemCode } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';
import { freshLink } from '../login/fresh-secret.ts';
import { CODE_MINUTES, codeRefusal, issueCode, judgeCode } from '../login/mailed-code.ts';
import type { Visitor } from './enter.ts';
import { type ProvePersonNeeds, provePerson } from './prove-person.ts';

const LINK_HOURS = 24;

export type ChangeEmailNeeds = ProvePersonNeeds & {
  readonly database: Database;
  readonly accounts: AccountStore & AccountRegister;
  readonly emailChanges: EmailChanges;
  readonly quarantine: Quarantine;
  readonly secrets: OneTimeSecrets;
  readonly codes: Limiter;
  readonly post: Post;
  readonly events: Events;
};

export type ChangeEmailProblem = {
  readonly field: 'email' | 'password' | 'code' | 'form';
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, number>>;
};

const codeFor = ({ id, accountId }: Pick<EmailChange, 'id' | 'accountId'>) =>
  ({ purpose: 'change-email-code', subject: accountId, binding: id }) as const;

/** First step. Replaces a change under way. */
export async function beginEmailChange(
  needs: ChangeEmailNeeds,
  visitor: Visitor,
  origin: RequestOrigin,
  { email, password }: { readonly email: string; readonly password?: string | undefined },
): Promise<ChangeEmailProblem | undefined> {
  const { account } = visitor;
  if (email.trim() === '') return { field: 'email', code: 'email_missing' };
  const parsed = parseEmailAddress(email);
  if (!parsed.ok) return { field: 'email', code: parsed.fault };
  if ((await needs.accounts.ownerOf('email', parsed.key)) === account.id) {
    return { field: 'email', code: 'email_is_yours' };
  }
  const problem =
    (await provePerson(needs, visitor, origin, password, 'email_change')) ??
    (await codeRefusal(needs.codes, account.id));
  if (problem) return problem;
  const change = { id: randomUUID(), address: { key: parsed.key, original: parsed.value } };
  await needs.database.transaction(async (tx) => {
    await voidLink(needs, account.id, tx);
    await needs.emailChanges.begin(account.id, { ...change, seconds: LINK_HOURS * 3_600 }, tx);
    await needs.events.emailChangeBegun(origin, account.id, tx);
    if (account.verifiedEmail !== undefined) {
      return writeCode(needs, { id: change.id, accountId: account.id }, tx);
    }
    await needs.emailChanges.prove(change.id, tx);
    await writeLink(needs, account, origin, change, tx);
  });
  return undefined;
}

/** The same step once more, for a code that did not arrive or was guessed at too often. */
export async function repeatEmailCode(
  needs: ChangeEmailNeeds,
  account: Account,
): Promise<ChangeEmailProblem | undefined> {
  const change = await needs.emailChanges.pending(account.id);
  if (!change || change.proved) return { field: 'form', code: 'email_change_over' };
  const problem = await codeRefusal(needs.codes, account.id);
  if (problem) return problem;
  await needs.database.transaction((tx) => writeCode(needs, change, tx));
  return undefined;
}

/** Second step: the link leaves for the new address. */
export async function proveOldAddress(
  needs: ChangeEmailNeeds,
  account: Account,
  origin: RequestOrigin,
  code: string,
): Promise<ChangeEmailProblem | undefined> {
  const { database, emailChanges, secrets, events } = needs;
  const change = await emailChanges.pending(account.id);
  if (!change || change.proved) return { field: 'form', code: 'email_change_over' };
  return database.transaction(async (tx) => {
    const problem = await judgeCode(secrets, codeFor(change), code, tx);
    if (problem) {
      await events.emailChangeRefused(origin, account.id, problem.code, tx);
      return problem;
    }
    if (!(await emailChanges.prove(change.id, tx))) return { field: 'form', code: 'email_change_over' };
    await writeLink(needs, account, origin, change, tx);
    return undefined;
  });
}

export async function cancelEmailChange(
  needs: ChangeEmailNeeds,
  account: Account,
  origin: RequestOrigin,
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    await voidLink(needs, account.id, tx);
    if (await needs.emailChanges.cancel(account.id, tx)) {
      await needs.secrets.revoke('change-email-code', account.id, tx);
      await needs.events.emailChangeCancelled(origin, account.id, tx);
    }
  });
}

async function writeCode(
  { secrets, post }: ChangeEmailNeeds,
  change: Pick<EmailChange, 'id' | 'accountId'>,
  tx: Queryable,
): Promise<void> {
  const code = await issueCode(secrets, codeFor(change), tx);
  const to = { accountId: change.accountId };
  await post.send({ template: 'change-email-code', to, facts: { code, minutes: CODE_MINUTES } }, tx);
}

/** When the address is somebody's, she is told instead. */
async function writeLink(
  { accounts, quarantine, secrets, post }: ChangeEmailNeeds,
  account: Account,
  origin: RequestOrigin,
  { id, address }: Pick<EmailChange, 'id' | 'address'>,
  tx: Queryable,
): Promise<void> {
  const secret = freshLink();
  const seconds = LINK_HOURS * 3_600;
  await secrets.issue(
    { purpose: 'change-email-link', subject: id, binding: bindingOf(account), secret, seconds, tries: 1 },
    tx,
  );
  const owner = await accounts.ownerOf('email', address.key, tx);
  if (owner !== undefined) {
    const facts = { at: new Date(), network: origin.network };
    await post.send({ template: 'already-registered', to: { accountId: owner }, facts }, tx);
  } else if (!(await quarantine.holds('email', address.key, account.id, tx))) {
    const to = { address: address.original, locale: account.locale, ...givenNameOf(account) };
    const facts = { path: `/email/confirm/${secret}`, hours: LINK_HOURS };
    await post.send({ template: 'change-email-link', to, facts }, tx);
  }
}

/** A link that was made without a code from the former address is worth nothing once there is such an address. */
export const bindingOf = ({ verifiedEmail }: Account): string =>
  verifiedEmail === undefined ? 'addition' : '';

async function voidLink(
  { emailChanges, secrets }: ChangeEmailNeeds,
  accountId: string,
  tx: Queryable,
): Promise<void> {
  const change = await emailChanges.pending(accountId, tx);
  if (change) await secrets.revoke('change-email-link', change.id, tx);
}

export const givenNameOf = ({ name }: Account) => (name ? { givenName: name.given } : {});
