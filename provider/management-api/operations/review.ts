/** What an administrator does: sees who asks for what and why, decides, stops an application or lets it go on. */
import { z } from 'zod';
import type { AccountStore } from '../../../adapters/account-store/account-store.ts';
import { type Integration, REQUEST_STATES } from '../../../adapters/integration-store/integration-store.ts';
import type { JobQueue } from '../../../adapters/job-queue/job-queue.ts';
import { setBlocked } from '../../integrations/block.ts';
import type { IntegrationNeeds } from '../../integrations/needs.ts';
import { decideRequest, tellDecision, type Verdict } from '../../integrations/requests.ts';
import { claimsIn } from '../../oidc/claims.ts';
import { afterOf, type Cursors, pageOf, pageQuery } from '../cursor.ts';
import { type Call, type Operation, operation } from '../operation.ts';
import { actOf, told } from '../own-integration.ts';
import { ApiProblem } from '../problem.ts';
import {
  idParam,
  integrationParams,
  integrationShape,
  integrationSummary,
  listOf,
  paragraph,
  tellSummary,
} from '../shapes.ts';
import { requestShape, tellRequest } from './requests.ts';

export type ReviewNeeds = IntegrationNeeds & {
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly cursors: Cursors;
  readonly jobs: Pick<JobQueue, 'add'>;
};

const requestParams = z.strictObject({ request_id: idParam });
const reviewedRequest = requestShape.extend({
  /** Absent once she has left. */
  asked_by: z.object({ name: z.string(), email: z.string() }).optional(),
  integration: integrationSummary,
  /** What the scopes asked for would tell. */
  claims: z.array(z.string()),
});

