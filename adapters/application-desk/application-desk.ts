/**
 * What is done with applications where the register is kept by ourselves, until chairs have pages of their own. Knows
 * no account: whoever follows the register's changes learns of every decision.
 */
import type { RegistryApplication } from '../registry/registry.ts';

export type WaitingApplication = {
  readonly application: RegistryApplication;
  /** Short name. */
  readonly organisation: string;
  readonly receivedAt: Date;
};

export type Verdict =
  | { readonly kind: 'accepted'; readonly memberId: string }
  /** No such application, or it was decided before. */
  | { readonly kind: 'not-waiting' }
  | { readonly kind: 'no-such-member' }
  /** The number is somebody's, or was. */
  | { readonly kind: 'ticket-taken' };

export interface ApplicationDesk {
  /** The eldest first. */
  waiting(): Promise<readonly WaitingApplication[]>;
  /** Of several decisions at once the first counts. `memberId`: who is on record already, such as with a paper ticket. */
  accept(id: string, on: { readonly ticket?: string; readonly memberId?: string }): Promise<Verdict>;
  /** False when it was not waiting. */
  decline(id: string, state: 'returned' | 'rejected', reason: string): Promise<boolean>;
}
