/** The middleware in reading order. The Provider is the Koa app: mounted in another it would sign with foreign keys. */
import type Provider from 'oidc-provider';
import type { Logger } from 'pino';
import type { ApplicationStore } from '../adapters/application-store/application-store.ts';
import type { DocumentStore } from '../adapters/document-store/document-store.ts';
import type { Registry, RememberMember } from '../adapters/registry/registry.ts';
import { type EmailLinkNeeds, emailLinkRoutes } from './cabinet/email-links.ts';
import { type CabinetNeeds, cabinetRoutes } from './cabinet/routes.ts';
import { type CaseNeeds, caseRoutes } from './cases/routes.ts';
import { type UnsubscribeNeeds, unsubscribeRoutes } from './consents/unsubscribe.ts';
import type { Signings } from './documents/signing.ts';
import type { Templates } from './documents/write-documents.ts';
import { type ContingentNeeds, contingentRoutes } from './education/contingent-routes.ts';
import { guideRoutes } from './guides/routes.ts';
import type { Middleware } from './http/context.ts';
import type { Csrf } from './http/csrf.ts';
import { errorPage } from './http/error-page.ts';
import { frontDoor, type Proxies } from './http/front-door.ts';
import { health, type Readiness } from './http/health.ts';
import { requestLog } from './http/request-log.ts';
import { securityHeaders } from './http/security-headers.ts';
import { callbackRoutes } from './interactions/callback.ts';
import type { ResumeBinding } from './interactions/resume-binding.ts';
import { type InteractionNeeds, interactionRoutes } from './interactions/routes.ts';
import { type JoinNeeds, joinRoutes } from './join/routes.ts';
import { type WizardNeeds, wizardRoutes } from './join/wizard.ts';
import type { AddressTroubles, Post } from './letters/post.ts';
import { allOperations, type OperationNeeds } from './management-api/operations.ts';
import { type ApiRoutesNeeds, apiRoutes } from './management-api/routes.ts';
import type { RequestMetrics } from './metrics.ts';
import { type ArrivalsNeeds, recordArrivals, recordSignOuts } from './oidc/arrivals.ts';
import { deviceEntry } from './oidc/device-entry.ts';
import { emptyAnswers } from './oidc/empty-answers.ts';
import { formPostAnswers } from './oidc/form-post.ts';
import { postedRequests } from './oidc/posted-requests.ts';
import { signOutWithoutSession } from './oidc/sign-out.ts';
import { storeFaults } from './oidc/store-faults.ts';
import { type QrRoutesNeeds, qrRoutes } from './qr/routes.ts';
import { type RecoveryNeeds, recoveryRoutes } from './recovery/routes.ts';
import { type RegistryApiNeeds, registryApiRoutes } from './registry-api/routes.ts';
import { type RehearsalIssuerNeeds, rehearsalIssuerRoutes } from './rehearsals/issuer-routes.ts';
import { type SignalRoutesNeeds, signalRoutes } from './signals/routes.ts';
import { type StaffAreaNeeds, staffAreas } from './staff/areas.ts';
import type { StaffGate } from './staff/gate.ts';
import { staffRoutes } from './staff/staff-area.ts';
import { type StartNeeds, startRoutes } from './start/routes.ts';
import type { Upstreams } from './upstreams/upstreams.ts';

