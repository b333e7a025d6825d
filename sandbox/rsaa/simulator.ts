/** A simulator of РСАА, the region's sign-on service: standard OpenID Connect, with a registration of its own. On loopback alone. */
import { randomUUID } from 'node:crypto';
import { type EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientMetadata } from 'oidc-provider';
import { tellUnlessHungUp } from '../esia/break-call.ts';
import { type RsaaFaultBox, rsaaFaults } from './faults.ts';
import { rsaaPages } from './pages.ts';
import { type RsaaPeople, rsaaPeople } from './people.ts';
import { REALM, rsaaProvider } from './provider.ts';

export type RsaaSimulatorOptions = {
  /** 0 takes any free one. */
  readonly port: number;
  readonly clients: readonly ClientMetadata[];
  /** Of everybody who is there from the start; made up when absent. */
  readonly password?: string;
  readonly smtpUrl?: string;
  readonly passwordByLetter?: boolean;
};

export type RsaaSimulator = {
  readonly url: string;
  readonly issuer: string;
  readonly password: string;
  readonly people: RsaaPeople;
  readonly faults: RsaaFaultBox;
  close(): Promise<void>;
};

/** Rejects when the port is taken. */
export async function startRsaaSimulator({
  port,
  clients,
  password = randomUUID(),
  smtpUrl,
  passwordByLetter = false,
}: RsaaSimulatorOptions): Promise<RsaaSimulator> {
  const server = createServer().listen(port, 'localhost');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const people = rsaaPeople(password);
  const faults = rsaaFaults();
  const provider = await rsaaProvider({ url, clients, people, faults });
  provider.use(rsaaPages({ url, provider, people, smtpUrl, passwordByLetter }) as never);
  // Koa's own event, which the library's types leave out.
  (provider as EventEmitter).on('error', tellUnlessHungUp);
  server.on('request', provider.callback());
  return {
    url,
    issuer: `${url}${REALM}`,
    password,
    people,
    faults,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
