/** A developer's requests: for production, and for more scopes than everybody's. */
import { z } from 'zod';
import {
  type IntegrationRequest,
  REQUEST_STATES,
} from '../../../adapters/integration-store/integration-store.ts';
import type { IntegrationNeeds } from '../../integrations/needs.ts';
import { askFor, REVIEWED_SCOPES, withdrawRequest } from '../../integrations/requests.ts';
import type { CallerNeeds } from '../caller.ts';
import { type Operation, operation } from '../operation.ts';
import { actOf, ownIntegration, visibleIntegration } from '../own-integration.ts';
import { ApiProblem } from '../problem.ts';
import { idParam, integrationParams, line, listOf, paragraph } from '../shapes.ts';

const WANTED = ['production', 'scopes'] as const;

export const requestShape = z.object({
  id: z.string(),
  client_id: z.string(),
  wanted: z.enum(WANTED),
  scopes: z.array(z.string()),
  purpose: z.string(),
  contact: z.string(),
  state: z.enum(REQUEST_STATES),
  asked_at: z.iso.datetime(),
  decided_at: z.iso.datetime().optional(),
  note: z.string().optional(),
});

/** Who has decided is the Union; which of its people is in the trail. */
export function tellRequest({ clientId, askedAt, decided, ...rest }: IntegrationRequest) {
  const { id, wanted, scopes, purpose, contact, state } = rest;
  return {
    ...{ id, client_id: clientId, wanted, scopes: [...scopes], purpose, contact, state },
    asked_at: askedAt.toISOString(),
    ...(decided && { decided_at: decided.at.toISOString() }),
    ...(decided?.note !== undefined && { note: decided.note }),
  };
}

export function requestOperations(
  needs: IntegrationNeeds & Pick<CallerNeeds, 'staff'>,
): readonly Operation[] {
  const path = '/integrations/{client_id}/requests';
  return [
    operation({
      id: 'askFor',
      tag: 'requests',
      summary: 'Ask an administrator for production or for more scopes',
      method: 'POST',
      path,
      scope: 'integrations:write',
      effect: 'creates',
      problems: ['request_pending', 'nothing_to_ask'],
      params: integrationParams,
      body: z.strictObject({
        wanted: z.enum(WANTED),
        scopes: z.array(z.enum(REVIEWED_SCOPES)).max(REVIEWED_SCOPES.length).default([]),
        purpose: paragraph,
        contact: line(200),
      }),
      told: { status: 201, shape: requestShape },
      async handle(call) {
        const { account } = call.caller;
        const integration = await ownIntegration(needs, call.caller, call.params.client_id, call.within);
        const asked = await askFor(needs, { ...actOf(call), actor: account.id }, integration, call.body);
        if (asked === 'nothing') throw new ApiProblem('nothing_to_ask');
        const request = asked === 'pending' ? undefined : await needs.requests.find(asked.id, call.within);
        if (!request) throw new ApiProblem('request_pending');
        return { body: tellRequest(request) };
      },
    }),
    operation({
      id: 'listRequestsOfIntegration',
      tag: 'requests',
      summary: 'What was asked for, the latest first',
      method: 'GET',
      path,
      scope: 'integrations:read',
      effect: 'reads',
      params: integrationParams,
      told: { status: 200, shape: listOf(requestShape) },
      async handle({ caller, params }) {
        const { clientId } = await visibleIntegration(needs, caller, params.client_id);
        return { body: { items: (await needs.requests.of(clientId)).map(tellRequest) } };
      },
    }),
    operation({
      id: 'withdrawRequest',
      tag: 'requests',
      summary: 'Withdraw a request that waits',
      method: 'DELETE',
      path: `${path}/{request_id}`,
      scope: 'integrations:write',
      effect: 'writes',
      problems: ['request_decided'],
      params: integrationParams.extend({ request_id: idParam }),
      told: { status: 204 },
      async handle(call) {
        const { client_id, request_id } = call.params;
        const { clientId } = await ownIntegration(needs, call.caller, client_id, call.within);
        const request = await needs.requests.find(request_id, call.within);
        if (request?.clientId !== clientId) throw new ApiProblem('not_found');
        if (!(await withdrawRequest(needs, actOf(call), clientId, request_id))) {
          throw new ApiProblem('request_decided');
        }
        return { body: undefined };
      },
    }),
  ];
}
