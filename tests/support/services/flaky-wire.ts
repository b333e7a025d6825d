/** A wire to a server that can be frozen or cut, to see what a client makes of it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export type FlakyWire = {
  readonly port: number;
  /** Nothing passes in either direction, and nothing is refused. */
  freeze(): void;
  /** Every connection breaks, and new ones are refused. */
  cut(): Promise<void>;
  /** As if nothing had happened; frozen bytes pass on. */
  mend(): Promise<void>;
};

/** Leads from loopback to the server of the URL. */
export async function flakyWire(target: string): Promise<FlakyWire> {
  const { hostname, port: targetPort } = new URL(target);
  const sockets = new Set<Socket>();
  let frozen = false;
  const listen = async (port: number): Promise<Server> => {
    const server = createServer((near) => {
      const far = connect(Number(targetPort), hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.on('data', (bytes) => to.write(bytes));
        from.on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
        // A broken connection also closes.
        from.on('error', () => {});
        if (frozen) from.pause();
      }
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };

  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    async cut() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) server.close();
      if (sockets.size > 0) await once(server, 'close');
    },
    async mend() {
      frozen = false;
      for (const socket of sockets) socket.resume();
      if (!server.listening) server = await listen(port);
    },
  };
}
