/**
 * A request that cannot be sent back to the client: a page for the person, the code for the developer. Of an application
 * that was switched off it says so, by name: to the protocol there is no such client.
 */
import type { Configuration } from 'oidc-provider';
import type { GatewayContext } from '../http/context.ts';
import { clientView } from '../interactions/client-view.ts';
import { clientName } from './client-rules.ts';
import type { ClientDirectory } from './clients.ts';

export function protocolErrorPage(
  clients: Pick<ClientDirectory, 'record'>,
): NonNullable<Configuration['renderError']> {
  return async (ctx, { error, error_description: description }) => {
    const { state, render } = ctx as unknown as GatewayContext;
    const { client, params } = ctx.oidc;
    const { requestId } = state.origin;
    const named = client || typeof params?.client_id !== 'string' ? undefined : params.client_id;
    const record = named === undefined ? undefined : await clients.record(named);
    if (named !== undefined && record?.blockedAt) {
      const { name, owner } = clientView(named, record);
      const view = { name, ...(owner !== undefined && { owner }) };
      render.call(ctx, 'error', { code: 'client_blocked', client: view, requestId });
      return;
    }
    render.call(ctx, 'error', {
      code: error === 'server_error' ? 'server_error' : 'authorization_request',
      oauth: { error, ...(description !== undefined && { description }) },
      ...(client && { client: clientName(client) }),
      requestId,
    });
  };
}
