/** An administrator stops an application, or lets it go on. Gateways follow within five seconds (oidc/clients.ts). */
import type { Integration } from '../../adapters/integration-store/integration-store.ts';
import { fieldsOf } from './metadata.ts';
import { type Act, type IntegrationNeeds, noteChange } from './needs.ts';

/** `reason`: for the owner; undefined lets it go on. */
export async function setBlocked(
  needs: IntegrationNeeds,
  act: Act,
  { clientId, metadata, ownerId }: Integration,
  reason: string | undefined,
): Promise<void> {
  const isBlocked = reason !== undefined;
  await needs.clientStore.setBlocked(clientId, isBlocked, act.within);
  await needs.integrations.change(clientId, { blockReason: reason ?? null }, act.within);
  await noteChange(needs, act, isBlocked ? 'integrationBlocked' : 'integrationUnblocked', clientId);
  if (ownerId === undefined) return;
  const facts = { at: new Date(), name: fieldsOf(metadata).name };
  const to = { accountId: ownerId };
  await needs.post.send(
    isBlocked
      ? { template: 'integration-blocked', to, facts: { ...facts, reason } }
      : { template: 'integration-unblocked', to, facts },
    act.within,
  );
}
