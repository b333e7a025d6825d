/**
 * Documents as they were shown and signed: exact text, hash, version; and the acts of signing with their protocols.
 * Knows neither templates nor pages.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export const CONSENT_TYPES = ['union_pd', 'finfort_pd', 'union_messages'] as const;
export type ConsentType = (typeof CONSENT_TYPES)[number];
export type DocumentType = ConsentType | 'application' | 'undertaking';
/** Ways and senders of messages are agreed to one by one (152-ФЗ; domain.md §4.2). */
export type Channel = 'sms' | 'push' | 'email';
export type Sender = 'union' | 'organisations';

/** `sha256`: hex, of `body` in UTF-8. */
type DocumentText = {
  readonly type: DocumentType;
  readonly version: string;
  readonly title: string;
  /** The text the person reads and signs, byte for byte: a title line, paragraphs, «- » lists, «## » headings. */
  readonly body: string;
  readonly sha256: string;
  /** union_messages only. */
  readonly channels?: readonly Channel[];
  /** union_messages only. */
  readonly senders?: readonly Sender[];
};

/** A document made from a template, not yet anybody's. */
export type NewDocument = DocumentText & {
  /** Surname, name and patronymic of whom the text makes say «I». */
  readonly signer: string;
};

export type SigningProtocol = {
  readonly id: string;
  readonly accountId: AccountId;
  /** Surname, name and patronymic at that moment. */
  readonly signer: string;
  /** The address the code went to. */
  readonly address: string;
  readonly signedAt: Date;
  /** Version of the terms of the analogue of the handwritten signature the person had accepted. */
  readonly termsVersion: string;
  readonly network: string;
  readonly device: string;
  /** SHA-256 in hex over the hashes of the documents in their order, each in hex and followed by a line feed. */
  readonly digest: string;
};

export type PaperProtocol = {
  readonly at: Date;
  readonly by: string;
  /** yyyy-mm-dd, as it stands on the paper; absent where the register does not tell it. */
  readonly dated?: string;
};

export type StoredDocument = DocumentText & {
  readonly id: string;
  readonly accountId: AccountId;
  readonly renderedAt: Date;
  readonly openedAt?: Date;
  readonly signing?: SigningProtocol;
  /** A consent on paper, ticked by the chair in the member's card (E-13): it has no text here. */
  readonly paper?: PaperProtocol;
  readonly withdrawnAt?: Date;
  /** Of two accounts of the person one was left, and this counts no more by that. */
  readonly outlived?: true;
};

/** Documents that are signed together by one code. */
export type Signing = {
  readonly id: string;
  readonly accountId: AccountId;
  readonly purpose: SigningPurpose;
  readonly signer: string;
  readonly digest: string;
  readonly documents: readonly StoredDocument[];
  readonly createdAt: Date;
  readonly signedAt?: Date;
};

/** One unsigned signing per account and purpose; preparing another replaces it. */
/** `undertaking:` – for the office of that id. */
export type SigningPurpose =
  | 'membership'
  | 'application'
  | `consent:${ConsentType}`
  | `undertaking:${string}`;

export interface DocumentStore {
  /**
   * Replaces the unsigned signing of this purpose, its documents included. Equal documents keep their «opened»; when all
   * are equal, the signing stays as it is. All must be of one signer.
   */
  prepare(
    accountId: AccountId,
    purpose: SigningPurpose,
    documents: readonly NewDocument[],
    within?: Queryable,
  ): Promise<Signing>;
  signing(accountId: AccountId, id: string): Promise<Signing | undefined>;
  /** Waits until nobody else is signing or preparing for this account; the signing as it is then. */
  claim(accountId: AccountId, id: string, within: Queryable): Promise<Signing | undefined>;
  /** The document when this opened it; undefined when it was open before, is signed, or is not this account's. */
  markOpened(accountId: AccountId, documentId: string): Promise<StoredDocument | undefined>;
  /** Throws AlreadySigned for a second time, and DocumentsUnopened when one was never opened (C-17). */
  sign(protocol: SigningProtocol, within: Queryable): Promise<Signing>;
  /** Signed ones and paper ones, the latest first; with those of an account of hers that was merged into this one. */
  documentsOf(accountId: AccountId): Promise<readonly StoredDocument[]>;
  document(accountId: AccountId, id: string): Promise<StoredDocument | undefined>;
  /** The consent in force: the latest signed or paper one that was not withdrawn. */
  consent(accountId: AccountId, type: ConsentType, within?: Queryable): Promise<StoredDocument | undefined>;
  /** With it all others of its type that are in force; that type. Undefined when it was not in force any more. */
  withdraw(accountId: AccountId, documentId: string, within: Queryable): Promise<ConsentType | undefined>;
  /** May be told more than once. Taking a tick away ends paper consents alone: a signed one is the person's to withdraw. */
  recordPaper(
    accountId: AccountId,
    type: ConsentType,
    given: boolean,
    paper: PaperProtocol,
    within: Queryable,
  ): Promise<void>;
  /** The version of the terms the account accepted last. */
  acceptedTerms(accountId: AccountId): Promise<string | undefined>;
  acceptTerms(accountId: AccountId, version: string, network: string, within?: Queryable): Promise<void>;
}

/** Every signed act of everybody, for whoever examines the evidence. */
export interface DocumentArchive {
  /** In the order of their ids, `limit` at most, each with its documents. */
  signedAfter(id: string, limit: number): Promise<readonly Signing[]>;
  /** Those of the ids that are signed acts. */
  signedAmong(ids: readonly string[]): Promise<readonly string[]>;
  signedCount(): Promise<number>;
  /** Signed, whoever's it is; with the act it was signed in. */
  signedDocument(
    id: string,
  ): Promise<{ readonly document: StoredDocument; readonly signing: Signing } | undefined>;
}

export class AlreadySigned extends Error {
  override name = 'AlreadySigned';
}

export class DocumentsUnopened extends Error {
  override name = 'DocumentsUnopened';
}
