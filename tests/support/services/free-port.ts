/** Free ports on loopback, below the range the system gives away by itself. */
import { createServer } from 'node:net';

const FIRST = 20_000;
const COUNT = 10_000;

/** `beside`: distances to further ports that must be free too (a Cluster node's bus, 10 000 higher). */
export async function freePort(...beside: readonly number[]): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const free = await Promise.all([0, ...beside].map((distance) => isFree(port + distance)));
    if (free.every(Boolean)) return port;
  }
  throw new Error('no free port found on loopback');
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
}
