/** What a test of the suite sees of the gateway: its address, ways to it, clients, people. Nothing of its inside. */
import type { CryptoKey } from 'jose';
import type { Fetch } from '../../support/reach.ts';

export type Client = {
  readonly id: string;
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  readonly scope: string;
  readonly authentication: Authentication;
};

export type Authentication =
  | { readonly by: 'client_secret_basic' | 'client_secret_post'; readonly secret: string }
  | { readonly by: 'private_key_jwt'; readonly key: CryptoKey; readonly alg: string; readonly kid: string };

export type Server = {
  readonly issuer: string;
  /** Every request of every browser and client; a server is broken by breaking this. */
  readonly reach: Fetch;
  readonly responseMode: 'query' | 'form_post';
  readonly first: Client;
  readonly second: Client;
  /** Authenticates in the body. */
  readonly posting: Client;
  /** Has a back-channel. */
  readonly listening: Client;
  /** Of the FAPI 2.0 Security Profile. */
  readonly strict: Client;
  readonly otherStrict: Client;
  readonly initialAccessToken: string;
  /** The address of somebody who has not been here before. */
  person(): string;
  /** For it and for everybody time has passed. */
  later(seconds: number): void;
  /** The logout token that the listening client is sent next. */
  logoutToken(): Promise<string>;
};
