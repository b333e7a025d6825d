/** Secrets of an integration: made here, shown once, two valid while one takes the other's place. */
import { randomBytes } from 'node:crypto';
import { type Act, type IntegrationNeeds, noteChange } from './needs.ts';

const SECRET_BYTES = 32;
const ID_BYTES = 9;
export const LONGEST_OVERLAP_HOURS = 7 * 24;

type SecretNeeds = Pick<IntegrationNeeds, 'integrationSecrets' | 'changes' | 'events' | 'integrations'>;

export async function addSecret(
  needs: SecretNeeds,
  act: Act,
  clientId: string,
  overlapHours: number,
): Promise<{ readonly id: string; readonly value: string }> {
  const secret = {
    id: randomBytes(ID_BYTES).toString('base64url'),
    value: randomBytes(SECRET_BYTES).toString('base64url'),
  };
  await needs.integrationSecrets.add(clientId, secret, overlapHours, act.within);
  await noteChange(needs, act, 'integrationSecretAdded', clientId, {
    after: { secret: secret.id, overlap_hours: overlapHours },
  });
  return secret;
}

export type RemovalOutcome = 'removed' | 'unknown' | 'last';

/** The last one stays: without any the application could not prove who it is. */
export async function removeSecret(
  needs: SecretNeeds,
  act: Act,
  clientId: string,
  id: string,
): Promise<RemovalOutcome> {
  const { integrationSecrets, integrations } = needs;
  // Held, so that two removals do not each spare the other's.
  await integrations.find(clientId, act.within);
  const known = await integrationSecrets.of(clientId, act.within);
  if (!known.some((secret) => secret.id === id)) return 'unknown';
  const staying = known.filter((secret) => secret.id !== id && secret.expiresAt === undefined);
  if (staying.length === 0) return 'last';
  await integrationSecrets.remove(clientId, id, act.within);
  await noteChange(needs, act, 'integrationSecretRemoved', clientId, { before: { secret: id } });
  return 'removed';
}
