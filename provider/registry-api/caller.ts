/**
 * Which machine asks our register: a relying party by an access token of its own (RFC 6749 §4.4) that was issued for
 * this, and that an operator has let in. All of it is looked at each time, so that an end counts at once.
 */
import type Provider from 'oidc-provider';
import type { Reach, RegisterClients } from '../../adapters/register-clients/register-clients.ts';
import { type REGISTRY_SCOPES, registryOf } from '../oidc/resources.ts';

export type RegistryScope = (typeof REGISTRY_SCOPES)[number];

export class MachineRefused extends Error {
  override name = 'MachineRefused';
  readonly status: 401 | 403;

  constructor(status: 401 | 403, error: string) {
    super(error);
    this.status = status;
  }
}

export type Machine = { readonly clientId: string; readonly reach: Reach };

/** Throws MachineRefused (RFC 6750 §3). */
export async function machineOf(
  provider: Provider,
  registerClients: Pick<RegisterClients, 'reachOf'>,
  authorization: string,
  scope: RegistryScope,
): Promise<Machine> {
  const [, value] = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization) ?? [];
  const token = value === undefined ? undefined : await provider.ClientCredentials.find(value);
  const { jkt, 'x5t#S256': x5t } = (token ?? {}) as { jkt?: string; 'x5t#S256'?: string };
  // One that is bound to a key, or meant for somebody else, is nothing by itself.
  const isPlain = token?.isValid === true && token.aud === registryOf(provider.issuer) && !jkt && !x5t;
  const client = isPlain ? await provider.Client.find(String(token.clientId)) : undefined;
  if (!token || !client) throw new MachineRefused(401, 'invalid_token');
  const reach = await registerClients.reachOf(client.clientId);
  const isAllowed = reach && token.scopes.has(scope) && (scope === 'registry:read' || reach.mayWrite);
  if (!isAllowed) throw new MachineRefused(403, 'insufficient_scope');
  return { clientId: client.clientId, reach };
}
