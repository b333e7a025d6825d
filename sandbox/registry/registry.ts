/** The simulated АИС «Единый реестр»: its port for the gateway and its pages for chairs, on loopback alone. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { openDesk } from './desk.ts';
import { portRoutes } from './port.ts';
import { powerSwitch } from './power.ts';
import { seedRegistry } from './seed.ts';
import { openStore } from './store.ts';
import { pageRoutes } from './web.ts';

export type SimulatedRegistry = { readonly url: string; close(): Promise<void> };

export type SimulatedRegistryOptions = {
  /** 0 takes any free one. */
  readonly port: number;
  readonly token: string;
  /** Undefined: in memory. */
  readonly file?: string;
};

/** Rejects when the port is taken. */
export async function startRegistry({
  port,
  token,
  file,
}: SimulatedRegistryOptions): Promise<SimulatedRegistry> {
  const store = openStore(file);
  seedRegistry(store, new Date());
  const power = powerSwitch();

  const app = new Koa();
  app.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/v1/') || power.state() === 'on') return next();
    // Whoever asked waits until it has had enough.
    if (power.state() === 'silent') await once(ctx.res, 'close');
    ctx.status = 503;
    ctx.body = { message: 'the register is switched off' };
  });
  app.use(portRoutes(store, token).routes());
  app.use(pageRoutes(store, openDesk(store), power).routes());

  const server = app.listen(port, 'localhost');
  await once(server, 'listening').catch((error: unknown) => {
    store.close();
    throw error;
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      store.close();
    },
  };
}
