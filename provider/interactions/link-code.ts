/** A code to the address that an upstream and an account both know: it proves the account while an identity waits for it. */
import { createHash } from 'node:crypto';
import type { AccountRegister } from '../../adapters/account-store/account-store.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { IdentityKey } from '../../adapters/identity.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { Proved, Settlement } from '../accounts/settlement.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import type { Post } from '../letters/post.ts';
import { CODE_MINUTES, type CodeProblem, codeRefusal, issueCode, judgeCode } from '../login/mailed-code.ts';

export type LinkCodeNeeds = {
  readonly accounts: Pick<AccountRegister, 'ownerOf'>;
  readonly database: Database;
  readonly secrets: OneTimeSecrets;
  readonly codes: Limiter;
  readonly post: Post;
};

/** Whom a code goes to: asked anew each time, because a quarter of an hour changes who an address belongs to. */
export type Addressee = { readonly accountId: string; readonly email: string };

export async function addresseeOf(
  { accounts }: Pick<LinkCodeNeeds, 'accounts'>,
  { identity }: Proved,
  settlement: Settlement,
): Promise<Addressee | undefined> {
  const { verifiedEmail: email } = identity;
  if (settlement.kind !== 'prove' || !settlement.mailedCode || email === undefined) return undefined;
  const parsed = parseEmailAddress(email);
  const accountId = parsed.ok ? await accounts.ownerOf('email', parsed.key) : undefined;
  return accountId === undefined ? undefined : { accountId, email };
}

export async function mailLinkCode(
  { database, secrets, codes, post }: LinkCodeNeeds,
  uid: string,
  { identity }: Proved,
  { accountId }: Addressee,
): Promise<CodeProblem | undefined> {
  const problem = await codeRefusal(codes, accountId);
  if (problem) return problem;
  await database.transaction(async (tx) => {
    const code = await issueCode(secrets, actOf(uid, identity, accountId), tx);
    await post.send({ template: 'link-code', to: { accountId }, facts: { code, minutes: CODE_MINUTES } }, tx);
  });
  return undefined;
}

export async function judgeLinkCode(
  { database, secrets }: LinkCodeNeeds,
  uid: string,
  { identity }: Proved,
  { accountId }: Addressee,
  typed: string,
): Promise<CodeProblem | undefined> {
  return database.transaction((tx) => judgeCode(secrets, actOf(uid, identity, accountId), typed, tx));
}

/** Of this interaction and this identity: a code that somebody else asked for proves nothing here. */
function actOf(uid: string, { issuer, subject }: IdentityKey, accountId: string) {
  const binding = createHash('sha256')
    .update(JSON.stringify([uid, issuer, subject]))
    .digest('base64url');
  return { purpose: 'link-identity', subject: accountId, binding } as const;
}

/** Enough for its owner to recognise it, too little for anybody else to use it. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return `${[...email.slice(0, at)][0] ?? ''}•••${email.slice(at)}`;
}
