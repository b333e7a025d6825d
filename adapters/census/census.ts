/**
 * How many there are of what grows with people: counted now and then in a walk through whole tables, read at once. Knows
 * numbers and when they were counted, nobody in particular.
 */

export type PortalPeople = { readonly clientId: string; readonly people: number };

export type DocumentCount = {
  readonly type: string;
  readonly version: string;
  readonly state: 'in_force' | 'withdrawn';
  readonly on: 'signed' | 'paper';
  readonly number: number;
};

export type Counted<Item> = { readonly at: Date; readonly items: readonly Item[] };

export interface Census {
  /** Takes minutes where there are millions: never for a page that somebody waits for. */
  take(): Promise<void>;
  /** People with a live grant or a remembered consent. Undefined: never counted. */
  portals(): Promise<Counted<PortalPeople> | undefined>;
  /** What people have signed, or ticked on paper. Undefined: never counted. */
  documents(): Promise<Counted<DocumentCount> | undefined>;
  takenAt(): Promise<Date | undefined>;
}

/** What stands and what waits, each from a small index. */
export interface Standing {
  /** Applications by state, of those that somebody still waits for. */
  applications(): Promise<{ readonly onTheWay: number; readonly underReview: number }>;
  /** Addresses that take no letters, by how we know. */
  addressTroubles(): Promise<{ readonly refused: number; readonly bounced: number }>;
}
