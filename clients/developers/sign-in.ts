/**
 * Signing in as a developer, and once more as an administrator: who reviews is asked for a second proof first, and the
 * token that opens other people's applications is not carried about before it is needed.
 */
import { z } from 'zod';
import type { Purpose } from '../relying-party/authorization.ts';
import { seeOther } from '../relying-party/context.ts';
import { PortalError } from '../relying-party/errors.ts';
import type { PortalParts } from '../relying-party/portal.ts';
import { signInPurpose } from '../relying-party/sign-in.ts';
import { managementApi } from './api/management-api.ts';
import { meShape } from './api/shapes.ts';
import { done } from './notices.ts';

export const SCOPE = 'openid profile_min integrations:read integrations:write';

/** Name of the purpose. */
export const REVIEW = 'review';
export const REVIEW_SCOPE = 'integrations:review';
/** A second proof beside the password. */
export const REVIEW_ACR = 'urn:opo:loa:2';

export type Developer = { readonly name: string; readonly isReviewer: boolean };

const claimsShape = z.object({
  given_name: z.string().max(300).optional(),
  middle_name: z.string().max(300).optional(),
});

type Parts = Pick<PortalParts, 'sessions' | 'cookies' | 'tokens'>;

export function developerSignIn(issuer: string, parts: Parts): Purpose {
  return {
    scope: SCOPE,
    async settle(ctx, answer, returnTo) {
      if (!answer.tokens) throw new PortalError('sign_in_failed');
      const { accessToken } = answer.tokens;
      const api = managementApi({ issuer, accessToken, language: ctx.state.language ?? 'ru' });
      const { value: me } = await api.read('/me', meShape);
      const purpose = signInPurpose({
        ...{ scope: SCOPE, ...parts, decline: () => {} },
        readProfile: (claims) => developerOf(claims, me.is_reviewer),
      });
      return purpose.settle(ctx, answer, returnTo === '/' ? '/applications' : returnTo);
    },
    decline: (ctx) => done(ctx, '/', 'access_denied'),
  };
}

/** The same person with a further scope; the session stays. */
export function reviewPurpose({ sessions, cookies, tokens }: Parts): Purpose {
  return {
    scope: `${SCOPE} ${REVIEW_SCOPE}`,
    settle(ctx, answer, returnTo) {
      const { session } = ctx.state;
      const cookie = cookies.get(ctx, 'session');
      if (!session || !cookie) throw new PortalError('sign_in_expired');
      if (answer.sub !== session.sub) throw new PortalError('other_person');
      // Asked for again it would be left out again.
      if (!answer.tokens?.scopes.includes(REVIEW_SCOPE)) throw new PortalError('not_allowed');
      sessions.renew(session.id, answer);
      tokens.keep(cookie, answer.tokens);
      seeOther(ctx, returnTo);
    },
    decline: (ctx) => done(ctx, '/applications', 'review_cancelled'),
  };
}

function developerOf(claims: Readonly<Record<string, unknown>>, isReviewer: boolean): Developer {
  const { given_name, middle_name } = claimsShape.parse(claims);
  return { name: [given_name, middle_name].filter(Boolean).join(' '), isReviewer };
}
