/** Whose an integration is to see: its owner's and, of all, an administrator's. For anybody else there is none. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Integration } from '../../adapters/integration-store/integration-store.ts';
import type { Translate } from '../http/texts.ts';
import type { FieldFault } from '../integrations/judge.ts';
import type { Act, IntegrationNeeds } from '../integrations/needs.ts';
import { type Caller, type CallerNeeds, mayReview } from './caller.ts';
import type { Call } from './operation.ts';
import { ApiProblem } from './problem.ts';
import { tellIntegration } from './shapes.ts';

/** Throws `not_found`. `within` a transaction it is held until the end. */
export async function ownIntegration(
  { integrations }: Pick<IntegrationNeeds, 'integrations'>,
  { account }: Caller,
  clientId: string,
  within?: Queryable,
): Promise<Integration> {
  const found = await integrations.find(clientId, within);
  if (found?.ownerId !== account.id) throw new ApiProblem('not_found');
  return found;
}

/** Throws `not_found`. */
export async function visibleIntegration(
  needs: Pick<IntegrationNeeds, 'integrations'> & Pick<CallerNeeds, 'staff'>,
  caller: Caller,
  clientId: string,
): Promise<Integration> {
  const found = await needs.integrations.find(clientId);
  const isVisible = found && (found.ownerId === caller.account.id || (await mayReview(needs, caller)));
  if (!isVisible) throw new ApiProblem('not_found');
  return found;
}

export const actOf = ({
  caller,
  origin,
  within,
}: Pick<Call<never, never, never>, 'caller' | 'origin' | 'within'>): Act => ({
  actor: caller.account.id,
  origin: { requestId: origin.requestId, network: origin.network },
  within,
});

/** As it is now, with what an If-Match must name to change it. */
export async function told(
  { integrationSecrets, testers }: Pick<IntegrationNeeds, 'integrationSecrets' | 'testers'>,
  integration: Integration,
  within?: Queryable,
) {
  const { clientId } = integration;
  const secrets = await integrationSecrets.of(clientId, within);
  return {
    body: tellIntegration(integration, secrets, await testers.of(clientId, within)),
    version: String(integration.version),
  };
}

/** Throws `invalid_input` when there is a fault. */
export function refuseFaults(faults: readonly FieldFault[], t: Translate): void {
  if (faults.length === 0) return;
  throw new ApiProblem('invalid_input', {
    faults: faults.map(({ pointer, code, expected = '' }) => ({
      pointer,
      code: code.slice(code.indexOf('.') + 1),
      detail: t(`api.${code}`, { expected }),
    })),
  });
}
