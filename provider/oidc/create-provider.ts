/**
 * node-oidc-provider as we want it: what we allow, where it finds accounts, keys and pages. One instance holds one set
 * of signing keys; after a rotation a new instance takes over (gateway.ts), so nothing here may keep state.
 */
import type { EventEmitter } from 'node:events';
import Provider, { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { ConsentBook } from '../../adapters/account-activity/account-activity.ts';
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { DocumentStore } from '../../adapters/document-store/document-store.ts';
import type { IntegrationTesters } from '../../adapters/integration-store/integration-store.ts';
import type { Outward } from '../../adapters/outward/outward.ts';
import type { SigningKey } from '../../adapters/signing-keys/signing-keys.ts';
import type { StaffStore } from '../../adapters/staff-store/staff-store.ts';
import type { PutOffDocuments } from '../consents/put-off.ts';
import type { Education } from '../education/education.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import { ACR } from '../login/assurance.ts';
import type { HeldOffices } from '../onboarding/take-office.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { admissions } from './admissions.ts';
import { type ArtefactsOptions, artefactsFor } from './artefacts.ts';
import { CLAIMS_BY_SCOPE, SCOPES } from './claims.ts';
import { namePairwise } from './client/device-subject.ts';
import { isBeingRegistered } from './client/sector-document.ts';
import { assertJwtClientAuthClaimsAndHeader } from './client-authentication.ts';
import { metadataJudge, OWN_METADATA } from './client-rules.ts';
import { demandPkce } from './demand-pkce.ts';
import { POLL_SECONDS } from './device-codes.ts';
import { harmlessName } from './device-pages.ts';
import { rotatesRefreshTokens } from './fapi.ts';
import { ALGORITHMS, clientAuthMethods, discovery, features } from './features.ts';
import { findAccount } from './find-account.ts';
import { findAdmitted } from './find-admitted.ts';
import { existingGrant } from './grants.ts';
import { lifetimes } from './lifetimes.ts';
import { outwardFetch } from './outward-fetch.ts';
import { documentPrompt } from './policy/documents.ts';
import { officePrompt } from './policy/offices.ts';
import { reviewCheck } from './policy/review.ts';
import { staffRolesPrompt } from './policy/staff-roles.ts';
import { stagePrompt } from './policy/stage.ts';
import { policy } from './policy.ts';
import { protocolErrorPage } from './protocol-error.ts';
import type { ProviderSettings } from './settings.ts';
import { noteFault } from './store-faults.ts';
import { pairwiseSubject, subjectFor } from './subject.ts';
import { actorClaim, registerTokenExchange } from './token-exchange.ts';

export type ProviderNeeds = ArtefactsOptions & {
  readonly accounts: AccountStore;
  readonly consents: ConsentBook;
  readonly documents: Pick<DocumentStore, 'consent'>;
  readonly putOff: PutOffDocuments;
  readonly events: Events;
  readonly education: Education;
  readonly upstreams: Pick<Upstreams, 'offers' | 'signOutUrl'>;
  readonly outward: Outward;
  readonly testers: Pick<IntegrationTesters, 'admits'>;
  readonly staff: Pick<StaffStore, 'has'>;
  readonly heldOffices: HeldOffices;
  readonly clock: Clock;
};

export function createProvider(
  settings: ProviderSettings,
  keys: readonly SigningKey[],
  {
    accounts,
    consents,
    documents,
    putOff,
    events,
    education,
    upstreams,
    outward,
    testers,
    staff,
    heldOffices,
    clock,
    ...artefacts
  }: ProviderNeeds,
): Provider {
  const { secure, sandbox } = settings;
  const entry = admissions(education);
  const accountOf = findAdmitted(
    findAccount(accounts, documents, consents, education),
    staff,
    testers,
    heldOffices,
  );
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true, secure } as const;

  const provider = new Provider(settings.issuer, {
    adapter: artefactsFor(artefacts),
    jwks: { keys: keys.map(({ jwk }) => jwk) } as NonNullable<Configuration['jwks']>,
    findAccount: accountOf,
    loadExistingGrant: existingGrant(consents, entry),
    // How and when the person proved herself is in every id_token: relying parties decide by it. As whom she enters
    // ЭПОС, too; find-account.ts tells it to nobody who was not granted it.
    claims: {
      ...CLAIMS_BY_SCOPE,
      openid: ['sub', 'acr', 'amr', 'auth_time', ...CLAIMS_BY_SCOPE.edu_role],
    } as never,
    scopes: SCOPES,
    acrValues: Object.values(ACR),
    subjectTypes: ['pairwise', 'public'],
    sectorIdentifierUriValidate: isBeingRegistered,
    pairwiseIdentifier: pairwiseSubject(settings.pairwiseSalt),
    ttl: lifetimes,
    interactions: {
      url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
      policy: policy(
        entry,
        upstreams,
        documentPrompt(documents, putOff),
        {
          stage: stagePrompt(testers),
          review: reviewCheck(staff),
          staffRoles: staffRolesPrompt(staff),
          office: officePrompt(heldOffices),
        },
        subjectFor(settings.pairwiseSalt),
      ),
    },
    cookies: {
      keys: [...settings.cookieKeys],
      // Only a cookie for the whole host may be __Host-; those of one interaction are bound to its path.
      names: {
        session: secure ? '__Host-session' : 'session',
        interaction: secure ? '__Secure-interaction' : 'interaction',
        resume: secure ? '__Secure-resume' : 'resume',
      },
      long: { ...cookie, path: '/' },
      short: cookie,
    },
    responseTypes: ['code'],
    clientAuthMethods: clientAuthMethods(settings),
    clientDefaults: {
      subject_type: 'pairwise',
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
    },
    extraClientMetadata: { properties: [...OWN_METADATA], validator: metadataJudge(sandbox) },
    extraParams: { idp_hint: knownUpstream(upstreams), device_name: harmlessName },
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: demandPkce },
    // A client that can refresh may; without offline_access its grant is revoked with the session (sign-out.ts), which
    // spares every token the look-up of its session.
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    extraTokenClaims: actorClaim,
    rotateRefreshToken: rotatesRefreshTokens,
    assertJwtClientAuthClaimsAndHeader,
    clientBasedCORS: (_ctx, origin, client) =>
      [...(client.redirectUris ?? [])].some((uri) => URL.parse(uri)?.origin === origin && origin !== 'null'),
    enabledJWA: ALGORITHMS,
    features: features(settings, upstreams),
    discovery: discovery(settings),
    renderError: protocolErrorPage(artefacts.clients),
    fetch: outwardFetch(outward, clock),
  });

  provider.proxy = true;
  namePairwise(provider);
  registerTokenExchange(provider, accountOf);
  listen(provider, events);
  return provider;
}

