/**
 * Applications of developers: whose a client is, how far it has come, what she asked for, what was changed. The protocol's
 * own metadata stays with the client (client-store.ts) and changes in the same transaction.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { ClientMetadata } from '../client-store/client-store.ts';
import type { Queryable } from '../database/database.ts';

export const INTEGRATION_KINDS = ['web', 'spa', 'native', 'device', 'service'] as const;
export type IntegrationKind = (typeof INTEGRATION_KINDS)[number];

export const STAGES = ['test', 'production'] as const;
export type Stage = (typeof STAGES)[number];

export type Integration = {
  readonly clientId: string;
  /** Absent once she has left. */
  readonly ownerId?: AccountId;
  readonly kind: IntegrationKind;
  readonly stage: Stage;
  /** Where the application lives: the origin that its addresses belong to. */
  readonly site: string;
  /** Counts changes. */
  readonly version: number;
  /** Without secrets. */
  readonly metadata: ClientMetadata;
  readonly blocked?: { readonly at: Date; readonly reason?: string };
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type NewIntegration = Pick<Integration, 'clientId' | 'kind' | 'site'> & {
  readonly ownerId: AccountId;
};

/** `after`: where the page before ended, as `position` of its last item says. */
export type Page = { readonly limit: number; readonly after?: string };
export type Listed<Item> = { readonly item: Item; readonly position: string };

export interface IntegrationStore {
  /** The client is there already. False when she has `atMost` of them: of parallel calls no more than that succeed. */
  add(integration: NewIntegration, atMost: number, within: Queryable): Promise<boolean>;
  /** Within a transaction it is held until the end: whoever changes it next waits. */
  find(clientId: string, within?: Queryable): Promise<Integration | undefined>;
  /** The oldest first. */
  ofOwner(ownerId: AccountId, page: Page, within?: Queryable): Promise<readonly Listed<Integration>[]>;
  /** All whose name, site or id holds the text. */
  search(text: string, page: Page): Promise<readonly Listed<Integration>[]>;
  /** Counts as a change, also when nothing is named: the metadata may be what has changed. */
  change(
    clientId: string,
    to: { readonly site?: string; readonly stage?: Stage; readonly blockReason?: string | null },
    within: Queryable,
  ): Promise<void>;
}

export type Tester = { readonly key: string; readonly original: string };

export interface IntegrationTesters {
  of(clientId: string, within?: Queryable): Promise<readonly Tester[]>;
  replace(clientId: string, testers: readonly Tester[], within: Queryable): Promise<void>;
  /** Whether she owns it, or her confirmed address (normal form) was named. */
  admits(
    clientId: string,
    person: { readonly accountId: AccountId; readonly email?: string },
  ): Promise<boolean>;
}

export type IntegrationSecret = {
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt?: Date;
  readonly lastUsedAt?: Date;
};

export interface IntegrationSecrets {
  /** Those that count now, the newest first; never the secrets themselves. */
  of(clientId: string, within?: Queryable): Promise<readonly IntegrationSecret[]>;
  /** The newest of the others lasts `overlapHours` more, all the rest end at once. */
  add(
    clientId: string,
    secret: { readonly id: string; readonly value: string },
    overlapHours: number,
    within: Queryable,
  ): Promise<void>;
  /** False when it does not count any more. */
  remove(clientId: string, id: string, within: Queryable): Promise<boolean>;
  noteUse(id: string, at: Date): Promise<void>;
}

export const REQUEST_STATES = ['pending', 'approved', 'refused', 'withdrawn'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];
export type Wanted = 'production' | 'scopes';

export type IntegrationRequest = {
  readonly id: string;
  readonly clientId: string;
  /** Absent once she has left. */
  readonly askedBy?: AccountId;
  readonly wanted: Wanted;
  /** Beyond those it has. */
  readonly scopes: readonly string[];
  readonly purpose: string;
  readonly contact: string;
  readonly state: RequestState;
  readonly askedAt: Date;
  readonly decided?: { readonly at: Date; readonly by: string; readonly note?: string };
};

export type NewRequest = Pick<
  IntegrationRequest,
  'id' | 'clientId' | 'wanted' | 'scopes' | 'purpose' | 'contact'
> & { readonly askedBy: AccountId };

export interface IntegrationRequests {
  /** False when one waits already. */
  add(request: NewRequest, within: Queryable): Promise<boolean>;
  find(id: string, within?: Queryable): Promise<IntegrationRequest | undefined>;
  /** The latest first. */
  of(clientId: string, within?: Queryable): Promise<readonly IntegrationRequest[]>;
  /** The oldest first. */
  inState(state: RequestState, page: Page): Promise<readonly Listed<IntegrationRequest>[]>;
  /** False when it does not wait any more: of parallel decisions one counts. */
  decide(
    id: string,
    decision: {
      readonly state: Exclude<RequestState, 'pending'>;
      readonly by: string;
      readonly note?: string;
    },
    within: Queryable,
  ): Promise<boolean>;
}

export type IntegrationChange = {
  readonly at: Date;
  /** An account, or `operator`. */
  readonly actor: string;
  readonly what: string;
  /** Values of the fields that differ. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
};

export interface IntegrationChanges {
  append(clientId: string, change: Omit<IntegrationChange, 'at'>, within: Queryable): Promise<void>;
  /** The latest first. */
  of(clientId: string, page: Page): Promise<readonly Listed<IntegrationChange>[]>;
}
