/** Whether a logout token is one: OpenID Connect Back-Channel Logout 1.0 §2.4 and §2.6, check by check. */
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import { PortalError } from './errors.ts';
import type { Logout } from './sessions.ts';

export type LogoutTokenExpectations = {
  readonly issuer: string;
  readonly clientId: string;
  readonly keys: JWTVerifyGetKey;
  readonly clock: Clock;
};

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const CLOCK_TOLERANCE_SECONDS = 10;
/** An older token is refused even if it claims to last longer: jti are remembered no longer than that. */
const OLDEST_SECONDS = 300;

const id = z.string().min(1).max(255);
const logoutClaims = z
  .looseObject({
    jti: id,
    exp: z.number(),
    sid: id.optional(),
    sub: id.optional(),
    events: z.looseObject({ [EVENT]: z.looseObject({}) }),
    nonce: z.never().optional(),
  })
  .refine(({ sid, sub }) => sid !== undefined || sub !== undefined);

/** Throws PortalError: bad_request for a token that is none, gateway_unavailable when its keys cannot be fetched. */
export async function readLogoutToken(
  token: string,
  { issuer, clientId, keys, clock }: LogoutTokenExpectations,
): Promise<Logout> {
  const currentDate = clock.now();
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience: clientId,
    algorithms: ['ES256'],
    // Explicit typing keeps an ID token of the same issuer and audience from being taken for a logout.
    typ: 'logout+jwt',
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
    maxTokenAge: OLDEST_SECONDS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate,
  }).catch((error: unknown) => {
    throw new PortalError(isVerdict(error) ? 'bad_request' : 'gateway_unavailable', { cause: error });
  });
  const claims = logoutClaims.safeParse(payload);
  if (!claims.success) throw new PortalError('bad_request', { cause: claims.error });
  const { jti, sid, sub } = claims.data;
  const lastsMs = (OLDEST_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS) * 1_000;
  return { jti, sid, sub, expiresAt: new Date(currentDate.getTime() + lastsMs) };
}

/** Everything jose finds wrong with a token; the rest is the fetching of keys. */
function isVerdict(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC'
  );
}
