/**
 * A case of the Union's side becomes a link, and a link a case again. Each is one transaction with its audit row, and the
 * owner of the account is told.
 */
import { randomUUID } from 'node:crypto';
import {
  type Account,
  AccountGone,
  type AccountId,
  type AccountRegister,
  type AccountStore,
  type SignOutRegister,
} from '../../adapters/account-store/account-store.ts';
import type { CandidateMember, Candidates } from '../../adapters/candidates/candidates.ts';
import type { Case, CaseStore } from '../../adapters/case-store/case-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { parseTicketNumber } from '../data-rules/ticket-number.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import { DEFAULT_LOCALE } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { UNDECIDED } from './correct.ts';
import { openTold } from './told.ts';

export type LinkIdentityNeeds = {
  readonly database: Database;
  readonly cases: Pick<CaseStore, 'move' | 'latestOf'>;
  readonly links: Pick<LinkStore, 'linksOf' | 'link' | 'unlink'>;
  readonly candidates: Pick<Candidates, 'ofMember' | 'ticketOf'>;
  readonly accounts: AccountStore;
  readonly register: Pick<AccountRegister, 'ownerOf' | 'createPasswordless' | 'bindMember'> & SignOutRegister;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly jobs: Pick<JobQueue, 'add'>;
  readonly post: Post;
  readonly cipher: Cipher;
  readonly clock: Clock;
  readonly events: Pick<Events, 'caseLinked' | 'caseUnlinked' | 'accountOpened' | 'memberBound'>;
};

export type Decided = {
  readonly where: Where;
  /** The account of whoever decides. */
  readonly staff: AccountId;
  readonly found: Case;
  /** Sealed. */
  readonly reason: string;
};

export type NotLinked = 'settled' | 'own' | 'account_unknown';

/** Somebody was faster; ends a transaction that has written already. */
export class CaseSettled extends Error {
  override name = 'CaseSettled';
}

/** Throws CaseSettled, IdentifierTaken when the identity opens another account, AccountGone when this one is closed. */
export async function linkIdentity(
  needs: LinkIdentityNeeds,
  decided: Decided,
  typedAccount: string,
): Promise<NotLinked | undefined> {
  const { database, cases, links, cipher, events } = needs;
  const { where, staff, found, reason } = decided;
  const { number, key, upstream } = found;
  const told = openTold(cipher, found);
  if (!told || !key) return 'settled';
  const target = await targetOf(needs, found, typedAccount);
  if (!target) return 'account_unknown';
  if (target.account?.id === staff) return 'own';
  return database.transaction(async (tx): Promise<undefined> => {
    const accountId = target.account
      ? target.account.id
      : await openAccount(needs, decided, target.member, tx);
    if (!(await cases.move(number, UNDECIDED, 'retry_ok', tx, { reason, accountId })))
      throw new CaseSettled();
    // An account created anew at the upstream: the former one opens nothing from now on (esia.md §5.3 no. 6).
    const former = (await links.linksOf(accountId, tx)).find(
      ({ issuer, subject }) => issuer === key.issuer && subject !== key.subject,
    );
    if (former) {
      await links.unlink(accountId, former, tx);
      await signOut(needs, accountId, tx);
    }
    await links.link(accountId, upstream, key, told, tx);
    await events.caseLinked(where, { staff, number, accountId }, former !== undefined, tx);
    await tell(needs, 'case-linked', found, target.account, tx);
    return undefined;
  });
}

/** Throws AccountGone when it is not linked any more. */
export async function unlinkIdentity(needs: LinkIdentityNeeds, { where, staff, found, reason }: Decided) {
  const { database, cases, links, accounts, events } = needs;
  const { number, key, accountId } = found;
  if (!key || accountId === undefined) return 'settled';
  const account = await accounts.find(accountId);
  // She may have come back meanwhile as somebody whom no link was waiting for.
  const state = (await cases.latestOf('union', key)) ? 'closed' : 'reopened';
  return database.transaction(async (tx) => {
    if (!(await cases.move(number, ['retry_ok'], state, tx, { reason }))) return 'settled';
    if (!(await links.unlink(accountId, key, tx))) throw new AccountGone();
    await signOut(needs, accountId, tx);
    await events.caseUnlinked(where, { staff, number, accountId }, tx);
    await tell(needs, 'case-unlinked', found, account, tx);
    return undefined;
  });
}

type Target =
  | { readonly account: Account; readonly member?: never }
  | { readonly account?: never; readonly member: CandidateMember };

/** The account of the case; or of the member it is about, or that member without one; or whichever was named. */
async function targetOf(
  { accounts, register, candidates }: LinkIdentityNeeds,
  { accountId, memberId, key }: Case,
  typed: string,
): Promise<Target | undefined> {
  const of = async (id: AccountId | undefined): Promise<Target | undefined> => {
    const account = id === undefined ? undefined : await accounts.find(id);
    return account && { account };
  };
  if (accountId !== undefined) return of(accountId);
  if (memberId !== undefined) {
    const candidate = await candidates.ofMember(memberId, { issuer: key?.issuer ?? '' });
    if (candidate?.account) return of(candidate.account.id);
    return candidate?.member && { member: candidate.member };
  }
  const ticket = parseTicketNumber(typed);
  if (ticket.ok) return of(await register.ownerOf('ticket', ticket.value));
  const email = parseEmailAddress(typed);
  return email.ok ? of(await register.ownerOf('email', email.key)) : undefined;
}

async function openAccount(
  { register, candidates, events }: LinkIdentityNeeds,
  { where, found }: Decided,
  { id: memberId, name }: CandidateMember,
  tx: Queryable,
): Promise<AccountId> {
  const id = randomUUID();
  const ticket = await candidates.ticketOf(memberId, tx);
  await register.createPasswordless({ id, locale: DEFAULT_LOCALE, name }, tx);
  await events.accountOpened(where, id, found.upstream, tx);
  await register.bindMember(id, { id: memberId, ...(ticket !== undefined && { ticket }) }, name, tx);
  await events.memberBound(where, id, tx);
  return id;
}

/** Whoever came in by the door that is closed now is out. */
async function signOut(
  { register, jobs }: LinkIdentityNeeds,
  accountId: AccountId,
  tx: Queryable,
): Promise<void> {
  const until = await register.signOutEverywhere(accountId, tx);
  await jobs.add('end-sessions', { accountId, until: until.toISOString() }, tx);
}

async function tell(
  { upstreams, post, clock }: LinkIdentityNeeds,
  template: 'case-linked' | 'case-unlinked',
  { number, upstream }: Case,
  account: Account | undefined,
  tx: Queryable,
): Promise<void> {
  if (account?.verifiedEmail === undefined) return;
  const way = upstreams.offers().find(({ id }) => id === upstream)?.name[account.locale] ?? upstream;
  const facts = { at: clock.now(), way, number };
  await post.send({ template, to: { accountId: account.id }, facts }, tx);
}
