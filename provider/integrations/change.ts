/** A change of an integration: only what differs is written down, and of what is delicate its owner gets a letter. */
import { isDeepStrictEqual } from 'node:util';
import type { Integration, Tester } from '../../adapters/integration-store/integration-store.ts';
import { REGISTERED_BY } from './create.ts';
import { DEVELOPERS_FIELDS, fieldsOf, type IntegrationFields, metadataOf } from './metadata.ts';
import { type Act, type IntegrationNeeds, noteChange } from './needs.ts';

/** Who changes these decides where people's answers go, or who may pass for the application. */
const DELICATE: readonly (keyof IntegrationFields)[] = [
  ...(['redirect_uris', 'post_logout_redirect_uris', 'backchannel_logout_uri'] as const),
  ...(['initiate_login_uri', 'authentication', 'jwks', 'jwks_uri'] as const),
];

/** The fields have been judged, and the integration is held by the transaction. */
export async function changeIntegration(
  needs: IntegrationNeeds,
  act: Act,
  integration: Integration,
  fields: IntegrationFields,
): Promise<void> {
  const { integrations, clientStore, integrationSecrets } = needs;
  const { clientId, kind, metadata, ownerId, stage } = integration;
  const known = fieldsOf(metadata);
  const differing = (Object.keys(fields) as (keyof IntegrationFields)[]).filter(
    (name) => !isDeepStrictEqual(known[name], fields[name]),
  );
  if (differing.length === 0) return;
  const kept = Object.entries(metadata).filter(([name]) => !DEVELOPERS.has(name));
  const changed = { ...Object.fromEntries(kept), ...metadataOf(clientId, kind, fields) };
  await clientStore.save(changed, REGISTERED_BY, act.within);
  await integrations.change(clientId, { site: new URL(fields.site).origin }, act.within);
  if (fields.authentication !== 'secret') {
    for (const { id } of await integrationSecrets.of(clientId, act.within)) {
      await integrationSecrets.remove(clientId, id, act.within);
    }
  }
  await noteChange(needs, act, 'integrationChanged', clientId, {
    before: valuesOf(known, differing),
    after: valuesOf(fields, differing),
  });
  if (stage === 'production' && ownerId !== undefined && differing.some((name) => DELICATE.includes(name))) {
    await needs.post.send(
      {
        template: 'integration-changed',
        to: { accountId: ownerId },
        facts: { at: new Date(), name: fields.name, network: act.origin.network ?? '' },
      },
      act.within,
    );
  }
}

const DEVELOPERS: ReadonlySet<string> = new Set(DEVELOPERS_FIELDS);

/** Of keys their names: the rest says nothing to a reader. */
function valuesOf(fields: IntegrationFields, names: readonly (keyof IntegrationFields)[]) {
  const shown = { ...fields, jwks: fields.jwks?.keys.map(({ kid }) => kid ?? null) };
  return Object.fromEntries(names.map((name) => [name, shown[name] ?? null]));
}

/** Of others' addresses the log keeps nothing but their number. */
export async function changeTesters(
  needs: IntegrationNeeds,
  act: Act,
  { clientId }: Integration,
  testers: readonly Tester[],
): Promise<void> {
  const known = await needs.testers.of(clientId, act.within);
  const keys = (list: readonly Tester[]) => list.map(({ key }) => key).toSorted();
  if (isDeepStrictEqual(keys(known), keys(testers))) return;
  await needs.testers.replace(clientId, testers, act.within);
  await needs.integrations.change(clientId, {}, act.within);
  await noteChange(needs, act, 'integrationChanged', clientId, {
    before: { testers: known.length },
    after: { testers: testers.length },
  });
}
