/**
 * Where upstreams send people back to: one address per upstream, outside of every cookie's path. It looks whose attempt
 * the answer belongs to and passes it on, to where the browser shows its cookie; it takes nothing and reads no code.
 */
import Router from '@koa/router';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { paramOf } from '../http/param.ts';
import type { AttemptOwner, UpstreamId, Upstreams } from '../upstreams/upstreams.ts';

const STATE = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function callbackRoutes({ upstreams }: { readonly upstreams: Upstreams }): Router<GatewayState> {
  const router = new Router<GatewayState>({ prefix: '/callback', exclusive: true });

  router.get('/:id', async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    if (ctx.method !== 'GET') throw new GatewayError('method_not_allowed');
    const id = paramOf(ctx, 'id');
    if (!upstreams.offers().some((offer) => offer.id === id)) throw new GatewayError('not_found');
    const params = new URLSearchParams(ctx.querystring);
    // RFC 6749 §3.1: no parameter more than once; which of two counts is what attacks are made of.
    if (new Set(params.keys()).size !== params.size) throw new GatewayError('bad_request');

    const state = params.get('state') ?? '';
    const owner = STATE.test(state) ? await upstreams.ownerOf(id, state) : undefined;
    if (!owner) {
      ctx.status = 410;
      ctx.render('interaction/expired', {});
      return;
    }
    ctx.status = 303;
    ctx.redirect(`${pathOf(owner, id)}?${ctx.querystring}`);
  });

  return router;
}

function pathOf(owner: AttemptOwner, id: UpstreamId): string {
  return owner.kind === 'cabinet'
    ? `/cabinet/ways/${id}/callback`
    : `/interaction/${owner.uid}/upstream/${id}/callback`;
}
