/** An operator's word on an upstream: use it, or do not, whatever its health looks like. Lasts over restarts. */
import type { Queryable } from '../database/database.ts';

export type Switch = {
  readonly upstream: string;
  readonly on: boolean;
  readonly since: Date;
  /** Who turned it. */
  readonly by: string;
  /** Why, in her words; absent where nobody was asked. */
  readonly reason?: string;
};

export type Turn = Pick<Switch, 'on' | 'by' | 'reason'>;

export interface UpstreamSwitches {
  /** Those that somebody has ever turned; the others are on. */
  list(): Promise<readonly Switch[]>;
  /** False when it stands like this already: then nothing changes. */
  turn(upstream: string, to: Turn, within?: Queryable): Promise<boolean>;
}
