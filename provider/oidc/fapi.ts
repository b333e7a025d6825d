/**
 * What a client of the strict profile is held to request by request, where its metadata alone does not do it
 * (FAPI 2.0 Security Profile §5.3.2). Its metadata is judged in client/profile.ts.
 */
import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { isFapi, STRICT_ALGS } from './client/profile.ts';

/** Request objects are for now, as assertions are; FAPI 2.0 Message Signing §5.3.1. */
const REQUEST_SECONDS = 60 * 60;

/** RFC 9101 §4; the library has looked at `iss`, `aud` and the signature's algorithm. */
export const judgeRequestObject: NonNullable<
  NonNullable<NonNullable<Configuration['features']>['requestObjects']>['assertJwtClaimsAndHeader']
> = async (ctx, claims, header, client) => {
  // A request that was pushed in plain comes as an object of the library's own.
  if (ctx.oidc.entities.PushedAuthorizationRequest) return;
  const { typ, alg } = header as { typ?: unknown; alg?: unknown };
  if (typ !== undefined && !['oauth-authz-req+jwt', 'JWT'].includes(String(typ))) {
    throw new errors.InvalidRequestObject('typ must be oauth-authz-req+jwt');
  }
  const { aud, exp } = claims as { aud?: unknown; exp?: number };
  const now = Math.floor(Date.now() / 1_000);
  if (exp === undefined || exp - now > REQUEST_SECONDS) {
    throw new errors.InvalidRequestObject('exp must be within an hour');
  }
  if (!isFapi(client)) return;
  if (aud !== ctx.oidc.issuer) throw new errors.InvalidRequestObject('aud must be the issuer identifier');
  if (!STRICT_ALGS.includes(String(alg))) throw new errors.InvalidRequestObject('alg is not allowed');
};

/**
 * RFC 9700 §4.14.2: rotation is for tokens that anybody can use. §5.3.2.1 (9) of the profile wants none, because a
 * client that loses the answer loses the person.
 */
export function rotatesRefreshTokens(ctx: KoaContextWithOIDC): boolean {
  return ctx.oidc.client === undefined || !isFapi(ctx.oidc.client);
}
