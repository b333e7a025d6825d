/** A server under load as its clients know it: what its discovery says, its keys, a connection. */
import type { LoadClients } from '../clients.ts';
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
  /** Paths below the issuer. */
  readonly paths: Readonly<Record<Endpoint, string>>;
};

export type SiteOptions = Pick<Site, 'issuer' | 'clients' | 'people'> & { readonly concurrency: number };

export async function openSite({ issuer, clients, people, concurrency }: SiteOptions): Promise<Site> {
  const connection = connect(issuer, concurrency);
  const metadata = await discover({ issuer, connection });
  const path = (name: string) => new URL(String(metadata[name])).pathname;
  const jwks = await connection.request({ method: 'GET', path: path('jwks_uri') });
  return {
    issuer,
    clients,
    people,
    connection,
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
