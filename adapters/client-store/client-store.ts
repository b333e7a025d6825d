/** Registered relying parties. Metadata has the field names of RFC 7591 plus ours; the secret is sealed at rest. */

export type ClientMetadata = {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly [field: string]: unknown;
};

export type ClientRecord = {
  readonly metadata: ClientMetadata;
  readonly registeredBy: string;
  readonly updatedAt: Date;
  readonly blockedAt?: Date;
};

export interface ClientStore {
  find(clientId: string): Promise<ClientRecord | undefined>;
  list(): Promise<readonly ClientRecord[]>;
  /** Adds or replaces; keeps a block. */
  save(metadata: ClientMetadata, registeredBy: string): Promise<void>;
  /** False when there is no such client. */
  setBlocked(clientId: string, blocked: boolean): Promise<boolean>;
  remove(clientId: string): Promise<void>;
}
