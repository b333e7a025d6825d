/**
 * A document before entry: shown by itself to whoever has not signed it, once for each session. Whoever puts it off
 * comes in and is told of less (find-account.ts), or does not come in, as the relying party's operator has said.
 */
import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { DocumentStore } from '../../../adapters/document-store/document-store.ts';
import type { PutOffDocuments } from '../../consents/put-off.ts';
import { type EntryDocument, entryDocuments } from '../client/consent.ts';

const { Check, Prompt } = interactionPolicy;

/** Of the prompt `documents`. */
export type DocumentDetails = EntryDocument;

export function documentPrompt(
  documents: Pick<DocumentStore, 'consent'>,
  putOff: Pick<PutOffDocuments, 'isPutOff'>,
) {
  /** Asked for with prompt=documents it is shown though it was put off; put off, it keeps nobody from prompt=none. */
  const missing = async ({ oidc }: KoaContextWithOIDC): Promise<EntryDocument | undefined> => {
    const { client, session, account, prompts } = oidc;
    const accountId = session?.accountId;
    if (!client || !session || !account || accountId === undefined) return undefined;
    for (const document of entryDocuments(client)) {
      const { type, otherwise } = document;
      if (await documents.consent(accountId, type)) continue;
      if (otherwise === 'refuse') return document;
      const isAskedFor = prompts.has('documents') && oidc.promptPending('documents');
      if (isAskedFor || !(await putOff.isPutOff(session.uid, accountId, type))) return document;
    }
    return undefined;
  };
  const prompt = new Prompt(
    { name: 'documents', requestable: true },
    (async (ctx: KoaContextWithOIDC) => (await missing(ctx)) ?? {}) as never,
    new Check(
      'document_missing',
      'a document is to be signed, or put off',
      'interaction_required',
      async (ctx) => (await missing(ctx)) !== undefined,
    ),
  );
  // The library's own would ask where everything is signed.
  prompt.checks.remove('documents_prompt');
  return prompt;
}
