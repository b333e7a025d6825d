/** What a page says of the relying party the person came from. */
import type { ClientRecord } from '../../adapters/client-store/client-store.ts';

export type ClientView = { readonly name: string; readonly uri?: string; readonly owner?: string };

export function clientView(clientId: string, record: ClientRecord | undefined): ClientView {
  const { client_name: name, client_uri: uri, owner } = record?.metadata ?? { client_id: clientId };
  return {
    name: typeof name === 'string' ? name : clientId,
    ...(typeof uri === 'string' && { uri }),
    ...(typeof owner === 'string' && { owner }),
  };
}
