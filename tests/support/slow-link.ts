/** A wire that is longer than the one we have: a store behind it is as far away as one would like. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export type SlowLink = {
  /** The same address, through the wire. */
  readonly url: string;
  close(): Promise<void>;
};

/** Every byte takes so many milliseconds longer on the way there, and as many on the way back; order is kept. */
export async function slowLink(target: string, milliseconds: number): Promise<SlowLink> {
  const there = new URL(target);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(there.port), there.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.setNoDelay(true);
      from.on('data', (bytes) => setTimeout(() => to.write(bytes), milliseconds));
      from.on('end', () => setTimeout(() => to.end(), milliseconds));
      from.on('error', () => to.destroy());
      from.on('close', () => open.delete(from));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
