/**
 * «Отписаться» in a letter: opening the link changes nothing, one POST closes that one channel – from the page or from
 * the mail program itself (RFC 8058). Neither a sign-in nor a form token: whoever holds the link may end the letters,
 * and nothing else. Every link of the right shape is answered alike, so that none tells whether it is anybody's.
 */
import Router from '@koa/router';
import type { Database } from '../../adapters/database/database.ts';
import type { MessageChannels } from '../../adapters/message-channels/message-channels.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export type UnsubscribeNeeds = {
  readonly database: Database;
  readonly channels: MessageChannels;
  readonly events: Events;
};

export function unsubscribeRoutes({ database, channels, events }: UnsubscribeNeeds): Router<GatewayState> {
  const router = new Router<GatewayState>({ prefix: '/unsubscribe/:token', exclusive: true });
  const tokenOf = (raw: unknown): string => {
    const { token = '' } = (raw as { params: Record<string, string> }).params;
    if (!TOKEN.test(token)) throw new GatewayError('not_found');
    return token;
  };

  router.get('/', (raw) => {
    const ctx = raw as unknown as GatewayContext;
    ctx.render('unsubscribe', { action: `/unsubscribe/${tokenOf(raw)}` });
  });

  router.post('/', async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const token = tokenOf(raw);
    await database.transaction(async (tx) => {
      const closed = await channels.closeByToken(token, tx);
      if (closed) await events.unsubscribed(ctx.state.origin, closed.accountId, closed.channel, tx);
    });
    ctx.render('unsubscribe', { done: true });
  });

  return router;
}
