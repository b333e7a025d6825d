/**
 * Everything about one signed document as one archive that can be checked without us, with `sha256sum` alone. Holds what
 * concerns this act and its signer; of other people there are only hashes.
 */
import { readFileSync } from 'node:fs';
import { type Zippable, zipSync } from 'fflate';
import type { AuditEvidence, AuditRow, Seal } from '../../adapters/audit-log/audit-log.ts';
import type {
  DocumentArchive,
  Signing,
  StoredDocument,
} from '../../adapters/document-store/document-store.ts';
import words from '../../views/documents/words.json' with { type: 'json' };
import { LETTER_GIVEN_UP, LETTER_HANDED_OVER } from '../events/names.ts';
import { type AuditFields, auditFields } from './audit-fields.ts';
import { documentPdf } from './pdf.ts';
import { protocolDigest, protocolText } from './protocol.ts';
import { protocolLines } from './protocol-lines.ts';
import { sha256 } from './sha256.ts';
import type { Templates } from './write-documents.ts';

const README = readFileSync(new URL('../../views/documents/dispute-readme.txt', import.meta.url), 'utf8');
/** A letter may still be on its way when its code has been typed from another one. */
const LETTERS_AFTER_MS = 24 * 3_600_000;

export type ExportNeeds = {
  readonly archive: DocumentArchive;
  readonly evidence: AuditEvidence;
  readonly templates: Pick<Templates, 'termsOf'>;
};

/** Undefined when there is no signed document with this id. */
export async function exportDispute(needs: ExportNeeds, documentId: string): Promise<Uint8Array | undefined> {
  const found = await needs.archive.signedDocument(documentId);
  const protocol = found?.document.signing;
  if (!found || !protocol) return undefined;
  const { document, signing } = found;

  const rows = await rowsOf(needs.evidence, signing, protocol.termsVersion);
  const seals = await sealsOver(needs.evidence, rows);
  const files = new Map<string, string | Uint8Array>([
    ['document.txt', document.body],
    ['document.pdf', await documentPdf(document)],
    ['protocol.txt', linesOf(protocolLines(document))],
    ['protocol.json', protocolText(protocol)],
    ['hashes.txt', signing.documents.map(({ sha256 }) => `${sha256}\n`).join('')],
    ['terms.txt', needs.templates.termsOf(protocol.termsVersion)?.body ?? ''],
    ['mail.txt', lettersOf(rows.map(auditFields))],
  ]);
  for (const row of rows) files.set(`audit/${row[0]}.json`, `${JSON.stringify(row)}\n`);
  for (const { seal, text } of seals) files.set(`seals/${seal.number}.txt`, text);
  files.set('README.txt', readme(document, signing, rows, seals));
  const sums = [...files].map(([name, content]) => `${sha256(content)}  ${name}\n`);
  files.set('SHA256SUMS', sums.join(''));
  return zip(files, protocol.signedAt);
}

async function rowsOf(
  evidence: AuditEvidence,
  signing: Signing,
  terms: string,
): Promise<readonly AuditRow[]> {
  const ids = new Set(signing.documents.map(({ id }) => id));
  const from = signing.createdAt.toISOString();
  const until = new Date((signing.signedAt?.getTime() ?? 0) + LETTERS_AFTER_MS).toISOString();
  const all = await evidence.entriesOf(signing.accountId, new Date());
  return all.filter((row) => {
    const { event, at, detail } = auditFields(row);
    if (detail.signing === signing.id || ids.has(String(detail.document))) return true;
    if (event === 'terms_accepted') return detail.version === terms;
    return isLetter(event) && detail.template === 'signing-code' && at >= from && at <= until;
  });
}

type Sealed = { readonly seal: Seal; readonly text: string };

async function sealsOver(evidence: AuditEvidence, rows: readonly AuditRow[]): Promise<readonly Sealed[]> {
  const seals = new Map<number, Seal>();
  for (const [id] of rows) {
    const seal = await evidence.sealOver(id);
    if (seal) seals.set(seal.number, seal);
  }
  return Promise.all(
    [...seals.values()].map(async (seal) => ({ seal, text: (await evidence.sealText(seal)).text })),
  );
}

function lettersOf(entries: readonly AuditFields[]): string {
  const { mail: label } = words.dispute;
  const letters = entries
    .filter(({ event }) => isLetter(event))
    .map(({ at, event, reason, detail }) =>
      linesOf([
        [label.at, at],
        [label.letter, String(detail.letterId ?? '')],
        event === LETTER_HANDED_OVER ? [label.receipt, String(detail.receipt ?? '')] : [label.failed, reason],
      ]),
    );
  return letters.length > 0 ? letters.join('\n') : `${label.none}\n`;
}

function isLetter(event: string): boolean {
  return event === LETTER_HANDED_OVER || event === LETTER_GIVEN_UP;
}

function readme(
  document: StoredDocument,
  signing: Signing,
  rows: readonly AuditRow[],
  seals: readonly Sealed[],
): string {
  const protocol = document.signing;
  const open = rows.filter(([id]) => !seals.some(({ seal }) => isUnder(seal, id)));
  const values: Readonly<Record<string, string>> = {
    title: document.title,
    version: document.version,
    document: document.id,
    signer: signing.signer,
    signedAt: signing.signedAt?.toISOString() ?? '',
    signing: signing.id,
    terms: protocol?.termsVersion ?? '',
    sha256: document.sha256,
    digest: signing.digest,
    protocol: protocol ? protocolDigest(protocol) : '',
    seals: seals.map(({ seal }) => `   ${seal.digest}  seals/${seal.number}.txt`).join('\n'),
    unsealed:
      open.length > 0 ? words.dispute.unsealed.replace('{{rows}}', open.map(([id]) => id).join(', ')) : '',
  };
  return `${README.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '').trimEnd()}\n`;
}

function isUnder({ firstId, lastId }: Seal, id: string): boolean {
  return Number(id) >= firstId && Number(id) <= lastId;
}

function linesOf(lines: readonly (readonly [string, string])[]): string {
  return lines.map(([label, value]) => `${label}: ${value}\n`).join('');
}

/** With the time of the signature on every file: the same act makes the same archive. */
function zip(files: ReadonlyMap<string, string | Uint8Array>, mtime: Date): Uint8Array {
  const entries: Zippable = {};
  for (const [name, content] of files) {
    entries[name] = [
      typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content),
      { mtime },
    ];
  }
  return zipSync(entries);
}
