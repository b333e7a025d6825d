/** An operator's word on an upstream: use it, or do not, whatever its health looks like. Lasts over restarts. */
import type { Queryable } from '../database/database.ts';

export type Switch = {
  readonly upstream: string;
  readonly on: boolean;
  readonly since: Date;
  /** Who turned it. */
  readonly by: string;
};

export interface UpstreamSwitches {
  /** Those that somebody has ever turned; the others are on. */
  list(): Promise<readonly Switch[]>;
  turn(upstream: string, on: boolean, by: string, within?: Queryable): Promise<void>;
}
