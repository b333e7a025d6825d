/**
 * The application of PROFCARDS, with a browser's page for a telephone's screen (SYS-08): a public client whose answer
 * comes to its own loopback address, and whose tokens stay with the device, refreshed and never shown.
 */
import Router from '@koa/router';
import { declineTo } from '../../relying-party/authorization.ts';
import { type PortalContext, type PortalState, seeOther } from '../../relying-party/context.ts';
import { withNotice } from '../../relying-party/pages.ts';
import {
  type PortalParts,
  type RunningPortal,
  type StartOptions,
  startPortal as start,
} from '../../relying-party/portal.ts';
import { type Environment, type PortalSettings, readSettings } from '../../relying-party/settings.ts';
import { SIGN_IN, signInPurpose } from '../../relying-party/sign-in.ts';
import { documentRoutes } from '../document.ts';
import { holderOf, holderProfile } from '../holder.ts';

const FOLDER = new URL('./', import.meta.url);
const SCOPE = 'openid profile ticket offline_access';

/** Throws SettingsError that names every fault. */
export function readAppSettings(environment: Environment): PortalSettings {
  return readSettings(environment, {});
}

export function startPortal(settings: PortalSettings, options?: StartOptions): Promise<RunningPortal> {
  return start(
    {
      name: 'profcards_app',
      scope: SCOPE,
      readProfile: holderProfile,
      signsInSilently: false,
      keepsTokens: true,
      folders: [new URL('../', FOLDER), FOLDER],
      notices: ['access_denied', 'session_ended', 'signed_out_here', 'refreshed', 'sign_in_again'],
      always: {},
      offer: (parts) => ({
        purposes: {
          [SIGN_IN]: signInPurpose({
            ...{ ...parts, scope: SCOPE, readProfile: holderProfile },
            decline: declineTo('/', 'access_denied'),
          }),
        },
        routes: (authorization) => [pageRoutes(parts), documentRoutes(authorization)],
        tidy() {},
      }),
    },
    settings,
    options,
  );
}

function pageRoutes({ sessions, cookies, tokens, gateway, readForm }: PortalParts): Router<PortalState> {
  const router = new Router<PortalState>();
  router.get('/', (raw) => {
    const ctx = raw as unknown as PortalContext;
    const { session } = ctx.state;
    ctx.render('start', session ? { holder: holderOf(session) } : {});
  });

  /** «Обновить»: new tokens, and what the gateway tells by them. Refused: the device forgets who was signed in. */
  router.post('/refresh', async (raw) => {
    const ctx = raw as unknown as PortalContext;
    const { session } = ctx.state;
    const value = cookies.get(ctx, 'session');
    if (!session || value === undefined) return seeOther(ctx, withNotice('/', 'session_ended'));
    readForm(ctx, {});
    const fresh = await tokens.renew(value);
    const claims = fresh && (await gateway.userInfo(fresh.accessToken, session.sub));
    if (!claims || 'refused' in claims) {
      sessions.end(session.id);
      cookies.clear(ctx, 'session');
      ctx.state.log.info({ sub: session.sub }, 'tokens refused');
      return seeOther(ctx, withNotice('/', 'sign_in_again'));
    }
    sessions.learn(session.id, holderProfile(claims));
    seeOther(ctx, withNotice('/', 'refreshed'));
  });
  return router;
}
