/**
 * One more way into an account: who she is here, then who she is there, each proved within minutes and used once
 * (security.md class 1). Whether the two belong together is decided elsewhere.
 */
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import type { Refusal } from '../../adapters/upstream/upstream.ts';
import type { OpenedCase, Settling } from '../accounts/settlement.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { UpstreamId, Upstreams } from '../upstreams/upstreams.ts';
import { CABINET_CLIENT_ID, type Visitor } from './enter.ts';
import { type ProofProblem, type ProvePersonNeeds, provePerson } from './prove-person.ts';
import type { WayHolder, WayProofs } from './way-proofs.ts';

export type AddWayNeeds = ProvePersonNeeds & {
  readonly upstreams: Upstreams;
  readonly wayProofs: WayProofs;
  readonly links: Pick<LinkStore, 'ownerOf'>;
  readonly settling: Pick<Settling, 'link'>;
  readonly events: Events;
};

export type WayRefusal = Refusal | 'unavailable' | 'account_unavailable' | 'taken';

export type WayOutcome =
  | { readonly kind: 'added' }
  | { readonly kind: 'case'; readonly opened: OpenedCase }
  | { readonly kind: 'refused'; readonly reason: WayRefusal };

export const holderOf = ({ account, session }: Visitor, upstream: UpstreamId): WayHolder => ({
  accountId: account.id,
  sessionUid: session.uid,
  upstream,
});
const ownerOf = ({ account, session }: Visitor) =>
  ({ kind: 'cabinet', sessionUid: session.uid, accountId: account.id }) as const;

/** First step: from now on she may leave, for two minutes. */
export async function beginWay(
  needs: AddWayNeeds,
  visitor: Visitor,
  origin: RequestOrigin,
  id: UpstreamId,
  password: string | undefined,
): Promise<ProofProblem | undefined> {
  const problem = await provePerson(needs, visitor, origin, password, 'way_addition');
  if (!problem) await needs.wayProofs.put('proved', holderOf(visitor, id));
  return problem;
}

/** Second step. `unproved`: the proof is over, was used, or is another session's. */
export async function departForWay(
  { upstreams, wayProofs }: AddWayNeeds,
  visitor: Visitor,
  { source }: RequestOrigin,
  id: UpstreamId,
): Promise<URL | 'unproved' | 'unavailable'> {
  const holder = holderOf(visitor, id);
  if (!(await wayProofs.take('proved', holder))) return 'unproved';
  const departure = await upstreams.depart(id, ownerOf(visitor), source);
  if (departure.kind === 'unavailable') return 'unavailable';
  await wayProofs.put('away', holder);
  return departure.to;
}

/** Last step. `callback`: the registered address with what the upstream added to it. */
export async function arriveForWay(
  needs: AddWayNeeds,
  visitor: Visitor,
  origin: RequestOrigin,
  id: UpstreamId,
  callback: URL,
): Promise<WayOutcome> {
  const outcome = await settleArrival(needs, visitor, origin, id, callback);
  if (outcome.kind === 'refused') {
    await needs.events.wayRefused(origin, visitor.account.id, { upstream: id, reason: outcome.reason });
  }
  return outcome;
}

async function settleArrival(
  { upstreams, wayProofs, links, settling }: AddWayNeeds,
  visitor: Visitor,
  origin: RequestOrigin,
  id: UpstreamId,
  callback: URL,
): Promise<WayOutcome> {
  const { account } = visitor;
  const arrival = await upstreams.arrive(id, callback, ownerOf(visitor));
  // An answer that nobody here has asked for costs a proof nothing.
  if (arrival.kind === 'refused' && arrival.reason === 'start_again') return refused('start_again');
  if (!(await wayProofs.take('away', holderOf(visitor, id)))) return refused('start_again');
  if (arrival.kind === 'refused') return refused(arrival.reason);
  if (arrival.kind === 'unavailable') return refused('unavailable');

  const { identity, upstream } = arrival;
  const owner = await links.ownerOf(identity);
  // Whose it is, and whether that account is still used, is nobody's business here.
  if (owner && owner.accountId !== account.id) return refused('taken');
  const proved = { identity, upstream, clientId: CABINET_CLIENT_ID };
  const settlement = await settling.link(origin, proved, account.id);
  switch (settlement.kind) {
    case 'signed-in':
      await wayProofs.drop(account.id, id);
      return { kind: 'added' };
    case 'case':
      return { kind: 'case', opened: settlement.opened };
    case 'refused':
      return refused(settlement.reason);
    case 'prove':
      throw new TypeError('an account that was proved is asked for no second proof');
  }
}

const refused = (reason: WayRefusal): WayOutcome => ({ kind: 'refused', reason });
