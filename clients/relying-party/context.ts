/** What our middleware put on a request, and the type every route of a portal sees. */
import type { ParameterizedContext } from 'koa';
import type { Logger } from 'pino';
import type { Session } from './sessions.ts';
import type { Language } from './texts.ts';

export type PortalState = {
  requestId: string;
  log: Logger;
  /** Of the person signed in; absent for a visitor. */
  session?: Session | undefined;
  /** In which the page is written; undefined where there is no choice. */
  language?: Language | undefined;
  /** Token for the forms of this page; there are none without a session. */
  formToken?: string | undefined;
};

export type Locals = Readonly<Record<string, unknown>>;

/** `params`: what the pattern of the route matched. */
type PortalExtras = {
  render(view: string, locals?: Locals): void;
  readonly params: Readonly<Record<string, string | undefined>>;
};

export type PortalContext = ParameterizedContext<PortalState, PortalExtras>;
export type Middleware = (ctx: PortalContext, next: () => Promise<unknown>) => Promise<unknown> | unknown;

/** After a form, or to the gateway: the next request is a GET whatever this one was (RFC 9700 §4.12). */
export function seeOther(ctx: PortalContext, address: string): void {
  ctx.redirect(address);
  ctx.status = 303;
}