/** `idp_hint` names the upstream to go to at once (interactions/upstream.ts). */
function knownUpstream(upstreams: Pick<Upstreams, 'offers'>) {
  return (_ctx: KoaContextWithOIDC, hint: string | undefined): void => {
    const known = upstreams.offers().map(({ id }) => id);
    if (hint !== undefined && !known.includes(hint)) {
      throw new errors.InvalidRequest('idp_hint names no identity provider of this gateway');
    }
  };
}

function listen(provider: Provider, events: Events): void {
  const where = (ctx: KoaContextWithOIDC) => (ctx as unknown as GatewayContext).state.origin;

  // Koa's own: a request that broke off while it was read. Without a listener it would be written to the console.
  (provider as EventEmitter).on('error', (err: Error, ctx?: GatewayContext) => {
    ctx?.state.log?.debug({ err }, 'the request broke off');
  });
  provider.on('server_error', (ctx, err) => {
    noteFault(ctx.req, err);
    (ctx as unknown as GatewayContext).state.log?.error({ err }, 'fault');
  });
  provider.on('grant.success', (ctx) => {
    const { params, client } = ctx.oidc;
    events.tokensIssued(where(ctx), {
      grantType: String(params?.grant_type),
      clientId: client?.clientId ?? '',
    });
  });
  provider.on('grant.revoked', (ctx) => events.grantRevoked(where(ctx), ctx.oidc.client?.clientId));
  provider.on('grant.error', (ctx, error) => {
    if ((error as { error_detail?: string }).error_detail !== 'refresh token already used') return;
    const { client, account } = ctx.oidc;
    void events.refreshTokenReused(where(ctx), {
      ...(client && { clientId: client.clientId }),
      ...(account && { accountId: account.accountId }),
    });
  });
  provider.on('device_authorization.success', (_ctx, response) => {
    Object.assign(response, { interval: POLL_SECONDS });
  });
  provider.on('registration_create.success', (ctx, client) => {
    void events.clientRegistered(where(ctx), client.clientId);
  });
}
