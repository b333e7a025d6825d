/** Codes and refresh tokens that were given out: what each is bound to, and whether it was used. In memory, never many. */
import { createHash, randomUUID } from 'node:crypto';
import { EsiaError } from './esia-error.ts';
import type { AuthorizationRequest, TokenRequest } from './read-request.ts';
import { CODE_SECONDS, type Granted } from './tokens.ts';

type Kept = Granted & Pick<AuthorizationRequest, 'redirectUri' | 'offline' | 'challenge'>;

export type Grants = {
  keepCode(code: string, kept: Kept, now: Date): void;
  /** Takes it. `refreshToken` where the code was asked for with offline access. Throws EsiaError. */
  redeem(request: TokenRequest, now: Date): { granted: Granted; refreshToken: string | undefined };
};

const MOST_KEPT = 1_000;

export function grants(): Grants {
  const codes = new Map<string, Kept & { until: number }>();
  const refreshTokens = new Map<string, Kept>();

  return {
    keepCode(code, kept, now) {
      codes.set(code, { ...kept, until: now.getTime() + CODE_SECONDS * 1_000 });
      trim(codes);
    },
    redeem(request, now) {
      const { grant } = request;
      if (grant.kind === 'refresh') {
        const kept = refreshTokens.get(grant.token);
        if (!kept || kept.system !== request.system)
          throw worthless('Такого refresh_token у этой системы нет.');
        refreshTokens.delete(grant.token);
        return { granted: kept, refreshToken: keepRefresh(kept) };
      }
      const kept = codes.get(grant.code);
      if (!kept) throw worthless('Код неизвестен или уже использован.');
      if (kept.system !== request.system) throw worthless('Код выдан другой системе.');
      codes.delete(grant.code);
      if (kept.until < now.getTime()) throw worthless(`Код действует ${CODE_SECONDS} с.`);
      if (kept.redirectUri !== request.redirectUri) throw worthless(`Код выдан для ${kept.redirectUri}.`);
      if (!isSameScope(kept.scopes, request)) {
        throw worthless(`Код выдан для scope «${kept.scopes.join(' ')}».`);
      }
      checkVerifier(kept.challenge, grant.verifier);
      return { granted: kept, refreshToken: kept.offline ? keepRefresh(kept) : undefined };
    },
  };

  function keepRefresh(kept: Kept): string {
    const token = randomUUID();
    refreshTokens.set(token, kept);
    trim(refreshTokens);
    return token;
  }
}

/** At the old endpoint a client in production asks for «openid» alone, and its token has the scopes of the code. */
function isSameScope(granted: readonly string[], { protocol, scopes }: TokenRequest): boolean {
  if (protocol === 'v1') return scopes.every((scope) => granted.includes(scope));
  return granted.join(' ') === scopes.join(' ');
}

const worthless = (why: string): EsiaError => new EsiaError('ESIA-007011', { why: [why] });

function checkVerifier(challenge: AuthorizationRequest['challenge'], verifier: string | undefined): void {
  if (!challenge) {
    if (verifier !== undefined) throw new EsiaError('ESIA-007039');
    return;
  }
  const derived =
    challenge.method === 'plain'
      ? verifier
      : createHash('sha256')
          .update(verifier ?? '')
          .digest('base64url');
  if (verifier === undefined || derived !== challenge.value) throw new EsiaError('ESIA-007040');
}

/** The oldest go first. */
export function trim(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= MOST_KEPT) return;
    map.delete(key);
  }
}
