/** Registered relying parties. Metadata has the field names of RFC 7591 plus ours; the secret is sealed at rest. */
import type { Queryable } from '../database/database.ts';

export type ClientMetadata = {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly [field: string]: unknown;
};

/** One of several that a client may authenticate with while one takes the other's place. */
export type RotatingSecret = {
  readonly id: string;
  readonly value: string;
  readonly expiresAt?: Date;
};

export type ClientRecord = {
  readonly metadata: ClientMetadata;
  readonly registeredBy: string;
  readonly updatedAt: Date;
  readonly blockedAt?: Date;
  /** Of an integration, the newest first; the first one stands in the metadata, too. */
  readonly secrets: readonly RotatingSecret[];
};

export interface ClientStore {
  find(clientId: string): Promise<ClientRecord | undefined>;
  list(): Promise<readonly ClientRecord[]>;
  /** Adds or replaces; keeps a block. */
  save(metadata: ClientMetadata, registeredBy: string, within?: Queryable): Promise<void>;
  /** False when there is no such client. */
  setBlocked(clientId: string, blocked: boolean, within?: Queryable): Promise<boolean>;
  remove(clientId: string, within?: Queryable): Promise<void>;
}
