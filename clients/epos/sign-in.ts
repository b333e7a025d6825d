/** Signing in at a party of ЭПОС: as at any portal, but a refusal has a page of its own and ends what was open before. */
import type { Purpose } from '../relying-party/authorization.ts';
import { seeOther } from '../relying-party/context.ts';
import type { PortalParts } from '../relying-party/portal.ts';
import { type SignInNeeds, signInPurpose } from '../relying-party/sign-in.ts';
import { eposPerson } from './claims.ts';

type Parts = Pick<PortalParts, 'sessions' | 'cookies' | 'tokens'>;

export function eposSignIn(scope: string, { sessions, cookies, tokens }: Parts): Purpose {
  return signInPurpose({
    ...whoeverComes(scope, { sessions, cookies, tokens }),
    decline(ctx) {
      const { session } = ctx.state;
      if (session) {
        sessions.end(session.id);
        cookies.clear(ctx, 'session');
      }
      seeOther(ctx, '/refused');
    },
  });
}

/** Once more, for another role: whoever thinks better of it stays as she is. */
export function eposRoleChange(scope: string, home: string, parts: Parts): Purpose {
  return signInPurpose({ ...whoeverComes(scope, parts), decline: (ctx) => seeOther(ctx, home) });
}

function whoeverComes(scope: string, { sessions, cookies, tokens }: Parts): Omit<SignInNeeds, 'decline'> {
  return { scope, readProfile: eposPerson, sessions, cookies, tokens };
}
