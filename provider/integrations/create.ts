/** A new integration: at once usable, by its owner and whom she names, with what is open to everybody's application. */
import { randomBytes } from 'node:crypto';
import type { AccountId } from '../../adapters/account-store/account-store.ts';
import type { IntegrationKind } from '../../adapters/integration-store/integration-store.ts';
import { OPEN_SCOPES } from '../oidc/claims.ts';
import { type IntegrationFields, metadataOf } from './metadata.ts';
import { type Act, type IntegrationNeeds, noteChange } from './needs.ts';
import { addSecret } from './secrets.ts';

export const INTEGRATIONS_PER_PERSON = 20;
const ID_BYTES = 16;
/** In client_store, of a client that is a developer's. */
export const REGISTERED_BY = 'developer';

export type Created = { readonly clientId: string; readonly secret?: string };

/** The fields have been judged. Undefined when she has as many as one may have; nothing may be kept then. */
export async function createIntegration(
  needs: IntegrationNeeds,
  act: Act & { readonly actor: AccountId },
  kind: IntegrationKind,
  fields: IntegrationFields,
): Promise<Created | undefined> {
  const { integrations, clientStore } = needs;
  const { actor: ownerId, within } = act;
  const clientId = randomBytes(ID_BYTES).toString('base64url');
  const metadata = { ...metadataOf(clientId, kind, fields), scope: OPEN_SCOPES.join(' '), stage: 'test' };
  await clientStore.save(metadata, REGISTERED_BY, within);
  const site = new URL(fields.site).origin;
  const isAdded = await integrations.add({ clientId, kind, site, ownerId }, INTEGRATIONS_PER_PERSON, within);
  if (!isAdded) return undefined;
  const { redirect_uris, post_logout_redirect_uris } = fields;
  await noteChange(needs, act, 'integrationCreated', clientId, {
    after: { name: fields.name, kind, site, redirect_uris, post_logout_redirect_uris },
  });
  if (fields.authentication !== 'secret') return { clientId };
  return { clientId, secret: (await addSecret(needs, act, clientId, 0)).value };
}
