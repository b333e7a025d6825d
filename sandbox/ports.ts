/** Whether the sandbox's block of ports is free: better one sentence before the start than a stack trace in the middle. */
import { createServer } from 'node:net';

/** The first port of them that somebody listens on. */
export async function busyPort(ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) {
    if (!(await isFree(port))) return port;
  }
  return undefined;
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const probe = createServer();
  probe.once('error', () => resolve(false));
  probe.listen(port, 'localhost', () => probe.close(() => resolve(true)));
  return promise;
}
