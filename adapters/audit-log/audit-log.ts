/** The trail of what happened: append-only, ids and reasons, never names, addresses, codes or tokens. */

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
  /** Resolves when the entry is committed. */
  append(entry: AuditEntry): Promise<void>;
}
