/** The device grant (RFC 8628) at the gateway, as openid-client does it: polls as often as it is told to, and no more. */
import * as oidc from 'openid-client';
import { PortalError } from '../relying-party/errors.ts';
import type { KioskSettings } from './settings.ts';

const SCOPE = 'openid profile_min';
const ALGORITHM = 'ES256';
const TIMEOUT_SECONDS = 10;

export type Person = { readonly givenName?: string; readonly tokens: readonly string[] };

export type Asking = {
  readonly userCode: string;
  /** To be typed, and to be scanned. */
  readonly address: string;
  readonly completeAddress: string;
  readonly expiresAt: Date;
  /** Undefined when the person has refused, or nobody has come. Rejects when the gateway is away. */
  wait(signal: AbortSignal): Promise<Person | undefined>;
};

export type DeviceGrant = {
  /** Throws PortalError gateway_unavailable. */
  ask(): Promise<Asking>;
  /** The tokens are worth nothing from then on. */
  revoke(person: Person): Promise<void>;
};

export function deviceGrant({ issuer, clientId, clientSecret, deviceName }: KioskSettings): DeviceGrant {
  let found: oidc.Configuration | undefined;
  const configured = async (): Promise<oidc.Configuration> => {
    const proof = clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret);
    const metadata = { id_token_signed_response_alg: ALGORITHM };
    found ??= await oidc.discovery(new URL(issuer), clientId, metadata, proof, {
      timeout: TIMEOUT_SECONDS,
      // The settings allow http on a loopback host alone.
      ...(issuer.startsWith('http:') && { execute: [oidc.allowInsecureRequests] }),
    });
    return found;
  };

  return {
    async ask() {
      try {
        const config = await configured();
        const named = deviceName === undefined ? {} : { device_name: deviceName };
        const device = await oidc.initiateDeviceAuthorization(config, { scope: SCOPE, ...named });
        return {
          userCode: device.user_code,
          address: device.verification_uri,
          completeAddress: device.verification_uri_complete ?? device.verification_uri,
          expiresAt: new Date(Date.now() + device.expires_in * 1_000),
          wait: (signal) => untilAnswered(config, device, signal),
        };
      } catch (error) {
        throw new PortalError('gateway_unavailable', { cause: error });
      }
    },
    async revoke({ tokens }) {
      const config = await configured();
      await Promise.all(tokens.map((token) => oidc.tokenRevocation(config, token)));
    },
  };
}

async function untilAnswered(
  config: oidc.Configuration,
  device: oidc.DeviceAuthorizationResponse,
  signal: AbortSignal,
): Promise<Person | undefined> {
  try {
    const answer = await oidc.pollDeviceAuthorizationGrant(config, device, undefined, { signal });
    const { access_token, refresh_token } = answer;
    const { given_name: givenName } = await oidc.fetchUserInfo(
      config,
      access_token,
      answer.claims()?.sub ?? '',
    );
    return {
      ...(typeof givenName === 'string' && { givenName }),
      tokens: [...(refresh_token === undefined ? [] : [refresh_token]), access_token],
    };
  } catch (error) {
    if (signal.aborted) return undefined;
    const { error: code } = error as { error?: unknown };
    if (code === 'access_denied' || code === 'expired_token') return undefined;
    throw error;
  }
}
