/** What became of telling an application that somebody has signed out, and telling it once more. */
import { z } from 'zod';
import type {
  LogoutDeliveries,
  LogoutDelivery,
} from '../../../adapters/logout-deliveries/logout-deliveries.ts';
import type { IntegrationNeeds } from '../../integrations/needs.ts';
import type { ReplayLogout } from '../../oidc/backchannel-logout.ts';
import type { CallerNeeds } from '../caller.ts';
import { afterOf, type Cursors, pageOf, pageQuery } from '../cursor.ts';
import { type Operation, operation } from '../operation.ts';
import { ownIntegration, visibleIntegration } from '../own-integration.ts';
import { ApiProblem } from '../problem.ts';
import { integrationParams, listOf } from '../shapes.ts';

const deliveryShape = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'delivered', 'refused', 'given_up']),
  attempts: z.number().int(),
  created_at: z.iso.datetime(),
  last_status: z.number().int().optional(),
  reason: z.string().optional(),
  next_try_at: z.iso.datetime().optional(),
});
const oneDelivery = integrationParams.extend({ delivery_id: z.uuid() });

export type LogoutDeliveryNeeds = Pick<IntegrationNeeds, 'integrations'> &
  Pick<CallerNeeds, 'staff'> & {
    readonly cursors: Cursors;
    readonly logoutDeliveries: LogoutDeliveries;
    readonly replayLogout: ReplayLogout;
  };

export function logoutDeliveryOperations(needs: LogoutDeliveryNeeds): readonly Operation[] {
  const { logoutDeliveries, replayLogout, cursors } = needs;
  return [
    operation({
      id: 'listLogoutDeliveries',
      tag: 'delivery',
      summary: 'Back-channel logouts of the last 30 days, the latest first',
      method: 'GET',
      path: '/integrations/{client_id}/logout-deliveries',
      scope: 'integrations:read',
      effect: 'reads',
      params: integrationParams,
      query: pageQuery,
      told: { status: 200, shape: listOf(deliveryShape) },
      async handle({ caller, params, query: { limit, cursor }, t }) {
        const { clientId } = await visibleIntegration(needs, caller, params.client_id);
        const list = `logout-deliveries ${clientId}`;
        const after = afterOf(cursors, list, cursor, t);
        const found = await logoutDeliveries.list({ clientId, limit: limit + 1, ...after });
        const page = pageOf(found, limit, ({ id }) => cursors.seal(list, id));
        return { body: { ...page, items: page.items.map(tellDelivery) } };
      },
    }),
    operation({
      id: 'replayLogoutDelivery',
      tag: 'delivery',
      summary: 'Tells it once more, with a fresh logout token',
      method: 'POST',
      path: '/integrations/{client_id}/logout-deliveries/{delivery_id}/replay',
      scope: 'integrations:write',
      effect: 'writes',
      params: oneDelivery,
      told: { status: 202, shape: deliveryShape },
      problems: ['still_waiting'],
      async handle({ caller, params, within }) {
        const { clientId } = await ownIntegration(needs, caller, params.client_id, within);
        const delivery = await logoutDeliveries.find(params.delivery_id, within);
        if (delivery?.clientId !== clientId) throw new ApiProblem('not_found');
        if (!(await replayLogout(delivery.id, within))) throw new ApiProblem('still_waiting');
        return { body: tellDelivery((await logoutDeliveries.find(delivery.id, within)) ?? delivery) };
      },
    }),
  ];
}

function tellDelivery({ id, state, attempts, createdAt, status, reason, nextTryAt }: LogoutDelivery) {
  return {
    ...{ id, state, attempts, created_at: createdAt.toISOString() },
    ...(status !== undefined && { last_status: status }),
    ...(reason !== undefined && { reason }),
    ...(nextTryAt && { next_try_at: nextTryAt.toISOString() }),
  };
}
