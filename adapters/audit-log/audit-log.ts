/**
 * The trail of what happened: append-only, ids and reasons, never names, addresses, codes or tokens. Rows are sealed in
 * ranges, each seal with the digest of the one before, so that whoever changes a row must change every seal after it –
 * and the digests that have left the host with the log.
 */
import type { Queryable } from '../database/database.ts';

export type AuditEntry = {
  readonly event: string;
  readonly outcome: 'success' | 'failure';
  /** Who did it: an account id, `operator`, or `system`. */
  readonly actor: string;
  readonly accountId?: string;
  readonly clientId?: string;
  readonly sessionUid?: string;
  readonly requestId?: string;
  /** The address with its host part cut off (IPv4 /24, IPv6 /48). */
  readonly network?: string;
  readonly reason?: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
};

export interface AuditLog {
  /** Resolves when the entry is committed; inside a transaction it is committed with it. */
  append(entry: AuditEntry, within?: Queryable): Promise<void>;
}

/** How often something happened to an account lately: limits that hold whatever is restarted. */
export type DatedAuditEntry = AuditEntry & { readonly at: Date };

export interface AuditReader {
  /** The trail of one account, the latest first. */
  entriesOf(accountId: string): Promise<readonly DatedAuditEntry[]>;
}

/** One attempt to come in, as its account's owner sees it. */
export type SignInRecord = {
  /** Of the row: where the next page begins. */
  readonly id: string;
  readonly at: Date;
  readonly outcome: AuditEntry['outcome'];
  /** By which way, as the events name it. */
  readonly method?: string;
  readonly clientId?: string;
  readonly network?: string;
  /** Of the session it opened, while that is remembered. */
  readonly device?: string;
};

export interface SignInReader {
  /** The latest first; `before`: the id of the last one that was seen already. */
  signInsOf(
    accountId: string,
    page: { readonly limit: number; readonly before?: string },
  ): Promise<readonly SignInRecord[]>;
}

export type AuditPage = { readonly limit: number; readonly before?: string };
/** With the names of what its ids stand for, as far as they are known. `id`: where the next page begins. */
export type ListedAuditEntry = DatedAuditEntry & {
  readonly id: string;
  /** Absent: no account, or one that has no name. */
  readonly actorName?: string;
  /** What the actor is, besides the words that stand for one: an account with a staff role, another one, an application. */
  readonly actorKind?: 'operator' | 'account' | 'application';
  readonly clientName?: string;
  /** Why, in the words of whoever did it. */
  readonly note?: string;
};

/** Somebody of the staff looked at a person's data. */
export type SightRecord = {
  readonly id: string;
  readonly at: Date;
  /** A code. */
  readonly reason: string;
  /** Kinds of data. */
  readonly fields: readonly string[];
  /** Absent: somebody of the Union's own staff, or of a school. */
  readonly organisation?: string;
  /** A case of hers was looked at by whoever keeps «Контингент» of a school. */
  readonly atSchool?: boolean;
};

/** The latest first. */
export interface AuditPages {
  ofAccount(accountId: string, page: AuditPage): Promise<readonly ListedAuditEntry[]>;
  ofTime(
    span: { readonly from: Date; readonly until: Date; readonly events: readonly string[] },
    page: AuditPage,
  ): Promise<readonly ListedAuditEntry[]>;
  /** Who looked at her, by her account or by her place in the register. */
  sightsOf(
    person: { readonly accountId: string; readonly memberId?: string },
    page: AuditPage,
  ): Promise<readonly SightRecord[]>;
}

export interface AuditCounts {
  count(
    wanted: { readonly accountId: string; readonly event: string; readonly reason?: string },
    seconds: number,
    within?: Queryable,
  ): Promise<number>;
}

/** The columns of a row in their order, as text: what its hash is made of. The first one is the id. */
export type AuditRow = readonly [string, ...(string | null)[]];

export type Seal = {
  readonly number: number;
  /** One more than the last of the seal before, whether there is such a row or not. */
  readonly firstId: number;
  readonly lastId: number;
  readonly rows: number;
  readonly previous: string;
  readonly digest: string;
  readonly sealedAt: Date;
};

export interface AuditSeals {
  /** Seals the next range, if there is one to which no running transaction can add a row any more. */
  sealNext(): Promise<Seal | undefined>;
}

/** What a court, or somebody who doubts, is shown. */
export interface AuditEvidence {
  /** Of one account, until then; the first one first. */
  entriesOf(accountId: string, until: Date): Promise<readonly AuditRow[]>;
  /** Entries that name an act of signing, of these or after this row; the first one first. */
  entriesOfSignings(
    wanted: { readonly ids: readonly string[] } | { readonly afterId: string; readonly limit: number },
  ): Promise<readonly AuditRow[]>;
  sealOver(id: string): Promise<Seal | undefined>;
  /** The text whose SHA-256 is the digest of the seal, made of the rows as they are now. */
  sealText(seal: Seal): Promise<{ readonly text: string; readonly rows: number }>;
  /** In their order, in bounded memory. */
  seals(): AsyncIterable<Seal>;
  lastSeal(): Promise<Seal | undefined>;
  /** Rows older than `seconds` after the last seal. */
  unsealed(seconds: number): Promise<{ readonly rows: number; readonly firstId: string | undefined }>;
}
