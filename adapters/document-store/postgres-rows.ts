/** Rows of documents and signings, as the store reads them, turned into the words of the interface. */
import type {
  Channel,
  DocumentType,
  Sender,
  Signing,
  SigningPurpose,
  StoredDocument,
} from './document-store.ts';

/** A document counts once it was signed, or ticked on paper. */
export const GIVEN = '(s.signed_at is not null or d.paper_at is not null)';

/** Its account became one with another of the same person, and by that it counts no more. */
export const OUTLIVED = `exists (select from account_merge g
         where g.undone_at is null
           and ((g.closed_id = d.account_id and d.type <> all (g.carried_consents))
                or (g.survivor_id = d.account_id and d.type = any (g.held_consents)
                    and coalesce(s.signed_at, d.paper_at) <= g.merged_at)))`;

export const SELECT_DOCUMENT = `select d.id, d.account_id, d.type, d.version, d.title, d.body, d.sha256, d.channels, d.senders,
       d.rendered_at, d.opened_at, d.withdrawn_at, d.paper_at, d.paper_by, d.paper_dated,
       s.id as signing_id, ${OUTLIVED} as outlived, s.digest, s.signed_at, s.signer, s.address, s.terms_version, s.network, s.device
  from document d left join signing s on s.id = d.signing_id`;

export const SELECT_SIGNING =
  'select id, account_id, purpose, signer, digest, created_at, signed_at from signing';

export type DocumentRow = {
  id: string;
  account_id: string;
  type: DocumentType;
  version: string;
  title: string;
  body: string;
  sha256: string;
  channels: Channel[] | null;
  senders: Sender[] | null;
  rendered_at: Date;
  opened_at: Date | null;
  withdrawn_at: Date | null;
  outlived: boolean;
  paper_at: Date | null;
  paper_by: string;
  paper_dated: string | null;
  signing_id: string;
  digest: string;
  signed_at: Date | null;
  signer: string;
  address: string;
  terms_version: string;
  network: string;
  device: string;
};

export type SigningRow = {
  id: string;
  account_id: string;
  purpose: SigningPurpose;
  signer: string;
  digest: string;
  created_at: Date;
  signed_at: Date | null;
};

export function toDocument(row: DocumentRow): StoredDocument {
  return {
    id: row.id,
    accountId: row.account_id,
    type: row.type,
    version: row.version,
    title: row.title,
    body: row.body,
    sha256: row.sha256,
    renderedAt: row.rendered_at,
    ...(row.channels && { channels: row.channels }),
    ...(row.senders && { senders: row.senders }),
    ...(row.opened_at && { openedAt: row.opened_at }),
    ...(row.withdrawn_at && { withdrawnAt: row.withdrawn_at }),
    ...(row.outlived && { outlived: true }),
    ...(row.paper_at && {
      paper: {
        ...{ at: row.paper_at, by: row.paper_by },
        ...(row.paper_dated !== null && { dated: row.paper_dated }),
      },
    }),
    ...(row.signed_at && {
      signing: {
        id: row.signing_id,
        accountId: row.account_id,
        signer: row.signer,
        address: row.address,
        signedAt: row.signed_at,
        termsVersion: row.terms_version,
        network: row.network,
        device: row.device,
        digest: row.digest,
      },
    }),
  };
}

export function toSigning(row: SigningRow, documents: readonly StoredDocument[]): Signing {
  return {
    id: row.id,
    accountId: row.account_id,
    purpose: row.purpose,
    signer: row.signer,
    digest: row.digest,
    documents,
    createdAt: row.created_at,
    ...(row.signed_at && { signedAt: row.signed_at }),
  };
}
