/** «Подключённые порталы»: what each is told, one claim less or more, and the end of a connection. */
import type Router from '@koa/router';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import type { Connection, ConsentBook } from '../../adapters/account-activity/account-activity.ts';
import type { DocumentStore } from '../../adapters/document-store/document-store.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayState } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import { paramOf } from '../http/param.ts';
import { clientView } from '../interactions/client-view.ts';
import { reachableClaims } from '../oidc/asked-claims.ts';
import { type Claim, claimsIn } from '../oidc/claims.ts';
import { optionalClaims, withCompanions, withoutCompanions } from '../oidc/client/consent.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import type { SessionEnder } from '../oidc/end-session.ts';
import { claimsWithheld } from '../oidc/find-account.ts';
import { isOffline } from '../oidc/lifetimes.ts';
import { CABINET_CLIENT_ID, type Doorkeeper } from './enter.ts';
import { goTo, rooms } from './rooms.ts';

export type PortalRoomNeeds = {
  readonly provider: Provider;
  readonly doorkeeper: Doorkeeper;
  readonly consents: ConsentBook;
  readonly documents: Pick<DocumentStore, 'consent'>;
  readonly clients: ClientDirectory;
  readonly sessions: Pick<SessionEnder, 'disconnect'>;
  readonly events: Pick<Events, 'claimChosen' | 'clientDisconnected'>;
  readonly readForm: ReadForm;
};

const PORTALS = '/cabinet/portals';
const claimForm = { claim: z.string().max(100), told: z.enum(['yes', 'no']) };

export function portalRooms(router: Router<GatewayState>, needs: PortalRoomNeeds): void {
  const { provider, doorkeeper, consents, documents, clients, sessions, events, readForm } = needs;
  const { show, act } = rooms(router, doorkeeper);

  /** What she may decline there, as she is told of it. */
  const optionalAt = async (clientId: string): Promise<readonly Claim[]> => {
    const client = await provider.Client.find(clientId);
    return client ? withoutCompanions([...optionalClaims(client)]) : [];
  };
  const portalOf = async (accountId: string, { clientId, scope, since, consent }: Connection) => {
    const client = await provider.Client.find(clientId);
    const reachable = client && reachableClaims(client);
    const asked = [...new Set([...claimsIn(scope.split(' ')), ...((consent?.claims ?? []) as Claim[])])];
    const claims = withoutCompanions(asked.filter((name) => reachable?.has(name) ?? true));
    const optional = consent ? await optionalAt(clientId) : [];
    const withheld = client ? await claimsWithheld(documents, accountId, client) : new Set();
    return {
      ...clientView(clientId, await clients.record(clientId)),
      receives: claims.map((claim) => ({
        claim,
        told: !consent?.declined.includes(claim) && !withheld.has(claim),
        optional: optional.includes(claim),
      })),
      offline: isOffline(scope),
      since,
      claimsAction: `${PORTALS}/${encodeURIComponent(clientId)}/claims`,
      action: `${PORTALS}/${encodeURIComponent(clientId)}/disconnect`,
    };
  };

  show('/portals', async (ctx, { account }) => {
    const connections = await consents.connectionsOf(account.id);
    const portals = connections
      .filter(({ clientId }) => clientId !== CABINET_CLIENT_ID)
      .map((connection) => portalOf(account.id, connection));
    ctx.render('cabinet/portals', { portals: await Promise.all(portals) });
  });

  act('/portals/:client/claims', async (ctx, { account }) => {
    const form = readForm(ctx, claimForm);
    const clientId = paramOf(ctx, 'client');
    const claim = (await optionalAt(clientId)).find((name) => name === form.claim);
    if (!claim) throw new GatewayError('bad_request');
    const told = form.told === 'yes';
    if (await consents.chooseClaims(account.id, clientId, withCompanions([claim]), told)) {
      await events.claimChosen(ctx.state.origin, account.id, clientId, claim, told);
    }
    goTo(ctx, PORTALS);
  });

  act('/portals/:client/disconnect', async (ctx, { account }) => {
    readForm(ctx, {});
    const clientId = paramOf(ctx, 'client');
    await sessions.disconnect(account.id, clientId);
    await events.clientDisconnected(ctx.state.origin, account.id, clientId);
    goTo(ctx, PORTALS);
  });
}
