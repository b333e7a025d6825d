/** The listener with its limits, and its drain. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
} as const;
const DRAIN_MS = 10_000;

export type Listener = {
  readonly port: number;
  /** No new connections; resolves when what was under way has ended. */
  close(): Promise<void>;
};

export async function serve(
  handle: RequestListener,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listener> {
  const server = createServer(LIMITS, handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const impatience = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(impatience);
    },
  };
}
