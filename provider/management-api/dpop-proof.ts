/** The proof that comes with a bound access token (RFC 9449 §4.3, §7): of this request, this token, this key, once. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, errors, type JWK, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Limiter } from '../../adapters/limiter/limiter.ts';

const ALGORITHMS = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];
/** How old a proof may be, and how much the caller's clock may be ahead. */
const WINDOW_SECONDS = 60;

const claims = z.object({
  jti: z.string().min(1).max(200),
  htm: z.string(),
  htu: z.string(),
  ath: z.string(),
  iat: z.number(),
});

export type Proof = {
  readonly proof: string;
  readonly method: string;
  readonly url: string;
  readonly token: string;
  /** The thumbprint the token is bound to. */
  readonly jkt: string;
};

export type ProofJudge = { holds(proof: Proof): Promise<boolean> };

export function proofJudge(replays: Limiter): ProofJudge {
  return {
    async holds({ proof, method, url, token, jkt }) {
      try {
        const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
          algorithms: ALGORITHMS,
          typ: 'dpop+jwt',
        });
        const { jti, htm, htu, ath, iat } = claims.parse(payload);
        const age = Date.now() / 1_000 - iat;
        if (Math.abs(age) > WINDOW_SECONDS || htm !== method || plain(htu) !== plain(url)) return false;
        if (!same(ath, createHash('sha256').update(token).digest('base64url'))) return false;
        if (!same(jkt, await calculateJwkThumbprint(protectedHeader.jwk as JWK))) return false;
        return (await replays.take(`api ${jkt} ${jti}`)).allowed;
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError) {
          return false;
        }
        throw error;
      }
    },
  };
}

/** RFC 9449 §4.3: compared without query and fragment, as RFC 3986 normalises them. */
function plain(address: string): string | undefined {
  const url = URL.parse(address);
  return url ? `${url.origin}${url.pathname}` : undefined;
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
