/**
 * What an administrator reads before she says «yes» – the name, who runs it, the site – stays as she reads it: while a
 * request waits, and for as long as the application is everybody's. Otherwise an approval would be for another one.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Queryable } from '../../adapters/database/database.ts';
import type { Integration, IntegrationRequests } from '../../adapters/integration-store/integration-store.ts';
import type { FieldFault } from './judge.ts';
import { fieldsOf, type IntegrationFields } from './metadata.ts';

const REVIEWED = ['name', 'owner', 'site'] as const satisfies readonly (keyof IntegrationFields)[];

/** The integration is held by the transaction, so that no request comes in between. */
export async function reviewedFaults(
  { requests }: { readonly requests: Pick<IntegrationRequests, 'of'> },
  { clientId, stage, metadata }: Integration,
  fields: IntegrationFields,
  within: Queryable,
): Promise<readonly FieldFault[]> {
  const known = fieldsOf(metadata);
  const differing = REVIEWED.filter((name) => !isDeepStrictEqual(known[name], fields[name]));
  if (differing.length === 0) return [];
  const isWaiting = (await requests.of(clientId, within)).some(({ state }) => state === 'pending');
  if (stage !== 'production' && !isWaiting) return [];
  const code = isWaiting ? 'field.under_review' : 'field.reviewed';
  return differing.map((name) => ({ pointer: `/${name}`, code }));
}
