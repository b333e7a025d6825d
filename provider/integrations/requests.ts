/** A developer asks for production or for more scopes; an administrator decides. What is approved counts from the commit on. */
import { randomBytes } from 'node:crypto';
import type { AccountId } from '../../adapters/account-store/account-store.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type {
  Integration,
  IntegrationRequest,
  NewRequest,
} from '../../adapters/integration-store/integration-store.ts';
import type { Post } from '../letters/post.ts';
import { OPEN_SCOPES, type Scope } from '../oidc/claims.ts';
import { REGISTERED_BY } from './create.ts';
import { fieldsOf, scopesOf } from './metadata.ts';
import { type Act, type IntegrationNeeds, noteChange } from './needs.ts';

/** What an administrator can grant beyond the open ones; what the region tells is not the Union's to give. */
export const REVIEWED_SCOPES = [
  ...(['membership', 'ticket', 'region', 'org', 'certificate_name', 'name'] as const),
] as const satisfies readonly Scope[];

const ID_BYTES = 9;

export type Asked = { readonly id: string } | 'pending' | 'nothing';

export async function askFor(
  needs: IntegrationNeeds,
  act: Act & { readonly actor: AccountId },
  integration: Integration,
  asked: Pick<NewRequest, 'wanted' | 'purpose' | 'contact'> & { readonly scopes: readonly string[] },
): Promise<Asked> {
  const { clientId, metadata, stage } = integration;
  const known = new Set([...scopesOf(metadata), ...OPEN_SCOPES]);
  const scopes = [...new Set(asked.scopes)].filter((scope) => !known.has(scope));
  if (scopes.length === 0 && (asked.wanted === 'scopes' || stage === 'production')) return 'nothing';
  const id = randomBytes(ID_BYTES).toString('base64url');
  const request = { ...asked, id, clientId, scopes, askedBy: act.actor };
  if (!(await needs.requests.add(request, act.within))) return 'pending';
  await noteChange(needs, act, 'integrationRequested', clientId, {
    after: { request: id, wanted: asked.wanted, scopes },
  });
  return { id };
}

/** False when it does not wait any more. */
export async function withdrawRequest(
  needs: IntegrationNeeds,
  act: Act,
  clientId: string,
  id: string,
): Promise<boolean> {
  const isWithdrawn = await needs.requests.decide(id, { state: 'withdrawn', by: act.actor }, act.within);
  if (isWithdrawn) {
    await noteChange(needs, act, 'integrationRequestWithdrawn', clientId, { before: { request: id } });
  }
  return isWithdrawn;
}

export type Verdict =
  | { readonly kind: 'approved'; readonly note?: string }
  | { readonly kind: 'refused'; readonly note: string };

type DecisionNeeds = Pick<
  IntegrationNeeds,
  'integrations' | 'requests' | 'clientStore' | 'changes' | 'events' | 'tryAddress'
>;

/** The request as it is now, and whose it is. */
export type Decided = { readonly request: IntegrationRequest; readonly integration: Integration };

/** Undefined when it does not wait any more, or its integration is gone. */
export async function decideRequest(
  needs: DecisionNeeds,
  act: Act,
  id: string,
  { kind, note }: Verdict,
): Promise<Decided | undefined> {
  const { integrations, requests } = needs;
  const request = await requests.find(id, act.within);
  const integration = request && (await integrations.find(request.clientId, act.within));
  if (!request || !integration) return undefined;
  const decision = { state: kind, by: act.actor, ...(note !== undefined && { note }) };
  if (!(await requests.decide(id, decision, act.within))) return undefined;
  const { wanted, scopes } = request;
  if (kind === 'approved') await grant(needs, act, integration, { wanted, scopes });
  const event = kind === 'approved' ? 'integrationApproved' : 'integrationRefused';
  await noteChange(needs, act, event, integration.clientId, { after: { request: id, wanted, scopes } });
  const decided = await requests.find(id, act.within);
  return decided && { request: decided, integration };
}

/** A letter to whoever has asked. */
export async function tellDecision(
  post: Post,
  { request, integration }: Decided,
  within: Queryable,
): Promise<void> {
  const { ownerId, metadata } = integration;
  if (ownerId === undefined) return;
  const facts = { at: new Date(), name: fieldsOf(metadata).name };
  const to = { accountId: ownerId };
  const note = request.decided?.note ?? '';
  await post.send(
    request.state === 'approved'
      ? { template: 'integration-approved', to, facts: { ...facts, note } }
      : { template: 'integration-refused', to, facts: { ...facts, reason: note } },
    within,
  );
}

/** Stage and scopes stand in the client's metadata, which is all that the protocol looks at. */
async function grant(
  { integrations, clientStore, tryAddress }: DecisionNeeds,
  { within }: Act,
  { clientId, metadata, stage }: Integration,
  { wanted, scopes }: Pick<NewRequest, 'wanted' | 'scopes'>,
): Promise<void> {
  const next = wanted === 'production' ? 'production' : stage;
  const scope = [...new Set([...scopesOf(metadata), ...scopes])].join(' ');
  const { redirect_uris } = fieldsOf(metadata);
  // An application that is everybody's answers to its own pages alone.
  const own = next === 'production' ? redirect_uris.filter((uri) => uri !== tryAddress) : redirect_uris;
  const granted = { ...metadata, scope, stage: next, redirect_uris: own };
  await clientStore.save(granted, REGISTERED_BY, within);
  await integrations.change(clientId, { stage: next }, within);
}
