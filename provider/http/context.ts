/** What our middleware put on a request, and the type every route of ours sees. */
import type { ParameterizedContext } from 'koa';
import type { Logger } from 'pino';
import type { RequestOrigin } from './request-origin.ts';
import type { Screens, View } from './screens/screens.ts';
import type { Locale } from './texts.ts';

export type { RequestOrigin } from './request-origin.ts';

export type GatewayState = {
  origin: RequestOrigin;
  log: Logger;
  locale: Locale;
  /** Token for the forms of this page; asking for it sets the cookie it belongs to. */
  readonly csrf: string;
  /** Whoever is in her cabinet and has a workplace as well. */
  seated?: boolean;
  /** Of staff whose seat is known: where she leaves a page that went wrong for. */
  workplace?: string;
};

export type Locals = Readonly<Record<string, unknown>>;

/** Answers with a page; what the page must be told is in `screens.ts`. */
export type Render = <V extends View>(view: V, locals?: Screens[V]) => void;

export type GatewayContext = ParameterizedContext<GatewayState, { render: Render }>;
export type Middleware = (ctx: GatewayContext, next: () => Promise<unknown>) => Promise<unknown> | unknown;
