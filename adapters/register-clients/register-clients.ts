/** Which relying parties may ask our register as machines, and how much of it each of them sees. Knows no tokens. */
import type { Queryable } from '../database/database.ts';

export type Reach = {
  /** The path of the organisation below which it sees; empty for all of them. */
  readonly path: string;
  readonly mayWrite: boolean;
};

export type RegisterClient = {
  readonly clientId: string;
  readonly organisationId?: string;
  readonly mayWrite: boolean;
};

export interface RegisterClients {
  /** Undefined: none of them. */
  reachOf(clientId: string): Promise<Reach | undefined>;
  list(): Promise<readonly RegisterClient[]>;
  /** Anew, or in place of what it was. False when there is no such organisation. */
  allow(client: RegisterClient, within: Queryable): Promise<boolean>;
  forbid(clientId: string, within: Queryable): Promise<boolean>;
  /** Those of the organisations that lie within the reach. */
  organisationsWithin(reach: Reach, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those of the applications that were sent to organisations within the reach. */
  applicationsWithin(reach: Reach, ids: readonly string[]): Promise<ReadonlySet<string>>;
}
