/** «Способы входа»: the rooms where one is seen, added and removed, and the way out to prove oneself once more. */
import type Router from '@koa/router';
import { z } from 'zod';
import type { CredentialStore } from '../../adapters/account-store/account-store.ts';
import type { Passkeys } from '../../adapters/authenticators/authenticators.ts';
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { UpstreamOffer } from '../upstreams/upstreams.ts';
import {
  type AddWayNeeds,
  arriveForWay,
  beginWay,
  departForWay,
  holderOf,
  type WayOutcome,
} from './add-way.ts';
import type { Doorkeeper, Visitor } from './enter.ts';
import { type ProofProblem, proofOf } from './prove-person.ts';
import { type RemoveWayNeeds, removeWay } from './remove-way.ts';
import { goTo, rooms, statusOf } from './rooms.ts';
import { nameOfUpstream, pathOf, waysPage } from './ways.ts';

export type WayRoomNeeds = AddWayNeeds &
  RemoveWayNeeds & {
    readonly issuer: string;
    readonly doorkeeper: Doorkeeper;
    readonly credentials: CredentialStore;
    readonly links: Pick<LinkStore, 'linksOf' | 'ownerOf' | 'unlink'>;
    readonly passkeys: Pick<Passkeys, 'of'>;
    readonly notices: Notices;
    readonly readForm: ReadForm;
  };

const LIST = '/cabinet/ways';
const proofForm = { password: z.string().max(1_000).optional() };

type Shown =
  | { readonly problem: ProofProblem }
  | Exclude<WayOutcome, { kind: 'added' }>
  | Record<never, never>;

export function wayRooms(router: Router<GatewayState>, needs: WayRoomNeeds): void {
  const { doorkeeper, upstreams, links, credentials, wayProofs, notices, readForm, issuer } = needs;
  const { show, act } = rooms(router, doorkeeper);

  show('/ways', async (ctx, { account }) => {
    const [passwordSetAt, linked, passkeys] = await Promise.all([
      credentials.passwordSetAt(account.id),
      links.linksOf(account.id),
      needs.passkeys.of(account.id),
    ]);
    const notice = notices.take(ctx);
    ctx.render('cabinet/ways', {
      ...waysPage(account, passwordSetAt, linked, passkeys.length, upstreams.offers(), ctx.state.locale),
      ...(notice && { notice }),
    });
  });

  /** Back to the list when there is nothing to add: linked already, or switched off meanwhile. */
  const withOffer =
    (room: (ctx: GatewayContext, visitor: Visitor, offer: UpstreamOffer) => Promise<void>) =>
    async (ctx: GatewayContext, visitor: Visitor): Promise<void> => {
      const id = paramOf(ctx, 'way');
      const offer = upstreams.offers().find((one) => one.id === id);
      if (!offer) throw new GatewayError('not_found');
      const linked = await links.linksOf(visitor.account.id);
      if (offer.state === 'off' || linked.some(({ upstream }) => upstream === id)) return goTo(ctx, LIST);
      await room(ctx, visitor, offer);
    };
  const wayRoom = async (
    ctx: GatewayContext,
    visitor: Visitor,
    { id, kind, name, state, registrationUrl }: UpstreamOffer,
    shown: Shown = {},
  ): Promise<void> => {
    const ready = await wayProofs.stands('proved', holderOf(visitor, id));
    ctx.render('cabinet/way', {
      ...{ name: name[ctx.state.locale], kind, state, room: pathOf(id) },
      proof: await proofOf(needs, visitor),
      ...(ready && { departPath: `${pathOf(id)}/depart` }),
      ...(registrationUrl !== undefined && { registrationUrl }),
      ...('problem' in shown && { problem: shown.problem }),
      ...('reason' in shown && { refused: shown.reason }),
      ...('opened' in shown && { opened: shown.opened }),
    });
  };
  show('/ways/:way', withOffer(wayRoom));
  act('/ways/:way', async (ctx, visitor) => {
    const { password } = readForm(ctx, proofForm);
    await withOffer(async (_ctx, _visitor, offer) => {
      const problem = await beginWay(needs, visitor, ctx.state.origin, offer.id, password);
      if (!problem) return goTo(ctx, pathOf(offer.id));
      statusOf(ctx, problem);
      await wayRoom(ctx, visitor, offer, { problem });
    })(ctx, visitor);
  });
  // A form's redirects may not lead to another host (CSP form-action), so it is a link that leads away.
  show(
    '/ways/:way/depart',
    withOffer(async (ctx, visitor, offer) => {
      const to = await departForWay(needs, visitor, ctx.state.origin, offer.id);
      if (to === 'unproved') return goTo(ctx, pathOf(offer.id));
      if (to !== 'unavailable') return goTo(ctx, to.href);
      await wayRoom(ctx, visitor, offer, { kind: 'refused', reason: 'unavailable' });
    }),
  );
  show(
    '/ways/:way/callback',
    withOffer(async (ctx, visitor, offer) => {
      const callback = new URL(`/callback/${offer.id}?${ctx.querystring}`, issuer);
      const outcome = await arriveForWay(needs, visitor, ctx.state.origin, offer.id, callback);
      if (outcome.kind !== 'added') return wayRoom(ctx, visitor, offer, outcome);
      notices.leave(ctx, 'way_added');
      goTo(ctx, LIST);
    }),
  );

  const removeRoom = async (ctx: GatewayContext, visitor: Visitor, problem?: ProofProblem): Promise<void> => {
    const id = paramOf(ctx, 'way');
    const linked = await links.linksOf(visitor.account.id);
    if (!linked.some(({ upstream }) => upstream === id)) return goTo(ctx, LIST);
    statusOf(ctx, problem);
    ctx.render('cabinet/remove-way', {
      name: nameOfUpstream(upstreams.offers(), id, ctx.state.locale),
      room: `${pathOf(id)}/remove`,
      proof: await proofOf(needs, visitor),
      ...(problem && { problem }),
    });
  };
  show('/ways/:way/remove', (ctx, visitor) => removeRoom(ctx, visitor));
  act('/ways/:way/remove', async (ctx, visitor) => {
    const { password } = readForm(ctx, proofForm);
    const problem = await removeWay(needs, visitor, ctx.state.origin, paramOf(ctx, 'way'), password);
    if (problem) return removeRoom(ctx, visitor, problem);
    notices.leave(ctx, 'way_removed');
    goTo(ctx, LIST);
  });

  /** Through an upstream of hers when one is up; the page of signing in offers whatever else there is. */
  show('/prove', async (ctx, { account }) => {
    const offers = upstreams.offers();
    const linked = await links.linksOf(account.id);
    const nearest = linked.find(({ upstream }) =>
      offers.some(({ id, state }) => id === upstream && state === 'up'),
    );
    doorkeeper.askAgain(ctx, String(ctx.query.room ?? ''), nearest?.upstream);
  });
}
