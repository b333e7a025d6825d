/** Secrets of an application: a new one beside the old, shown in this one answer. */
import { z } from 'zod';
import { AUTHENTICATIONS_OF } from '../../integrations/metadata.ts';
import type { IntegrationNeeds } from '../../integrations/needs.ts';
import { addSecret, LONGEST_OVERLAP_HOURS, removeSecret } from '../../integrations/secrets.ts';
import { type Operation, operation } from '../operation.ts';
import { actOf, ownIntegration } from '../own-integration.ts';
import { ApiProblem } from '../problem.ts';
import { idParam, integrationParams } from '../shapes.ts';

const USUAL_OVERLAP_HOURS = 24;

export function secretOperations(needs: IntegrationNeeds): readonly Operation[] {
  return [
    operation({
      id: 'addSecret',
      tag: 'integrations',
      summary: 'A new secret; the one before ends after the overlap',
      method: 'POST',
      path: '/integrations/{client_id}/secrets',
      scope: 'integrations:write',
      effect: 'creates',
      problems: ['no_secrets'],
      params: integrationParams,
      body: z.strictObject({
        overlap_hours: z.int().min(0).max(LONGEST_OVERLAP_HOURS).default(USUAL_OVERLAP_HOURS),
      }),
      told: { status: 201, shape: z.object({ id: z.string(), client_secret: z.string() }) },
      async handle(call) {
        const { clientId, kind } = await ownIntegration(
          needs,
          call.caller,
          call.params.client_id,
          call.within,
        );
        if (!AUTHENTICATIONS_OF[kind].includes('secret')) throw new ApiProblem('no_secrets');
        const secret = await addSecret(needs, actOf(call), clientId, call.body.overlap_hours);
        return { body: { id: secret.id, client_secret: secret.value }, changed: clientId };
      },
    }),
    operation({
      id: 'removeSecret',
      tag: 'integrations',
      summary: 'End a secret at once',
      method: 'DELETE',
      path: '/integrations/{client_id}/secrets/{secret_id}',
      scope: 'integrations:write',
      effect: 'writes',
      problems: ['last_secret'],
      params: integrationParams.extend({ secret_id: idParam }),
      told: { status: 204 },
      async handle(call) {
        const { clientId } = await ownIntegration(needs, call.caller, call.params.client_id, call.within);
        const outcome = await removeSecret(needs, actOf(call), clientId, call.params.secret_id);
        if (outcome === 'unknown') throw new ApiProblem('not_found');
        if (outcome === 'last') throw new ApiProblem('last_secret');
        return { body: undefined, changed: clientId };
      },
    }),
  ];
}
