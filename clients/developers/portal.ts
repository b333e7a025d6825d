/**
 * «Для разработчиков»: applications from the first address to production, and the administrators' desk for requests.
 * It decides nothing and keeps nothing of them: everything is asked of the management API in the name of the person.
 */
import Router from '@koa/router';
import type { PortalContext, PortalState } from '../relying-party/context.ts';
import {
  type PortalDefinition,
  type RunningPortal,
  type StartOptions,
  startPortal as start,
} from '../relying-party/portal.ts';
import { SIGN_IN } from '../relying-party/sign-in.ts';
import { resourceOf } from './api/management-api.ts';
import { accessRoutes } from './applications/access.ts';
import { applicationRoutes } from './applications/applications.ts';
import { connectionRoutes } from './applications/connections.ts';
import { secretRoutes } from './applications/secrets.ts';
import { momentsIn } from './moments.ts';
import { NOTICES } from './notices.ts';
import { quickStartRoutes } from './quick-start/quick-start.ts';
import { rehearsalRoutes } from './rehearsal/rehearsal.ts';
import { reviewRoutes } from './review/review.ts';
import { SCOPES } from './scopes.ts';
import type { DevelopersSettings } from './settings.ts';
import { developerSignIn, REVIEW, reviewPurpose, SCOPE } from './sign-in.ts';
import { trialRoutes } from './trial/routes.ts';
import { sqliteTrials } from './trial/trials.ts';
import { visits } from './visit.ts';

const FOLDER = new URL('./', import.meta.url);

/** See `startPortal` of the relying party. */
export function startPortal(settings: DevelopersSettings, options?: StartOptions): Promise<RunningPortal> {
  return start(definitionOf(settings), settings, options);
}

function definitionOf({ issuer, publicUrl, own }: DevelopersSettings): PortalDefinition {
  return {
    name: 'developers',
    scope: SCOPE,
    resource: resourceOf(issuer),
    readProfile: () => ({}),
    signsInSilently: false,
    languages: ['ru', 'en'],
    folders: [FOLDER],
    notices: NOTICES,
    always: { moment: momentsIn, knownScopes: SCOPES, supportEmail: own.SUPPORT_EMAIL },
    offer(parts) {
      const page = visits({ ...parts, issuer });
      const needs = { page, readForm: parts.readForm };
      const trials = sqliteTrials(parts);
      return {
        purposes: {
          [SIGN_IN]: developerSignIn(issuer, parts),
          [REVIEW]: reviewPurpose(parts),
        },
        routes: (authorization) => [
          publicPages(),
          applicationRoutes({ ...needs, issuer }),
          secretRoutes({ ...needs, issuer }),
          accessRoutes(needs),
          connectionRoutes(needs),
          quickStartRoutes({ page, issuer }),
          trialRoutes({ ...needs, trials, issuer, publicUrl }),
          rehearsalRoutes(needs),
          reviewRoutes({ ...needs, authorization }),
        ],
        tidy: () => trials.purge(),
      };
    },
  };
}

/** What anybody may read. */
function publicPages(): Router<PortalState> {
  const router = new Router<PortalState>();
  router.get('/', (raw) => (raw as unknown as PortalContext).render('start'));
  return router;
}
