/** A subsystem of ЭПОС: whoever is let in by the gateway sees who she is here, in which role, of which school. */
import Router from '@koa/router';
import type { PortalContext, PortalState } from '../../relying-party/context.ts';
import {
  type PortalDefinition,
  type RunningPortal,
  type StartOptions,
  startPortal as start,
} from '../../relying-party/portal.ts';
import { SIGN_IN } from '../../relying-party/sign-in.ts';
import { eposPerson } from '../claims.ts';
import { eposSignIn } from '../sign-in.ts';
import type { SubsystemSettings } from './settings.ts';

const FOLDER = new URL('./', import.meta.url);
const SCOPE = 'openid name edu_role';

/** See `startPortal` of the relying party. */
export function startSubsystem(settings: SubsystemSettings, options?: StartOptions): Promise<RunningPortal> {
  return start(definitionOf(settings), settings, options);
}

function definitionOf({ own: { SUBSYSTEM, PORTAL_URL } }: SubsystemSettings): PortalDefinition {
  return {
    name: `epos-${SUBSYSTEM}`,
    scope: SCOPE,
    readProfile: eposPerson,
    // D-15: one click at the portal, or her own bookmark.
    signsInSilently: true,
    folders: [new URL('../', FOLDER), FOLDER, new URL(`${SUBSYSTEM}/`, FOLDER)],
    notices: ['session_ended', 'signed_out_here'],
    always: { portalUrl: PORTAL_URL, hasDesk: SUBSYSTEM === 'kontingent' },
    offer(parts) {
      const router = new Router<PortalState>();
      router.get('/', (raw) => (raw as unknown as PortalContext).render('start'));
      router.get('/refused', (raw) => (raw as unknown as PortalContext).render('refused'));
      return {
        purposes: {
          [SIGN_IN]: eposSignIn(SCOPE, parts),
        },
        routes: () => [router],
        tidy() {},
      };
    },
  };
}
