/** One change of the register and its effects here. Told twice it has none the second time. */
import type {
  AccountId,
  AccountRegister,
  MemberAccount,
} from '../../adapters/account-store/account-store.ts';
import { AccountGone, IdentifierTaken } from '../../adapters/account-store/account-store.ts';
import type { ApplicationStore } from '../../adapters/application-store/application-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type { DocumentStore } from '../../adapters/document-store/document-store.ts';
import type { DraftStore } from '../../adapters/draft-store/draft-store.ts';
import type { EventStreams } from '../../adapters/event-stream-store/event-stream-store.ts';
import type {
  PaperConsent,
  RegistryChange,
  RegistryMember,
  RememberMember,
} from '../../adapters/registry/registry.ts';
import { comparePersonNames, type PersonName } from '../data-rules/person-name.ts';
import type { Events } from '../events/events.ts';
import type { Post } from '../letters/post.ts';
import { membershipClaim } from '../oidc/claims.ts';
import type { TellReceivers } from '../signals/tell.ts';
import { activeTicketOf } from './check-membership.ts';

export type ChangeNeeds = {
  readonly accounts: Pick<AccountRegister, 'bindMember' | 'accountOfMember'>;
  readonly applications: Pick<ApplicationStore, 'advance'>;
  readonly drafts: Pick<DraftStore, 'reopen' | 'forgetApplication'>;
  readonly documents: Pick<DocumentStore, 'recordPaper'>;
  readonly rememberMember: RememberMember;
  readonly memberships: Pick<EventStreams, 'membershipTurned'>;
  readonly tellReceivers: TellReceivers;
  readonly post: Post;
  readonly clock: Clock;
  readonly events: Events;
};

type Told<Kind extends RegistryChange['kind']> = Extract<RegistryChange, { kind: Kind }>;

export function takeChange(needs: ChangeNeeds, change: RegistryChange, tx: Queryable): Promise<void> {
  return change.kind === 'application'
    ? takeApplication(needs, change, tx)
    : takeMember(needs, change.member, change.consents ?? [], tx);
}

async function takeApplication(
  needs: ChangeNeeds,
  { id, state, reason, member }: Told<'application'>,
  tx: Queryable,
): Promise<void> {
  const { applications, drafts, post, events } = needs;
  const application = await applications.advance(id, state, reason, tx);
  if (!application) return;
  const { accountId } = application;
  const to = { accountId };
  if (state === 'accepted') {
    const ticket = member && activeTicketOf(member);
    if (member) await bind(needs, accountId, member, nameOf(member), tx);
    const facts = ticket === undefined ? {} : { ticket };
    await post.send({ template: 'enrolled', to, facts }, tx);
  }
  // What she typed is hers to correct until there is nothing to correct any more.
  if (state === 'returned') await drafts.reopen(accountId, tx);
  if (state === 'accepted' || state === 'rejected') await drafts.forgetApplication(accountId, tx);
  if (state === 'returned' || state === 'rejected') {
    await post.send({ template: `application-${state}`, to, facts: { reason: reason ?? '' } }, tx);
  }
  await events.applicationDecided(accountId, id, state, tx);
}

/** Nobody's business unless the member has an account here. */
async function takeMember(
  needs: ChangeNeeds,
  member: RegistryMember,
  consents: readonly PaperConsent[],
  tx: Queryable,
): Promise<void> {
  const { accounts, documents, post, clock, events } = needs;
  const account = await accounts.accountOfMember(member.id, tx);
  if (!account) return;
  const bound = await bind(needs, account.id, member, shownName(account, member), tx);
  const ticket = activeTicketOf(member);
  const to = { accountId: account.id };
  if (bound && ticket !== undefined && ticket !== account.ticket) {
    // A blocked number was taken from the account before the new one comes: only the register still knows of it.
    const isReplacement = account.ticket !== undefined || member.tickets.length > 1;
    await (isReplacement
      ? post.send({ template: 'ticket-replaced', to, facts: { at: clock.now(), ticket } }, tx)
      : post.send({ template: 'ticket-assigned', to, facts: { ticket } }, tx));
  }
  for (const { type, given, at, by, dated } of consents) {
    const paper = { at: new Date(at), by, ...(dated !== undefined && { dated }) };
    await documents.recordPaper(account.id, type, given, paper, tx);
  }
  await followMembership(needs, account.id, member, tx);
  await events.memberFollowed(account.id, member.id, tx);
}

/** The register tells of a member whatever changed; an end is told on once. */
async function followMembership(
  { memberships, tellReceivers, clock }: ChangeNeeds,
  accountId: AccountId,
  { id, membership }: RegistryMember,
  tx: Queryable,
): Promise<void> {
  const isMember = membershipClaim(membership) !== 'none';
  const hasTurned = await memberships.membershipTurned(id, isMember, tx);
  if (hasTurned && !isMember) {
    await tellReceivers({ name: 'membership-ended', accountId, at: clock.now() }, tx);
  }
}

/**
 * False when the member or the ticket is another account's: an operator must look, and the feed goes on. Or when the
 * account was deleted meanwhile: whatever the register says, nothing of it is kept here.
 */
async function bind(
  { accounts, rememberMember, events }: ChangeNeeds,
  accountId: AccountId,
  member: RegistryMember,
  name: PersonName,
  tx: Queryable,
): Promise<boolean> {
  const ticket = activeTicketOf(member);
  await tx.script('savepoint telling');
  await rememberMember(tx, member);
  await tx.script('savepoint binding');
  try {
    await accounts.bindMember(
      accountId,
      { id: member.id, ...(ticket !== undefined && { ticket }) },
      name,
      tx,
    );
    return true;
  } catch (error) {
    if (error instanceof AccountGone) {
      await tx.script('rollback to savepoint telling');
      return false;
    }
    if (!(error instanceof IdentifierTaken)) throw error;
    await tx.script('rollback to savepoint binding');
    await events.memberConflict(accountId, member.id, tx);
    return false;
  }
}

function nameOf({ family, given, middle }: RegistryMember): PersonName {
  return { family, given, ...(middle !== undefined && { middle }) };
}

/** The spelling the person is used to, as long as it is the same name. */
function shownName({ name }: MemberAccount, member: RegistryMember): PersonName {
  return name && comparePersonNames(name, member) === 'match' ? name : nameOf(member);
}
