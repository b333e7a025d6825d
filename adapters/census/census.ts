/**
 * How many there are of what grows with people: counted now and then in a walk through whole tables, read at once. Knows
 * numbers and when they were counted, nobody in particular.
 */
import type { DocumentType } from '../document-store/document-store.ts';
import type { Stage } from '../integration-store/integration-store.ts';

export type PortalRow = {
  readonly clientId: string;
  /** As people read it. */
  readonly name: string;
  /** Absent: a portal of the Union's, or one of our own workplaces. */
  readonly stage?: Stage;
  /** Of an application of a developer's: an account. */
  readonly ownerId?: string;
  readonly blockedAt?: Date;
  /** With a live grant or a remembered consent; absent: not counted yet. */
  readonly people?: number;
};

export const DOCUMENT_STATES = ['in_force', 'withdrawn'] as const;

export type DocumentCount = {
  readonly type: DocumentType;
  readonly version: string;
  readonly state: (typeof DOCUMENT_STATES)[number];
  readonly form: 'signed' | 'paper';
  readonly number: number;
};

/** `areMore`: a mass of them, of which no more were counted. */
export type AddressTroubles = {
  readonly refused: number;
  readonly bounced: number;
  readonly areMore: boolean;
};

export interface Census {
  /** Takes minutes where there are millions: never for a page that somebody waits for. */
  take(): Promise<void>;
  /** Undefined: never. */
  takenAt(): Promise<Date | undefined>;
  /** Every client by its id, the first `limit` behind `after`, with its people as counted last. */
  portals(page: { readonly limit: number; readonly after?: string }): Promise<readonly PortalRow[]>;
  /** What people have signed, or ticked on paper. */
  documents(): Promise<readonly DocumentCount[]>;
}

/** What stands and what waits, each from a small index. */
export interface Standing {
  /** Applications by state, of those that somebody still waits for. */
  applications(): Promise<{ readonly onTheWay: number; readonly underReview: number }>;
  /** Addresses that take no letters, by how we know. */
  addressTroubles(): Promise<AddressTroubles>;
}
