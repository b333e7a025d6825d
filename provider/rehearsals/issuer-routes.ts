/**
 * The issuer of a rehearsal, `ISSUER/rehearsal/<id>`: discovery, keys, token and userinfo of a person who does not
 * exist. It asks for no secret, as there is nothing to guard; who is who at the real issuer it never learns.
 */
import { createHash } from 'node:crypto';
import Router from '@koa/router';
import { z } from 'zod';
import type { Clock } from '../../adapters/clock.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody } from '../http/form.ts';
import { paramOf } from '../http/param.ts';
import { idToken, publicJwk, REHEARSAL_SUBJECT } from './id-tokens.ts';
import type { AskedFor, Rehearsal, Rehearsals } from './rehearsals.ts';

const TOKEN_SECONDS = 60;

export type RehearsalIssuerNeeds = { readonly rehearsals: Rehearsals; readonly clock: Clock };

const tokenRequest = z.looseObject({
  grant_type: z.literal('authorization_code'),
  code: z.string().max(100),
  redirect_uri: z.string().max(2_000),
  code_verifier: z.string().max(200).optional(),
});

export function rehearsalIssuerRoutes({ rehearsals, clock }: RehearsalIssuerNeeds): Router<GatewayState> {
  const router = new Router<GatewayState>({ prefix: '/rehearsal/:id', exclusive: true });

  /** Throws not_found when it has expired. */
  const at = (answer: (ctx: GatewayContext, rehearsal: Rehearsal) => Promise<void> | void) => {
    return async (raw: unknown) => {
      const ctx = raw as GatewayContext;
      const rehearsal = await rehearsals.find(paramOf(ctx, 'id'));
      if (!rehearsal) throw new GatewayError('not_found');
      await answer(ctx, rehearsal);
    };
  };

  router.get(
    '/.well-known/openid-configuration',
    at((ctx, rehearsal) => {
      ctx.body = metadataOf(rehearsal);
    }),
  );
  router.get(
    '/jwks',
    at((ctx, { key }) => {
      ctx.body = { keys: [publicJwk(key)] };
    }),
  );
  // The check plays the person itself and never opens this address; a browser that comes is told so.
  router.get(
    '/auth',
    at((ctx) => ctx.render('rehearsal', {})),
  );
  router.post(
    '/token',
    formBody() as never,
    at(async (ctx, rehearsal) => {
      const request = tokenRequest.safeParse((ctx.request as { body?: unknown }).body);
      if (!request.success) return refuse(ctx, 400, 'invalid_request');
      const { code, redirect_uri, code_verifier } = request.data;
      const asked = await rehearsals.redeem(rehearsal.id, code);
      if (!asked || asked.redirectUri !== redirect_uri || !verifies(asked, code_verifier)) {
        return refuse(ctx, 400, 'invalid_grant');
      }
      const { issuer, clientId, key } = rehearsal;
      const { nonce } = asked;
      ctx.body = {
        access_token: await rehearsals.issueToken(rehearsal.id, code, asked),
        token_type: 'Bearer',
        expires_in: TOKEN_SECONDS,
        scope: 'openid',
        id_token: await idToken(asked.case, key, {
          ...{ issuer, clientId, now: clock.now() },
          ...(nonce !== undefined && { nonce }),
        }),
      };
    }),
  );
  const userinfo = at(async (ctx, rehearsal) => {
    const token = /^Bearer (\S{1,100})$/i.exec(ctx.get('authorization'))?.[1];
    const asked = token === undefined ? undefined : await rehearsals.useToken(rehearsal.id, token);
    if (!asked) {
      ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"');
      return refuse(ctx, 401, 'invalid_token');
    }
    ctx.body = {
      sub: asked.case === 'userinfo_subject' ? 'another-person' : REHEARSAL_SUBJECT,
      name: 'Проверкина Репетиция Вымышленная',
      email: 'rehearsal@example.test',
      email_verified: true,
    };
  });
  router.get('/me', userinfo);
  router.post('/me', userinfo);

  return router;
}

function metadataOf({ issuer, key }: Rehearsal) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/me`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: ['authorization_code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: [key.algorithm],
    token_endpoint_auth_methods_supported: [
      ...['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    ],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    scopes_supported: ['openid', 'profile', 'email'],
    claims_supported: ['sub', 'name', 'email', 'email_verified'],
  };
}

/** RFC 7636 §4.6; whoever sends no challenge is checked all the same. */
function verifies({ challenge }: AskedFor, verifier: string | undefined): boolean {
  if (challenge === undefined) return verifier === undefined;
  return (
    createHash('sha256')
      .update(verifier ?? '')
      .digest('base64url') === challenge
  );
}

function refuse(ctx: GatewayContext, status: number, error: string): void {
  ctx.status = status;
  ctx.body = { error };
}
