/** What an application on somebody's telephone shows. */
import { Secret, TOTP } from 'otpauth';

export const freshAppSecret = (): string => new Secret({ size: 20 }).base32;

/** At a moment; a code stands half a minute. */
export function appCode(secret: string, at = Date.now()): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });
}

/** The one after the one that is shown now: in time already, and not yet used. */
export const nextAppCode = (secret: string): string => appCode(secret, Date.now() + 30_000);
