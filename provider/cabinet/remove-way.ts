/** One way into an account less, and never the last: whoever wants to remove two at once keeps one of them. */
import type Provider from 'oidc-provider';
import type { AccountActivity } from '../../adapters/account-activity/account-activity.ts';
import type { AccountDoors } from '../../adapters/account-doors/account-doors.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { Post } from '../letters/post.ts';
import { amrOfUpstream } from '../login/assurance.ts';
import type { SessionEnder } from '../oidc/end-session.ts';
import type { UpstreamId, Upstreams } from '../upstreams/upstreams.ts';
import type { Visitor } from './enter.ts';
import { type ProofProblem, type ProvePersonNeeds, provePerson } from './prove-person.ts';
import type { WayProofs } from './way-proofs.ts';
import { isOpenWithout, nameOfUpstream } from './ways.ts';

export type RemoveWayNeeds = ProvePersonNeeds & {
  readonly database: Database;
  readonly provider: Provider;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly links: Pick<LinkStore, 'linksOf' | 'unlink'>;
  readonly doors: AccountDoors;
  readonly wayProofs: WayProofs;
  readonly activity: Pick<AccountActivity, 'sessionsOf'>;
  readonly sessions: SessionEnder;
  readonly post: Post;
  readonly events: Events;
};

/** Undefined when it is gone; asked for twice, it is gone, too. */
export async function removeWay(
  needs: RemoveWayNeeds,
  visitor: Visitor,
  origin: RequestOrigin,
  id: UpstreamId,
  password: string | undefined,
): Promise<ProofProblem | undefined> {
  const { wayProofs } = needs;
  const { account } = visitor;
  const problem =
    (await provePerson(needs, visitor, origin, password, 'way_removal')) ??
    (await unlink(needs, visitor, origin, id));
  if (problem) return problem;
  await wayProofs.drop(account.id, id);
  await endSessionsThrough(needs, visitor, origin, id);
  return undefined;
}

function unlink(
  { database, upstreams, links, doors, post, events }: RemoveWayNeeds,
  { account }: Visitor,
  origin: RequestOrigin,
  id: UpstreamId,
): Promise<ProofProblem | undefined> {
  const offers = upstreams.offers();
  return database.transaction(async (tx) => {
    const open = await doors.lock(account.id, tx);
    const link = (await links.linksOf(account.id, tx)).find(({ upstream }) => upstream === id);
    if (!link) return undefined;
    if (!isOpenWithout(id, open, offers)) {
      await events.wayRemovalRefused(origin, account.id, id, tx);
      return { field: 'form', code: 'way_last' };
    }
    await links.unlink(account.id, link, tx);
    await events.wayRemoved(origin, account.id, id, tx);
    if (account.verifiedEmail !== undefined) {
      const way = nameOfUpstream(offers, id, account.locale);
      const facts = { at: new Date(), network: origin.network, way };
      await post.send({ template: 'way-removed', to: { accountId: account.id }, facts }, tx);
    }
    return undefined;
  });
}

/** Whoever came in by that door is out; she who closed it is not. */
async function endSessionsThrough(
  { provider, activity, sessions, events }: RemoveWayNeeds,
  { account, session: own }: Visitor,
  origin: RequestOrigin,
  id: UpstreamId,
): Promise<void> {
  const marks = amrOfUpstream(id);
  for (const { uid } of await activity.sessionsOf(account.id)) {
    if (uid === own.uid) continue;
    const session = await provider.Session.findByUid(uid);
    if (!marks.every((mark) => session?.amr?.includes(mark))) continue;
    await sessions.endSession(provider, account.id, uid);
    await events.sessionEnded(origin, account.id, uid);
  }
}
