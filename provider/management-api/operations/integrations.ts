/** A developer's own applications: listed, created, read, changed, removed. */
import { errors, type default as Provider } from 'oidc-provider';
import type { ClientMetadata } from '../../../adapters/client-store/client-store.ts';
import { parseEmailAddress } from '../../data-rules/email-address.ts';
import { changeIntegration, changeTesters } from '../../integrations/change.ts';
import { createIntegration } from '../../integrations/create.ts';
import { type FieldFault, fieldFaults } from '../../integrations/judge.ts';
import { fieldsOf, type IntegrationFields, metadataOf } from '../../integrations/metadata.ts';
import { type IntegrationNeeds, noteChange } from '../../integrations/needs.ts';
import { reviewedFaults } from '../../integrations/reviewed.ts';
import { forLibrary } from '../../oidc/clients.ts';
import type { CallerNeeds } from '../caller.ts';
import { afterOf, type Cursors, pageOf, pageQuery } from '../cursor.ts';
import { type Operation, operation } from '../operation.ts';
import { actOf, ownIntegration, refuseFaults, told, visibleIntegration } from '../own-integration.ts';
import { ApiProblem } from '../problem.ts';
import {
  createdIntegrationShape,
  integrationParams,
  integrationPatch,
  integrationShape,
  integrationSummary,
  listOf,
  newIntegration,
  tellSummary,
} from '../shapes.ts';

export type IntegrationOperationNeeds = IntegrationNeeds &
  Pick<CallerNeeds, 'staff'> & {
    readonly provider: Provider;
    readonly cursors: Cursors;
    readonly sandbox: boolean;
  };

export function integrationOperations(needs: IntegrationOperationNeeds): readonly Operation[] {
  const { integrations, cursors, sandbox, tryAddress } = needs;
  const { issuer } = needs.provider;
  return [
    operation({
      id: 'listIntegrations',
      tag: 'integrations',
      summary: 'Your own applications, the oldest first',
      method: 'GET',
      path: '/integrations',
      scope: 'integrations:read',
      effect: 'reads',
      query: pageQuery,
      told: { status: 200, shape: listOf(integrationSummary) },
      async handle({ caller, query: { limit, cursor }, t }) {
        const list = `own ${caller.account.id}`;
        const after = afterOf(cursors, list, cursor, t);
        const found = await integrations.ofOwner(caller.account.id, { limit: limit + 1, ...after });
        const page = pageOf(found, limit, ({ position }) => cursors.seal(list, position));
        return { body: { ...page, items: page.items.map(({ item }) => tellSummary(item)) } };
      },
    }),
    operation({
      id: 'createIntegration',
      tag: 'integrations',
      summary: 'Create an application, at once usable in the stage «test»',
      method: 'POST',
      path: '/integrations',
      scope: 'integrations:write',
      effect: 'creates',
      problems: ['integrations_exhausted'],
      body: newIntegration,
      told: { status: 201, shape: createdIntegrationShape },
      async handle(call) {
        const { kind, owner, ...given } = call.body;
        const { account } = call.caller;
        const fields: IntegrationFields = { ...given, owner: owner ?? nameOf(account.name) ?? given.site };
        refuseFaults(fieldFaults(kind, fields, { sandbox, issuer, tryAddress }), call.t);
        refuseFaults(await metadataFaults(needs, metadataOf('new', kind, fields), fields), call.t);
        const created = await createIntegration(needs, { ...actOf(call), actor: account.id }, kind, fields);
        if (!created) throw new ApiProblem('integrations_exhausted');
        const made = await ownIntegration(needs, call.caller, created.clientId, call.within);
        const { body, version } = await told(needs, made, call.within);
        return {
          version,
          body: { ...body, ...(created.secret !== undefined && { client_secret: created.secret }) },
        };
      },
    }),
    operation({
      id: 'readIntegration',
      tag: 'integrations',
      summary: 'One application; for an administrator anybody’s',
      method: 'GET',
      path: '/integrations/{client_id}',
      scope: 'integrations:read',
      effect: 'reads',
      params: integrationParams,
      told: { status: 200, shape: integrationShape },
      handle: async ({ caller, params }) =>
        told(needs, await visibleIntegration(needs, caller, params.client_id)),
    }),
    operation({
      id: 'changeIntegration',
      tag: 'integrations',
      summary: 'Change what is named; null takes a value away',
      method: 'PATCH',
      path: '/integrations/{client_id}',
      scope: 'integrations:write',
      effect: 'changes',
      params: integrationParams,
      body: integrationPatch,
      told: { status: 200, shape: integrationShape },
      async handle(call) {
        const { caller, params, within, ifMatch, t } = call;
        const integration = await ownIntegration(needs, caller, params.client_id, within);
        if (!names(ifMatch, integration.version)) throw new ApiProblem('precondition_failed');
        const { testers, ...patch } = call.body;
        const fields = patched(fieldsOf(integration.metadata), patch);
        const { kind, clientId, metadata } = integration;
        const isTried = integration.stage === 'test';
        refuseFaults(fieldFaults(kind, fields, { sandbox, issuer, ...(isTried && { tryAddress }) }), t);
        refuseFaults(await reviewedFaults(needs, integration, fields, within), t);
        if (fields.authentication === 'secret') {
          const secrets = await needs.integrationSecrets.of(clientId, within);
          if (secrets.length === 0)
            refuseFaults([{ pointer: '/authentication', code: 'field.secret_first' }], t);
        }
        refuseFaults(
          await metadataFaults(needs, { ...metadata, ...metadataOf(clientId, kind, fields) }, fields),
          t,
        );
        const named = testers && testersOf(testers, t);
        await changeIntegration(needs, actOf(call), integration, fields);
        if (named) await changeTesters(needs, actOf(call), integration, named);
        const now = await ownIntegration(needs, caller, clientId, within);
        return { ...(await told(needs, now, within)), changed: clientId };
      },
    }),
    operation({
      id: 'removeIntegration',
      tag: 'integrations',
      summary: 'Remove an application for good',
      method: 'DELETE',
      path: '/integrations/{client_id}',
      scope: 'integrations:write',
      effect: 'writes',
      params: integrationParams,
      told: { status: 204 },
      async handle(call) {
        const { clientId, metadata } = await ownIntegration(
          needs,
          call.caller,
          call.params.client_id,
          call.within,
        );
        await needs.clientStore.remove(clientId, call.within);
        await noteChange(needs, actOf(call), 'integrationRemoved', clientId, {
          before: { name: fieldsOf(metadata).name },
        });
        return { body: undefined, changed: clientId };
      },
    }),
  ];
}

