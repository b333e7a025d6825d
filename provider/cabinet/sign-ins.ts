/** «История входов»: who came in, who was refused, by which way and where; a page at a time. */
import type Router from '@koa/router';
import { z } from 'zod';
import type { CredentialStore } from '../../adapters/account-store/account-store.ts';
import type { SignInReader } from '../../adapters/audit-log/audit-log.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayState } from '../http/context.ts';
import { catalogues, type SignInMethod } from '../http/texts.ts';
import { clientView } from '../interactions/client-view.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { Doorkeeper } from './enter.ts';
import { rooms } from './rooms.ts';
import { nameOfUpstream } from './ways.ts';

export type SignInRoomNeeds = {
  readonly doorkeeper: Doorkeeper;
  readonly signInReader: SignInReader;
  readonly clients: ClientDirectory;
  readonly credentials: Pick<CredentialStore, 'passwordSetAt'>;
  readonly upstreams: Pick<Upstreams, 'offers'>;
};

const PER_PAGE = 20;
/** An id as the database counts them. */
const cursor = z
  .string()
  .regex(/^[1-9]\d{0,17}$/)
  .optional();

export function signInRoom(router: Router<GatewayState>, needs: SignInRoomNeeds): void {
  const { doorkeeper, signInReader, clients, credentials, upstreams } = needs;
  const { show } = rooms(router, doorkeeper);

  show('/sign-ins', async (ctx, { account }) => {
    const before = cursor.safeParse(ctx.query.before);
    if (!before.success) throw new GatewayError('bad_request');
    const { data: after } = before;
    const found = await signInReader.signInsOf(account.id, {
      limit: PER_PAGE + 1,
      ...(after !== undefined && { before: after }),
    });
    const shown = found.slice(0, PER_PAGE);
    const offers = upstreams.offers();
    const entries = shown.map(async ({ at, outcome, method, clientId, network, device }) => ({
      at,
      refused: outcome === 'failure',
      way: isOwnMethod(method)
        ? { method }
        : { upstream: nameOfUpstream(offers, method ?? '', ctx.state.locale) },
      ...(clientId !== undefined && {
        portal: clientView(clientId, await clients.record(clientId)).name,
      }),
      ...(network !== undefined && { network }),
      ...(device !== undefined && { device }),
    }));
    const last = shown.at(-1);
    ctx.render('cabinet/sign-ins', {
      hasPassword: (await credentials.passwordSetAt(account.id)) !== undefined,
      entries: await Promise.all(entries),
      ...(after !== undefined && { latestPath: '/cabinet/sign-ins' }),
      ...(last && found.length > PER_PAGE && { olderPath: `/cabinet/sign-ins?before=${last.id}` }),
    });
  });
}

/** Ours have words of their own; an upstream has its name. */
function isOwnMethod(method: string | undefined): method is SignInMethod {
  return method !== undefined && method in catalogues.ru.cabinet['sign-ins'].method;
}