export type AppNeeds = InteractionNeeds &
  StartNeeds &
  RecoveryNeeds &
  QrRoutesNeeds &
  RehearsalIssuerNeeds &
  EmailLinkNeeds &
  CabinetNeeds &
  CaseNeeds &
  ContingentNeeds &
  JoinNeeds &
  WizardNeeds &
  UnsubscribeNeeds &
  ArrivalsNeeds &
  StaffAreaNeeds &
  SignalRoutesNeeds &
  RegistryApiNeeds &
  ApiRoutesNeeds &
  OperationNeeds & {
    readonly provider: Provider;
    readonly documents: DocumentStore;
    readonly templates: Templates;
    readonly signings: Signings;
    readonly registry: Registry;
    readonly applications: ApplicationStore;
    readonly rememberMember: RememberMember;
    /** Whether the register is ours, and nobody's behind a network. */
    readonly keepsRegister: boolean;
    readonly staffGate: StaffGate;
    readonly issuer: string;
    readonly secure: boolean;
    readonly proxies: Proxies;
    readonly log: Logger;
    readonly metrics: RequestMetrics;
    readonly readiness: Readiness;
    readonly post: Post;
    readonly troubles: AddressTroubles;
    readonly locale: Middleware;
    readonly localeRoutes: Middleware;
    readonly renderer: Middleware;
    readonly staticFiles: Middleware;
    readonly csrf: Csrf;
    readonly binding: ResumeBinding;
    readonly upstreams: Upstreams;
    readonly refreshLeeway: Middleware;
  };

/** Puts our middleware before the library's own routes. */
export function buildApp(needs: AppNeeds): Provider {
  const { provider } = needs;
  const use = (middleware: Middleware) => provider.use(middleware as never);

  const door = frontDoor(needs.issuer, needs.proxies);

  use(health(needs.readiness));
  use(door.canonicalise);
  use(requestLog(needs.log, needs.metrics, needs.proxies));
  use(securityHeaders(needs.secure));
  use(needs.locale);
  use(needs.renderer);
  use(errorPage());
  use(door.refuse);
  use(needs.staticFiles);
  use(needs.csrf.offer);
  use(needs.localeRoutes);

  use(under('/api/', apiRoutes(needs, allOperations(needs))));
  const signals = signalRoutes(needs).routes() as never;
  use(under('/ssf/', signals));
  use(under('/.well-known/ssf-configuration', signals));
  if (needs.keepsRegister) use(under('/registry/', registryApiRoutes(needs).routes() as never));
  use(startRoutes(needs).routes() as never);
  use(under('/guides', guideRoutes().routes() as never));
  use(under('/interaction/', interactionRoutes(needs).routes() as never));
  use(under('/callback/', callbackRoutes(needs).routes() as never));
  use(under('/qr', qrRoutes(needs).routes() as never));
  use(under('/rehearsal/', rehearsalIssuerRoutes(needs).routes() as never));
  use(under('/recovery', recoveryRoutes(needs).routes() as never));
  use(under('/email/', emailLinkRoutes(needs).routes() as never));
  use(under('/unsubscribe/', unsubscribeRoutes(needs).routes() as never));
  use(under('/join', joinRoutes(needs).routes() as never));
  use(under('/join/', wizardRoutes(needs).routes() as never));
  use(under('/cabinet', cabinetRoutes(needs).routes() as never));
  use(under('/cases', caseRoutes(needs).routes() as never));
  use(under('/contingent', contingentRoutes(needs).routes() as never));
  const workplaces = staffRoutes(needs.staffGate, staffAreas(needs)).routes() as never;
  for (const prefix of ['/staff', '/chair/', '/operator']) use(under(prefix, workplaces));

  use(postedRequests());
  use(under('/auth', needs.binding.require));
  use(under('/auth', formPostAnswers()));
  use(under('/auth', recordArrivals(needs)));
  use(under('/device', deviceEntry(needs)));
  use(under('/device/', needs.binding.require));
  use(under('/device', recordArrivals(needs)));
  use(under('/session/', recordSignOuts(needs)));
  use(under('/session/', signOutWithoutSession()));
  use(under('/token/revocation', emptyAnswers()));
  use(under('/token', needs.refreshLeeway));
  use(storeFaults());
  return provider;
}

/** Only requests below `prefix` pay for the middleware. */
function under(prefix: string, middleware: Middleware): Middleware {
  return (ctx, next) => (ctx.path.startsWith(prefix) ? middleware(ctx, next) : next());
}
