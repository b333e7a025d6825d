/** What a page says of the relying party the person came from. */
import type { ClientRecord } from '../../adapters/client-store/client-store.ts';

export type ClientView = {
  readonly name: string;
  readonly uri?: string;
  readonly owner?: string;
  /** Still tried out by whoever makes it. */
  readonly test?: true;
};

export function clientView(clientId: string, record: ClientRecord | undefined): ClientView {
  const { client_name: name, client_uri: uri, owner, stage } = record?.metadata ?? { client_id: clientId };
  return {
    name: typeof name === 'string' ? name : clientId,
    ...(typeof uri === 'string' && { uri }),
    ...(typeof owner === 'string' && { owner }),
    ...(stage === 'test' && { test: true }),
  };
}

/** Where the relying party begins a sign-in by itself (OpenID Connect Core 4), or else its front page; as registered. */
export function beginningOf(record: ClientRecord | undefined): string | undefined {
  if (!record || record.blockedAt) return undefined;
  const { initiate_login_uri: begin, client_uri: front } = record.metadata;
  return [begin, front].find((uri) => typeof uri === 'string' && isOfTheWeb(uri)) as string | undefined;
}

/** Every place the way back to it may end, for the forms that lead there. */
export function addressesOf(record: ClientRecord | undefined): readonly string[] {
  const answers = record?.metadata.redirect_uris;
  const begin = beginningOf(record);
  const registered = Array.isArray(answers) ? answers.filter((uri) => typeof uri === 'string') : [];
  return [...registered, ...(begin === undefined ? [] : [begin])];
}

function isOfTheWeb(uri: string): boolean {
  return ['https:', 'http:'].includes(URL.parse(uri)?.protocol ?? '');
}
