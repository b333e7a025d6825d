/** Listeners: the public one with its limits, the metrics one, and their drain. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { House } from './wiring/wiring.ts';

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  // How often the time-outs are looked at; Node's half minute would make ten seconds forty.
  connectionsCheckingInterval: 2_000,
} as const;
const DRAIN_SECONDS = 25;
const IDLE_CHECK_MS = 50;

export type Serving = {
  readonly port: number;
  /**
   * Not ready any more, then no new connections, then what is under way ends, then the stores close. For `notice`
   * milliseconds in between everybody is still served and told to come back on another connection: one that is cut
   * when its next request is on the way would be a request lost.
   */
  stop(reason: string, notice?: number): Promise<void>;
};

export async function serve({ listen, metrics }: Config, house: House, log: Logger): Promise<Serving> {
  let leaving = false;
  const server = createServer(LIMITS, (request, response) => {
    if (leaving) response.setHeader('Connection', 'close');
    house.gateway.handle(request, response);
  });
  const metricsServer = createServer((_request, response) => {
    house.metrics.text().then(
      (text) => response.setHeader('Content-Type', house.metrics.contentType).end(text),
      () => response.writeHead(500).end(),
    );
  });
  const port = await open(server, listen.port, listen.host);
  if (metrics.port !== 0) await open(metricsServer, metrics.port, metrics.host);
  log.info({ port }, 'listening');

  let stopping: Promise<void> | undefined;
  const drain = async (reason: string, notice: number): Promise<void> => {
    log.info({ reason }, 'draining');
    house.readiness.leave();
    leaving = true;
    await sleep(notice);
    const closed = new Promise((resolve) => server.close(resolve));
    const impatience = setTimeout(() => server.closeAllConnections(), DRAIN_SECONDS * 1_000);
    // A kept-alive connection becomes idle only after its last answer, so they are looked at again and again.
    const idleness = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    metricsServer.close();
    metricsServer.closeAllConnections();
    await closed;
    clearTimeout(impatience);
    clearInterval(idleness);
    await house.close();
    log.info('stopped');
  };
  return {
    port,
    stop(reason, notice = 0) {
      stopping ??= drain(reason, notice);
      return stopping;
    },
  };
}

function open(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
