/** How long everything lives, in seconds; one table, so that the promises can be compared. */
import type { Configuration } from 'oidc-provider';
import { secondsOf } from './client/token-lifetimes.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A sign-in lasts a working day, however busy. */
export const SESSION_SECONDS = 12 * HOUR;
/** From the first consent to the last refresh; then the person signs in again. */
export const OFFLINE_SECONDS = 90 * DAY;
const REFRESH_UNUSED_SECONDS = 30 * DAY;
const ACCESS_SECONDS = 10 * MINUTE;
/** A JWT cannot be called back, so it does not live long enough to be worth it (RFC 9068). */
export const JWT_ACCESS_SECONDS = MINUTE;
const INTERACTION_SECONDS = 30 * MINUTE;
/** How long the way back to the portal is remembered after its interaction has expired. */
export const RETURN_SECONDS = DAY;
/** Between the sign-in form and the resumed authorization request: one redirect. */
export const RESUME_SECONDS = 5 * MINUTE;

const now = (): number => Math.floor(Date.now() / 1_000);

export const lifetimes: NonNullable<Configuration['ttl']> = {
  AccessToken: (_ctx, token, client) =>
    token.resourceServer?.accessTokenTTL ?? secondsOf(client, 'access_token_seconds') ?? ACCESS_SECONDS,
  AuthorizationCode: MINUTE,
  ClientCredentials: (_ctx, token, client) =>
    token.resourceServer?.accessTokenTTL ?? secondsOf(client, 'access_token_seconds') ?? ACCESS_SECONDS,
  DeviceCode: 10 * MINUTE,
  IdToken: (_ctx, _token, client) => secondsOf(client, 'id_token_seconds') ?? HOUR,
  Interaction: INTERACTION_SECONDS,
  // Absolute: a session that is used does not live longer for it (security.md #91).
  Session: (_ctx, session) => {
    const signedInAt = session.loginTs ?? now();
    return Math.max(1, signedInAt + SESSION_SECONDS - now());
  },
  Grant: (_ctx, grant) => (isOffline(grant.getOIDCScope()) ? OFFLINE_SECONDS : SESSION_SECONDS),
  // Unused ones expire, and rotation does not make the family immortal (security.md #13).
  RefreshToken: (_ctx, token, client) => {
    const unused = secondsOf(client, 'refresh_token_seconds') ?? REFRESH_UNUSED_SECONDS;
    const firstIssuedAt = token.iiat ?? now();
    const whole = isOffline(token.scope) ? OFFLINE_SECONDS : SESSION_SECONDS;
    return Math.max(1, Math.min(unused, firstIssuedAt + whole - now()));
  },
};

export function isOffline(scope: unknown): boolean {
  return typeof scope === 'string' && scope.split(' ').includes('offline_access');
}
