/** The part of the configuration that oidc-provider is built from; the same for the gateway and for whoever judges a client. */
import type { Config } from '../config.ts';
import { proxies } from '../http/front-door.ts';
import { lastingKey } from '../lasting-key.ts';
import type { Certificates } from './client-authentication.ts';

export type ProviderSettings = {
  readonly issuer: string;
  readonly secure: boolean;
  readonly sandbox: boolean;
  readonly cookieKeys: readonly string[];
  readonly pairwiseSalt: Buffer;
  readonly initialAccessToken: string | undefined;
  /** 32 bytes, the same in every process: DPoP nonces are made of it (RFC 9449 §8). */
  readonly dpopSecret: Buffer;
  /** Absent: no mutual TLS. */
  readonly certificates: Certificates | undefined;
};

export function providerSettings(config: Config): ProviderSettings {
  const { issuer, secure, sandbox, secrets, certificates, listen } = config;
  return {
    ...{ issuer, secure, sandbox, cookieKeys: secrets.cookieKeys, pairwiseSalt: secrets.pairwiseSalt },
    initialAccessToken: config.initialAccessToken,
    dpopSecret: lastingKey(secrets.pairwiseSalt, 'dpop-nonce'),
    certificates: certificates && { settings: certificates, proxies: proxies(listen.trustedProxies) },
  };
}
