/** The addresses of signing in through an upstream, within one interaction. */
import { z } from 'zod';
import type { GatewayContext } from '../http/context.ts';
import { paramOf } from '../http/param.ts';
import {
  addresseeFor,
  cancelLink,
  createForIt,
  type LinkNeeds,
  linkByCode,
  linkByPassword,
  sendLinkCode,
  showLink,
  showLinkCode,
  type Waiting,
  waitingIn,
} from './link.ts';
import type { OpenInteraction } from './open-interaction.ts';
import type { Steps } from './steps.ts';
import { arriveFrom, departTo, type UpstreamNeeds } from './upstream.ts';

export type UpstreamRoutesNeeds = UpstreamNeeds & LinkNeeds;

const linkForm = {
  by: z.enum(['email', 'ticket']),
  identifier: z.string().max(1_000),
  password: z.string().max(1_000),
};
const codeForm = { code: z.string().max(100) };

/** Adds them to the router of `/interaction/:uid`. */
export function addUpstreamRoutes({ visit, post }: Steps, needs: UpstreamRoutesNeeds): void {
  const whileWaiting =
    <Rest extends readonly unknown[]>(
      act: (ctx: GatewayContext, waiting: Waiting, ...rest: Rest) => Promise<void> | void,
    ) =>
    async (ctx: GatewayContext, open: OpenInteraction, ...rest: Rest): Promise<void> => {
      const waiting = await waitingIn(needs, ctx, open);
      if (waiting) await act(ctx, waiting, ...rest);
    };

  visit('/upstream/:id', (ctx, open) => departTo(needs, ctx, open, paramOf(ctx, 'id')));
  visit('/upstream/:id/callback', (ctx, open) => arriveFrom(needs, ctx, open, paramOf(ctx, 'id')));

  visit(
    '/link',
    whileWaiting((ctx, waiting) => {
      showLink(ctx, waiting, { by: ctx.query.by === 'ticket' ? 'ticket' : 'email', identifier: '' });
    }),
  );
  post(
    '/link/password',
    linkForm,
    whileWaiting((ctx, waiting, form) => linkByPassword(needs, ctx, waiting, form)),
  );
  visit(
    '/link/code',
    whileWaiting(async (ctx, waiting) => {
      const addressee = await addresseeFor(needs, ctx, waiting);
      if (addressee) showLinkCode(ctx, waiting, addressee);
    }),
  );
  post(
    '/link/code',
    {},
    whileWaiting(async (ctx, waiting) => {
      const addressee = await addresseeFor(needs, ctx, waiting);
      if (addressee) await sendLinkCode(needs, ctx, waiting, addressee);
    }),
  );
  post(
    '/link/code/check',
    codeForm,
    whileWaiting(async (ctx, waiting, { code }) => {
      const addressee = await addresseeFor(needs, ctx, waiting);
      if (addressee) await linkByCode(needs, ctx, waiting, addressee, code);
    }),
  );
  post(
    '/link/create',
    {},
    whileWaiting((ctx, waiting) => createForIt(needs, ctx, waiting)),
  );
  post('/link/cancel', {}, (ctx, open) => cancelLink(needs, ctx, open));
}
