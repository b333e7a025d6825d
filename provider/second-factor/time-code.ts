/** Codes of an application (RFC 6238): six digits, a new one every half minute. Pure but for the secret's randomness. */
import { Secret, TOTP } from 'otpauth';
import { typedCode } from '../login/fresh-secret.ts';

/** RFC 4226 §4: 160 bits are recommended. */
const SECRET_BYTES = 20;
const STEP_MILLISECONDS = 30_000;
/** One step to either side: clocks of telephones, and the time it takes to type (RFC 6238 §5.2). */
const WINDOW = 1;

export function freshCodeSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

const appOf = (secret: string) =>
  // What every application understands, whatever else it may.
  new TOTP({
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: STEP_MILLISECONDS / 1_000,
  });

/** The time step the code is of; undefined when it is of none that is near. */
export function stepOf(secret: string, typed: string, now: Date): number | undefined {
  const token = typedCode(typed);
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = appOf(secret).validate({ token, timestamp: now.getTime(), window: WINDOW });
  return delta === null ? undefined : Math.floor(now.getTime() / STEP_MILLISECONDS) + delta;
}

/** What the picture says to the application: whose codes these are, as she will read it there. */
export function enrolmentUri(secret: string, issuer: string, label: string): string {
  const app = appOf(secret);
  app.issuer = issuer;
  app.label = label;
  return app.toString();
}
