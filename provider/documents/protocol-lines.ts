/** The protocol of a signature as a person reads it: on paper and in a dispute, in Russian as the documents are. */
import type { StoredDocument } from '../../adapters/document-store/document-store.ts';
import words from '../../views/documents/words.json' with { type: 'json' };

const MOSCOW = new Intl.DateTimeFormat('ru-RU', {
  dateStyle: 'long',
  timeStyle: 'medium',
  timeZone: 'Europe/Moscow',
});

/** Label and value, in the order they are shown. Throws RangeError for a document that was not signed. */
export function protocolLines(document: StoredDocument): readonly (readonly [string, string])[] {
  const { signing, withdrawnAt } = document;
  if (!signing) throw new RangeError(`document ${document.id} is not signed`);
  const { protocol: label } = words;
  return [
    [label.signer, signing.signer],
    [label.account, signing.accountId],
    [label.address, signing.address],
    [label.signedAt, momentOf(signing.signedAt)],
    [label.terms, label.version.replace('{{version}}', signing.termsVersion)],
    [label.document, `${document.title}, ${label.version.replace('{{version}}', document.version)}`],
    [label.number, document.id],
    [label.sha256, document.sha256],
    [label.signing, signing.id],
    [label.digest, signing.digest],
    [label.network, signing.network],
    [label.device, signing.device || label.unknown],
    ...(withdrawnAt ? [[label.withdrawn, momentOf(withdrawnAt)] as const] : []),
  ];
}

function momentOf(at: Date): string {
  return words.protocol.moment.replace('{{moment}}', MOSCOW.format(at)).replace('{{utc}}', at.toISOString());
}
