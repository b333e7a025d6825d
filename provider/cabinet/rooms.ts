/** How a room of the cabinet is entered: by whoever is signed in, and through nothing but its own door. */
import type Router from '@koa/router';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody } from '../http/form.ts';
import type { Doorkeeper, Visitor } from './enter.ts';

export type Room = (ctx: GatewayContext, visitor: Visitor) => Promise<void> | void;

export function rooms(router: Router<GatewayState>, doorkeeper: Doorkeeper) {
  const forVisitors = (room: Room) => async (raw: unknown) => {
    const ctx = raw as GatewayContext;
    const visitor = await doorkeeper.visitor(ctx);
    if (!visitor) return;
    ctx.state.seated = await doorkeeper.isSeated(visitor);
    await room(ctx, visitor);
  };
  return {
    show(path: string, room: Room): void {
      router.get(path, forVisitors(room));
    },
    act(path: string, room: Room): void {
      router.post(path, formBody(), forVisitors(room));
    },
  };
}

export function goTo(ctx: GatewayContext, room: string): void {
  ctx.status = 303;
  ctx.redirect(room);
}

const STATUS: Readonly<Record<string, number>> = { throttled: 429, overloaded: 503 };

export function statusOf(ctx: GatewayContext, problem: { readonly code: string } | undefined): void {
  if (problem) ctx.status = STATUS[problem.code] ?? 422;
}
