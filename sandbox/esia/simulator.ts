/**
 * A simulator of ЕСИА («Госуслуги») for people who build clients: both generations of endpoints, real GOST signatures,
 * real quirks, faults on demand. On loopback alone, and never beside the real one.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { tellUnlessHungUp } from './break-call.ts';
import { developerRoutes } from './developer-routes.ts';
import { EsiaError } from './esia-error.ts';
import { loginRoutes } from './login-routes.ts';
import { oauthRoutes } from './oauth-routes.ts';
import { pages } from './pages.ts';
import { restRoutes } from './rest-routes.ts';
import { type Scene, scene } from './scene.ts';
import type { Systems } from './systems.ts';

export type SimulatorOptions = {
  /** 0 takes any free one. */
  readonly port: number;
  readonly systems: Systems;
  /** Of everybody; made up when absent. */
  readonly password?: string | undefined;
  /** Id of the person who is signed in without a page. Throws RangeError when there is none. */
  readonly autoLogin?: string | undefined;
  /** `iss` of the tokens; the address with a slash when absent. */
  readonly issuer?: string | undefined;
  readonly toleranceSeconds?: number;
};

export type Simulator = {
  readonly url: string;
  readonly scene: Scene;
  close(): Promise<void>;
};

const TOLERANCE_SECONDS = 300;

/** Rejects when the port is taken. */
export async function startEsiaSimulator(options: SimulatorOptions): Promise<Simulator> {
  // The pages and tokens name the address, which is known once somebody listens.
  const server = createServer().listen(options.port, 'localhost');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const house = scene({
    systems: options.systems,
    password: options.password ?? randomUUID(),
    issuer: options.issuer ?? `${url}/`,
    toleranceSeconds: options.toleranceSeconds ?? TOLERANCE_SECONDS,
  });
  const { autoLogin } = options;
  const person = autoLogin === undefined ? undefined : house.people.byId(autoLogin);
  if (autoLogin !== undefined && !person) {
    server.close();
    throw new RangeError(
      `нет человека «${autoLogin}»; есть ${house.people.all.map(({ id }) => id).join(', ')}`,
    );
  }
  const whole: Scene = { ...house, autoLogin: person };
  const { page, headers, style } = pages();
  const app = new Koa();

  app.use(headers);
  app.use(async (ctx, next) => {
    ctx.set('Date', whole.now().toUTCString());
    await next();
  });
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof EsiaError)) throw error;
      ctx.status = 400;
      page(ctx, 'error', { message: error.message });
    }
  });
  app.use(async (ctx, next) => {
    if (ctx.path === '/') return ctx.redirect('/developer');
    if (ctx.path === '/style.css') return style(ctx, next);
    if (ctx.path === '/help') return page(ctx, 'help');
    return next();
  });
  for (const router of [
    oauthRoutes(whole),
    loginRoutes(whole, page),
    restRoutes(whole),
    developerRoutes(whole, page),
  ]) {
    app.use(router.routes());
  }
  app.on('error', tellUnlessHungUp);
  server.on('request', app.callback());

  return {
    url,
    scene: whole,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
