/**
 * The portal of ЭПОС: the ways in, and then a button for each subsystem that is open in the chosen role. Who may open
 * what it is told by the gateway, which also refuses; it decides nothing itself.
 */
import Router from '@koa/router';
import type { Authorization } from '../../relying-party/authorization.ts';
import type { PortalContext, PortalState } from '../../relying-party/context.ts';
import {
  type PortalDefinition,
  type RunningPortal,
  type StartOptions,
  startPortal as start,
} from '../../relying-party/portal.ts';
import { SIGN_IN, signedInOnly } from '../../relying-party/sign-in.ts';
import { eposPerson } from '../claims.ts';
import { eposRoleChange, eposSignIn } from '../sign-in.ts';
import { GUIDES, isGuide } from './guides.ts';
import type { EposPortalSettings } from './settings.ts';

const FOLDER = new URL('./', import.meta.url);
const SCOPE = 'openid name edu_role edu_subsystems';
/** Signing in once more, with the question for the role. */
const CHANGE_ROLE = 'change-role';
const HOME = '/subsystems';

/** See `startPortal` of the relying party. */
export function startPortal(settings: EposPortalSettings, options?: StartOptions): Promise<RunningPortal> {
  return start(definitionOf(settings), settings, options);
}

function definitionOf({ own: { ESIA_HINT, SUPPORT_EMAIL } }: EposPortalSettings): PortalDefinition {
  return {
    name: 'epos',
    scope: SCOPE,
    readProfile: eposPerson,
    signsInSilently: false,
    folders: [new URL('../', FOLDER), FOLDER],
    notices: ['session_ended', 'signed_out_here'],
    always: { guides: Object.keys(GUIDES) },
    offer(parts) {
      return {
        purposes: {
          [SIGN_IN]: eposSignIn(SCOPE, parts),
          [CHANGE_ROLE]: eposRoleChange(SCOPE, HOME, parts),
        },
        routes: (authorization) => [publicPages(SUPPORT_EMAIL), waysIn(authorization, ESIA_HINT)],
        tidy() {},
      };
    },
  };
}

/** What anybody may read. */
function publicPages(supportEmail: string): Router<PortalState> {
  const router = new Router<PortalState>();
  const page = (path: string, view: string, locals = {}) =>
    router.get(path, (raw) => (raw as unknown as PortalContext).render(view, locals));
  page('/', 'start');
  page('/enter', 'enter');
  page('/refused', 'refused');
  page('/support', 'support', { supportEmail });
  router.get('/guides/:role', (raw, next) => {
    const ctx = raw as unknown as PortalContext;
    const { role } = ctx.params;
    return isGuide(role) ? ctx.render('guide', { role, guide: GUIDES[role] }) : next();
  });
  return router;
}

function waysIn(authorization: Authorization, esia: string): Router<PortalState> {
  const router = new Router<PortalState>();
  const hers = signedInOnly();
  router.get('/enter/staff', (raw) =>
    authorization.ask(raw as unknown as PortalContext, SIGN_IN, { returnTo: HOME }),
  );
  router.get('/enter/esia', (raw) =>
    authorization.ask(raw as unknown as PortalContext, SIGN_IN, {
      returnTo: HOME,
      further: { idp_hint: esia },
    }),
  );
  router.get('/role', (raw) =>
    hers(raw as unknown as PortalContext, () =>
      authorization.ask(raw as unknown as PortalContext, CHANGE_ROLE, {
        returnTo: HOME,
        further: { prompt: 'role' },
      }),
    ),
  );
  router.get(HOME, (raw) => {
    const ctx = raw as unknown as PortalContext;
    return hers(ctx, async () => ctx.render('subsystems'));
  });
  return router;
}
