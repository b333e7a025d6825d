/** A server under load as its clients know it: what its discovery says, its keys, a connection. */
import type { LoadClients } from '../clients.ts';
import { person } from '../people.ts';
import { type Connection, connect } from './connection.ts';
import { expectJson } from './expect.ts';
import { type IdTokenKeys, keysIn } from './id-token.ts';

const DISCOVERY = '/.well-known/openid-configuration';

export type Endpoint = 'authorization' | 'token' | 'userinfo' | 'introspection';

export type Site = {
  readonly issuer: string;
  readonly clients: LoadClients;
  readonly people: number;
  readonly connection: Connection;
  readonly keys: IdTokenKeys;
  /** Whether it is the given name of one of them. */
  isCalled(givenName: unknown): boolean;
  /** Paths below the issuer. */
  readonly paths: Readonly<Record<Endpoint, string>>;
};

export type SiteOptions = Pick<Site, 'issuer' | 'clients' | 'people'> & {
  readonly concurrency: number;
  /** By default they are all called alike (people.ts). */
  readonly isCalled?: Site['isCalled'];
};

export async function openSite(options: SiteOptions): Promise<Site> {
  const { issuer, clients, people, concurrency } = options;
  const { isCalled = (givenName) => givenName === person(0).givenName } = options;
  const connection = connect(issuer, concurrency);
  const metadata = await discover({ issuer, connection });
  const path = (name: string) => new URL(String(metadata[name])).pathname;
  const jwks = await connection.request({ method: 'GET', path: path('jwks_uri') });
  return {
    issuer,
    clients,
    people,
    connection,
    isCalled,
    keys: keysIn(expectJson(jwks, 'jwks') as never),
    paths: {
      authorization: path('authorization_endpoint'),
      token: path('token_endpoint'),
      userinfo: path('userinfo_endpoint'),
      introspection: path('introspection_endpoint'),
    },
  };
}

export async function discover({ connection }: Pick<Site, 'issuer' | 'connection'>) {
  return expectJson(await connection.request({ method: 'GET', path: DISCOVERY }), 'discovery');
}
