/**
 * Whether the evidence agrees with itself: seals with rows, texts with hashes, protocols with the trail. Stops at the
 * first thing that does not, and says in one sentence which. Reads in pieces, however long the trail is.
 */
import type { AuditEvidence, Seal } from '../../adapters/audit-log/audit-log.ts';
import type { DocumentArchive, Signing } from '../../adapters/document-store/document-store.ts';
import { DOCUMENTS_SIGNED, EVIDENCE_TERM_OVER } from '../events/names.ts';
import { type AuditFields, auditFields } from './audit-fields.ts';
import { protocolDigest } from './protocol.ts';
import { sha256 } from './sha256.ts';

const ACTS_AT_ONCE = 500;
/** A seal follows within minutes; after an hour somebody has stopped the sealing, or cut seals off. */
const SEALED_WITHIN_SECONDS = 3_600;

export type Stage = 'seals' | 'documents';
export type Examination = {
  readonly seals: number;
  readonly rows: number;
  readonly acts: number;
  readonly documents: number;
  readonly lastSeal: Seal | undefined;
};
export type Verdict =
  | ({ readonly ok: true } & Examination)
  | { readonly ok: false; readonly finding: string };

type Watch = { begin(stage: Stage, total: number): void; at(done: number): void; end(): void };

export type VerifyNeeds = { readonly evidence: AuditEvidence; readonly archive: DocumentArchive };

/** `known`: digests of seals that were kept elsewhere, such as in the log, by number. */
export async function verifyEvidence(
  { evidence, archive }: VerifyNeeds,
  watch: Watch,
  known: ReadonlyMap<number, string> = new Map(),
): Promise<Verdict> {
  try {
    const { seals, rows, lastSeal } = await verifySeals(evidence, watch, known);
    const { acts, documents } = await verifyActs({ evidence, archive }, watch);
    return { ok: true, seals, rows, acts, documents, lastSeal };
  } catch (error) {
    if (error instanceof Disagreement) return { ok: false, finding: error.message };
    throw error;
  }
}

class Disagreement extends Error {
  override name = 'Disagreement';
}

function disagree(finding: string): never {
  throw new Disagreement(finding);
}

async function verifySeals(evidence: AuditEvidence, watch: Watch, known: ReadonlyMap<number, string>) {
  const last = await evidence.lastSeal();
  watch.begin('seals', last?.lastId ?? 0);
  let before: Seal | undefined;
  let rows = 0;
  for await (const seal of evidence.seals()) {
    const name = nameOf(seal);
    const number = (before?.number ?? 0) + 1;
    if (seal.number !== number) disagree(`Seal ${number} is missing; the next one is ${name}.`);
    if (seal.firstId !== (before?.lastId ?? 0) + 1)
      disagree(`${name} does not begin where seal ${number - 1} ends.`);
    const { text, rows: found } = await evidence.sealText(seal);
    if (found !== seal.rows) disagree(`${name}: ${seal.rows} rows were sealed, ${found} are there.`);
    if (sha256(text) !== seal.digest)
      disagree(`${name}: a row, or the seal itself, was changed after sealing.`);
    const kept = known.get(seal.number);
    if (kept !== undefined && kept !== seal.digest) {
      disagree(`${name}: its digest is not the one that was kept elsewhere; the trail was rewritten.`);
    }
    rows += found;
    before = seal;
    watch.at(seal.lastId);
  }
  const cut = [...known.keys()].find((number) => number > (before?.number ?? 0));
  if (cut !== undefined)
    disagree(`Seal ${cut} is missing; the last one there is ${before?.number ?? 'none'}.`);
  const late = await evidence.unsealed(SEALED_WITHIN_SECONDS);
  if (late.rows > 0) {
    disagree(
      `Row ${late.firstId} is older than an hour and not sealed, nor are ${late.rows - 1} more: ` +
        'seals were cut off, or no gateway has been running to make them.',
    );
  }
  watch.end();
  return { seals: before?.number ?? 0, rows, lastSeal: before };
}

async function verifyActs({ evidence, archive }: VerifyNeeds, watch: Watch) {
  watch.begin('documents', await archive.signedCount());
  let acts = 0;
  let documents = 0;
  for (let after = ''; ; ) {
    const found = await archive.signedAfter(after, ACTS_AT_ONCE);
    if (found.length === 0) break;
    const entries = (await evidence.entriesOfSignings({ ids: found.map(({ id }) => id) })).map(auditFields);
    const traces = Map.groupBy(entries.filter(isSignature), signingOf);
    for (const act of found) verifyAct(act, traces.get(act.id) ?? []);
    acts += found.length;
    documents += found.reduce((sum, act) => sum + act.documents.length, 0);
    after = found.at(-1)?.id ?? after;
    watch.at(acts);
  }
  await verifyNothingVanished({ evidence, archive });
  watch.end();
  return { acts, documents };
}

function verifyAct(act: Signing, traces: readonly AuditFields[]): void {
  for (const { id, body, sha256: hash } of act.documents) {
    if (sha256(body) !== hash) disagree(`Document ${id}: its text does not agree with its hash.`);
  }
  const digest = sha256(act.documents.map((document) => `${document.sha256}\n`).join(''));
  const [trace] = traces;
  if (!trace) disagree(`Signing ${act.id}: the audit trail knows of no such signature.`);
  if (traces.length > 1)
    disagree(
      `Signing ${act.id}: the audit trail knows it twice (rows ${traces[0]?.row}, ${traces[1]?.row}).`,
    );
  if (digest !== act.digest || digest !== trace.detail.digest) {
    disagree(`Signing ${act.id}: its documents are not those that were signed (audit row ${trace.row}).`);
  }
  const protocol = act.documents[0]?.signing;
  if (!protocol || protocolDigest(protocol) !== trace.detail.protocol) {
    disagree(`Signing ${act.id}: its protocol was changed afterwards (audit row ${trace.row}).`);
  }
}

async function verifyNothingVanished({ evidence, archive }: VerifyNeeds): Promise<void> {
  for (let afterId = '0'; ; ) {
    const rows = await evidence.entriesOfSignings({ afterId, limit: ACTS_AT_ONCE });
    if (rows.length === 0) return;
    const signatures = rows.map(auditFields).filter(isSignature);
    const there = new Set(await archive.signedAmong(signatures.map(signingOf)));
    for (const trace of signatures) {
      const id = signingOf(trace);
      if (there.has(id) || (await wasDestroyed(evidence, trace.accountId))) continue;
      disagree(`Signing ${id}: audit row ${trace.row} tells of it, and it is not there.`);
    }
    afterId = rows.at(-1)?.[0] ?? afterId;
  }
}

/** Evidence has its term, too; what ends it is in the trail itself. */
async function wasDestroyed(evidence: AuditEvidence, accountId: string): Promise<boolean> {
  const entries = await evidence.entriesOf(accountId, new Date());
  return entries.map(auditFields).some(({ reason }) => reason === EVIDENCE_TERM_OVER);
}

const isSignature = ({ event }: AuditFields): boolean => event === DOCUMENTS_SIGNED;
const signingOf = ({ detail }: AuditFields): string => String(detail.signing);

function nameOf({ number, firstId, lastId, sealedAt }: Seal): string {
  return `Seal ${number} (rows ${firstId}–${lastId}, ${sealedAt.toISOString()})`;
}
