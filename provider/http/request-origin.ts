/** Where a request came from, as far as anybody beyond the pages may know it. */
export type RequestOrigin = {
  /** Ours, or the caller's when a trusted proxy set it. */
  readonly requestId: string;
  /** Address with its host part cut off, for the log and the audit: IPv4 /24, IPv6 /48. */
  readonly network: string;
  /** What throttles count by: IPv4 whole, IPv6 /64. */
  readonly source: string;
  readonly userAgent: string;
};
