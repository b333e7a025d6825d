/** «Проверить мой клиент»: a check with an issuer of its own, begun and read by the application's owner. */
import { z } from 'zod';
import type { Queryable } from '../../../adapters/database/database.ts';
import type { IntegrationStore } from '../../../adapters/integration-store/integration-store.ts';
import type { JobQueue } from '../../../adapters/job-queue/job-queue.ts';
import type { Limiter } from '../../../adapters/limiter/limiter.ts';
import { addressFault } from '../../integrations/addresses.ts';
import { REHEARSAL_ALGORITHMS, type RehearsalAlgorithm } from '../../rehearsals/id-tokens.ts';
import { REHEARSAL_CASES } from '../../rehearsals/rehearsal-cases.ts';
import type { Rehearsal, Rehearsals } from '../../rehearsals/rehearsals.ts';
import type { Caller } from '../caller.ts';
import { type Operation, operation } from '../operation.ts';
import { ownIntegration } from '../own-integration.ts';
import { ApiProblem } from '../problem.ts';

/** Each calls an address that nobody has proved to be hers, two dozen times. */
export const REHEARSALS_PER_ACCOUNT = { points: 20, seconds: 3_600 };

export type RehearsalOperationNeeds = {
  readonly integrations: IntegrationStore;
  readonly rehearsals: Rehearsals;
  readonly rehearsalLimit: Limiter;
  readonly jobs: JobQueue;
  readonly sandbox: boolean;
};

const path = '/integrations/{client_id}/rehearsals';
const ofIntegration = z.object({ client_id: z.string().max(255) });
const ofRehearsal = ofIntegration.extend({ rehearsal_id: z.string().max(64) });

const created = z.object({ id: z.string(), issuer: z.string(), expires_at: z.iso.datetime() });
const reported = created.extend({
  state: z.enum(['waiting', 'running', 'done']),
  results: z.array(
    z.object({
      case: z.enum(REHEARSAL_CASES),
      verdict: z.enum(['refused', 'accepted', 'unclear']),
      evidence: z.string(),
    }),
  ),
});

export function rehearsalOperations(needs: RehearsalOperationNeeds): readonly Operation[] {
  const { rehearsals, rehearsalLimit, jobs, sandbox } = needs;

  const find = async (
    caller: Caller,
    { client_id, rehearsal_id }: z.output<typeof ofRehearsal>,
    within: Queryable,
  ) => {
    await ownIntegration(needs, caller, client_id, within);
    const rehearsal = await rehearsals.find(rehearsal_id, within);
    if (rehearsal?.clientId !== client_id) throw new ApiProblem('not_found');
    return rehearsal;
  };

  return [
    operation({
      id: 'createRehearsal',
      tag: 'rehearsals',
      summary: 'An issuer that the application is pointed at for the time of the check',
      method: 'POST',
      path,
      scope: 'integrations:write',
      effect: 'creates',
      params: ofIntegration,
      body: z.strictObject({ login_uri: z.string().max(2_000) }),
      told: { status: 201, shape: created },
      async handle({ caller, params, body: { login_uri: loginUri }, t, within }) {
        const { clientId, site, metadata } = await ownIntegration(needs, caller, params.client_id, within);
        const rules = { use: 'initiate_login', native: false, sandbox, intranet: false, site } as const;
        const fault = addressFault(loginUri, rules);
        if (fault) {
          const { code, expected = '' } = fault;
          const detail = t(`api.address.${code}`, { expected });
          throw new ApiProblem('invalid_input', {
            faults: [{ pointer: '/login_uri', code: `address.${code}`, detail }],
          });
        }
        const algorithm = algorithmOf(metadata.id_token_signed_response_alg);
        const made = await rehearsals.create({ clientId, loginUri, algorithm }, within);
        return { body: { id: made.id, issuer: made.issuer, expires_at: made.expiresAt.toISOString() } };
      },
    }),
    operation({
      id: 'runRehearsal',
      tag: 'rehearsals',
      summary: 'Begin the check; while it runs nothing more is begun',
      method: 'POST',
      path: `${path}/{rehearsal_id}/run`,
      scope: 'integrations:write',
      effect: 'writes',
      limit: rehearsalLimit,
      params: ofRehearsal,
      told: { status: 202, shape: reported },
      async handle({ caller, params, within }) {
        const { id } = await find(caller, params, within);
        if (await rehearsals.begin(id, within)) await jobs.add('rehearsal', { rehearsalId: id }, within);
        return { body: report(await find(caller, params, within)) };
      },
    }),
    operation({
      id: 'readRehearsal',
      tag: 'rehearsals',
      summary: 'What the application did with each answer',
      method: 'GET',
      path: `${path}/{rehearsal_id}`,
      scope: 'integrations:read',
      effect: 'reads',
      params: ofRehearsal,
      told: { status: 200, shape: reported },
      async handle({ caller, params, within }) {
        return { body: report(await find(caller, params, within)) };
      },
    }),
  ];
}

function report({ id, issuer, expiresAt, state, results }: Rehearsal): z.input<typeof reported> {
  return { id, issuer, expires_at: expiresAt.toISOString(), state, results: [...results] };
}

/** The algorithm its ID tokens have; others than those are checked with the usual one. */
function algorithmOf(named: unknown): RehearsalAlgorithm {
  return REHEARSAL_ALGORITHMS.find((algorithm) => algorithm === named) ?? 'RS256';
}
