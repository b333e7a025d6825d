/** Where the gateway says, without a browser, that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.5–2.8). */
import type { Clock } from './clock.ts';
import type { Middleware, PortalContext } from './context.ts';
import { PortalError } from './errors.ts';
import { postedFields } from './forms.ts';
import type { Gateway } from './gateway.ts';
import { readLogoutToken } from './logout-token.ts';
import type { Sessions } from './sessions.ts';

export type BackchannelLogoutNeeds = {
  readonly gateway: Gateway;
  readonly sessions: Sessions;
  readonly clientId: string;
  readonly clock: Clock;
};

/** For `POST /backchannel-logout`: 200, 400 for a token that is none, 503 when its keys are out of reach. */
export function backchannelLogout(needs: BackchannelLogoutNeeds): Middleware {
  return async (ctx) => {
    try {
      await obey(ctx, needs);
      ctx.status = 200;
      ctx.body = '';
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      ctx.state.log.warn({ err: error, fault: error.code }, 'logout token refused');
      ctx.status = error.status;
      ctx.body = { error: error.status < 500 ? 'invalid_request' : 'temporarily_unavailable' };
    }
  };
}

async function obey(ctx: PortalContext, { gateway, sessions, clientId, clock }: BackchannelLogoutNeeds) {
  const { logout_token: token } = postedFields(ctx);
  if (typeof token !== 'string') throw new PortalError('bad_request');
  const { issuer, keys } = await gateway.keys();
  const logout = await readLogoutToken(token, { issuer, clientId, keys, clock });
  const ended = sessions.obey(logout);
  if (ended === undefined) throw new PortalError('bad_request');
  ctx.state.log.info({ ended }, 'sessions ended by the gateway');
}