export function reviewOperations(needs: ReviewNeeds): readonly Operation[] {
  const { integrations, requests, accounts, cursors } = needs;

  const reviewed = async (id: string) => {
    const request = await requests.find(id);
    const integration = request && (await integrations.find(request.clientId));
    if (!request || !integration) throw new ApiProblem('not_found');
    const asker = request.askedBy === undefined ? undefined : await accounts.find(request.askedBy);
    const { name, verifiedEmail = '' } = asker ?? {};
    return {
      ...tellRequest(request),
      ...(asker && {
        asked_by: {
          name: name ? [name.family, name.given, name.middle].filter(Boolean).join(' ') : '',
          email: verifiedEmail,
        },
      }),
      integration: tellSummary(integration),
      claims: claimsIn(request.scopes),
    };
  };

  const decide = async (
    call: Pick<Call<{ request_id: string }, never, never>, 'params' | 'caller' | 'origin' | 'within'>,
    verdict: Verdict,
  ) => {
    const { request_id } = call.params;
    const request = await requests.find(request_id, call.within);
    if (!request) throw new ApiProblem('not_found');
    const integration = await integrations.find(request.clientId, call.within);
    // Four eyes: whoever asks does not answer.
    if (integration?.ownerId === call.caller.account.id) throw new ApiProblem('own_request');
    const decided = await decideRequest(needs, actOf(call), request_id, verdict);
    if (!decided) throw new ApiProblem('request_decided');
    await tellDecision(needs.post, decided, call.within);
    return { body: tellRequest(decided.request), changed: decided.request.clientId };
  };

  const block = async (
    call: Pick<Call<{ client_id: string }, never, never>, 'params' | 'caller' | 'origin' | 'within'>,
    reason: string | undefined,
  ) => {
    const { client_id } = call.params;
    const held = async (): Promise<Integration> => {
      const found = await integrations.find(client_id, call.within);
      if (!found) throw new ApiProblem('not_found');
      return found;
    };
    const known = await held();
    const isSame =
      known.blocked?.reason === reason && (known.blocked !== undefined) === (reason !== undefined);
    if (!isSame) await setBlocked(needs, actOf(call), known, reason);
    // What it was not told meanwhile.
    if (!isSame && reason === undefined) {
      await needs.jobs.add('event-stream', { clientId: client_id }, call.within);
    }
    return { ...(await told(needs, await held(), call.within)), changed: client_id };
  };

  return [
    operation({
      id: 'listRequests',
      tag: 'review',
      summary: 'Requests of all developers, the oldest first',
      method: 'GET',
      path: '/requests',
      scope: 'integrations:review',
      effect: 'reads',
      query: pageQuery.extend({ state: z.enum(REQUEST_STATES).default('pending') }),
      told: { status: 200, shape: listOf(requestShape.extend({ name: z.string() })) },
      async handle({ query: { limit, cursor, state }, t }) {
        const list = `requests ${state}`;
        const found = await requests.inState(state, {
          limit: limit + 1,
          ...afterOf(cursors, list, cursor, t),
        });
        const page = pageOf(found, limit, ({ position }) => cursors.seal(list, position));
        const items = page.items.map(async ({ item }) => {
          const integration = await integrations.find(item.clientId);
          return { ...tellRequest(item), name: integration ? tellSummary(integration).name : item.clientId };
        });
        return { body: { ...page, items: await Promise.all(items) } };
      },
    }),
    operation({
      id: 'readRequest',
      tag: 'review',
      summary: 'One request: who asks, why, and which claims it would tell',
      method: 'GET',
      path: '/requests/{request_id}',
      scope: 'integrations:review',
      effect: 'reads',
      params: requestParams,
      told: { status: 200, shape: reviewedRequest },
      handle: async ({ params }) => ({ body: await reviewed(params.request_id) }),
    }),
    operation({
      id: 'approveRequest',
      tag: 'review',
      summary: 'Approve: stage and scopes count at once',
      method: 'POST',
      path: '/requests/{request_id}/approval',
      scope: 'integrations:review',
      effect: 'creates',
      problems: ['own_request', 'request_decided'],
      params: requestParams,
      body: z.strictObject({ note: paragraph.optional() }),
      told: { status: 201, shape: requestShape },
      handle: (call) =>
        decide(call, { kind: 'approved', ...(call.body.note !== undefined && { note: call.body.note }) }),
    }),
    operation({
      id: 'refuseRequest',
      tag: 'review',
      summary: 'Refuse, with the reason for the developer',
      method: 'POST',
      path: '/requests/{request_id}/refusal',
      scope: 'integrations:review',
      effect: 'creates',
      problems: ['own_request', 'request_decided'],
      params: requestParams,
      body: z.strictObject({ reason: paragraph }),
      told: { status: 201, shape: requestShape },
      handle: (call) => decide(call, { kind: 'refused', note: call.body.reason }),
    }),
    operation({
      id: 'searchIntegrations',
      tag: 'review',
      summary: 'Applications of all developers by name, site or id',
      method: 'GET',
      path: '/review/integrations',
      scope: 'integrations:review',
      effect: 'reads',
      query: pageQuery.extend({ q: z.string().trim().max(200).default('') }),
      told: { status: 200, shape: listOf(integrationSummary) },
      async handle({ query: { limit, cursor, q }, t }) {
        const list = `review ${q}`;
        const found = await integrations.search(q, {
          limit: limit + 1,
          ...afterOf(cursors, list, cursor, t),
        });
        const page = pageOf(found, limit, ({ position }) => cursors.seal(list, position));
        return { body: { ...page, items: page.items.map(({ item }) => tellSummary(item)) } };
      },
    }),
    operation({
      id: 'blockIntegration',
      tag: 'review',
      summary: 'Stop an application: no sign-in, no token counts any more',
      method: 'PUT',
      path: '/integrations/{client_id}/block',
      scope: 'integrations:review',
      effect: 'writes',
      params: integrationParams,
      body: z.strictObject({ reason: paragraph }),
      told: { status: 200, shape: integrationShape },
      handle: (call) => block(call, call.body.reason),
    }),
    operation({
      id: 'unblockIntegration',
      tag: 'review',
      summary: 'Let it go on',
      method: 'DELETE',
      path: '/integrations/{client_id}/block',
      scope: 'integrations:review',
      effect: 'writes',
      params: integrationParams,
      told: { status: 200, shape: integrationShape },
      handle: (call) => block(call, undefined),
    }),
  ];
}
