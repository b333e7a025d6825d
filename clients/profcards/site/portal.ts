/** The site of PROFCARDS, the bonus programme of the Union: who is signed in sees her card (SYS-09). */
import Router from '@koa/router';
import { type PortalContext, type PortalState, seeOther } from '../../relying-party/context.ts';
import { type RunningPortal, type StartOptions, startPortal as start } from '../../relying-party/portal.ts';
import { type Environment, type PortalSettings, readSettings } from '../../relying-party/settings.ts';
import { SIGN_IN, signInPurpose } from '../../relying-party/sign-in.ts';
import { documentRoutes } from '../document.ts';
import { holderOf, holderProfile } from '../holder.ts';

const FOLDER = new URL('./', import.meta.url);
const SCOPE = 'openid profile email ticket';

/** Throws SettingsError that names every fault. */
export function readSiteSettings(environment: Environment): PortalSettings {
  return readSettings(environment, {});
}

export function startPortal(settings: PortalSettings, options?: StartOptions): Promise<RunningPortal> {
  return start(
    {
      name: 'profcards',
      scope: SCOPE,
      readProfile: holderProfile,
      signsInSilently: true,
      folders: [new URL('../', FOLDER), FOLDER],
      notices: ['signed_out_here', 'session_ended'],
      always: {},
      offer: ({ sessions, cookies, tokens }) => ({
        purposes: {
          [SIGN_IN]: signInPurpose({
            ...{ scope: SCOPE, readProfile: holderProfile, sessions, cookies, tokens },
            decline: (ctx) => seeOther(ctx, '/refused'),
          }),
        },
        routes: (authorization) => [pageRoutes(), documentRoutes(authorization)],
        tidy() {},
      }),
    },
    settings,
    options,
  );
}

function pageRoutes(): Router<PortalState> {
  const router = new Router<PortalState>();
  router.get('/', (raw) => {
    const ctx = raw as unknown as PortalContext;
    const { session } = ctx.state;
    ctx.render('start', session ? { holder: holderOf(session) } : {});
  });
  router.get('/refused', (raw) => (raw as unknown as PortalContext).render('refused'));
  return router;
}