const nameOf = (name: { readonly family: string; readonly given: string } | undefined) =>
  name && `${name.given} ${name.family}`;

/** RFC 9110 §13.1.1, strong comparison. */
function names(ifMatch: string, version: number): boolean {
  const wanted = `"${version}"`;
  return ifMatch === '*' || ifMatch.split(',').some((tag) => tag.trim() === wanted);
}

type Patch = { readonly [Name in keyof IntegrationFields]?: IntegrationFields[Name] | null | undefined };

function patched(known: IntegrationFields, patch: Patch): IntegrationFields {
  const named = Object.entries(patch).filter(([, value]) => value !== undefined);
  const changed = {
    ...known,
    ...Object.fromEntries(named.map(([name, value]) => [name, value ?? undefined])),
  };
  const { jwks, jwks_uri, ...rest } = changed as IntegrationFields;
  // The ways of giving keys replace each other, and go with the way of proving who it is.
  if (rest.authentication !== 'keys' && patch.jwks === undefined && patch.jwks_uri === undefined) return rest;
  if (patch.jwks && patch.jwks_uri === undefined) return { ...rest, jwks };
  if (patch.jwks_uri && patch.jwks === undefined) return { ...rest, jwks_uri };
  return { ...rest, jwks, jwks_uri };
}

/** Throws `invalid_input`. Whether somebody has the address is nobody's business here. */
function testersOf(testers: readonly string[], t: Parameters<typeof refuseFaults>[1]) {
  const parsed = testers.map((typed) => parseEmailAddress(typed));
  refuseFaults(
    parsed.flatMap((one, at): FieldFault[] =>
      one.ok ? [] : [{ pointer: `/testers/${at}`, code: 'field.email' }],
    ),
    t,
  );
  return parsed.flatMap((one) => (one.ok ? [{ key: one.key, original: one.value }] : []));
}

/** What the protocol's own judgement says beyond ours. */
async function metadataFaults(
  { provider }: Pick<IntegrationOperationNeeds, 'provider'>,
  metadata: ClientMetadata,
  { authentication }: IntegrationFields,
): Promise<readonly FieldFault[]> {
  const secret = authentication === 'secret' ? { client_secret: 'x'.repeat(64) } : {};
  try {
    await provider.Client.validate(
      forLibrary({ ...metadata, ...secret }) as Parameters<typeof provider.Client.validate>[0],
    );
    return [];
  } catch (error) {
    if (!(error instanceof errors.OIDCProviderError)) throw error;
    return [{ pointer: '', code: 'field.metadata', expected: error.error_description ?? error.message }];
  }
}
