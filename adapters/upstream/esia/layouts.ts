/** What is signed: the values before URL encoding, one after another, nothing between them. Pure. */
export type SignedFields = {
  readonly clientId: string;
  /** Separated by spaces. */
  readonly scope: string;
  readonly scopeOrg?: string | undefined;
  readonly timestamp: string;
  readonly state: string;
  readonly redirectUri: string;
  /** Only where a code is redeemed. */
  readonly code?: string | undefined;
};

export type Protocol = 'v1' | 'v2';

export const LAYOUTS: Readonly<Record<Protocol, (fields: SignedFields) => string>> = {
  v1: ({ scope, timestamp, clientId, state }) => [scope, timestamp, clientId, state].join(''),
  v2: ({ clientId, scope, scopeOrg = '', timestamp, state, redirectUri, code = '' }) =>
    [clientId, scope, scopeOrg, timestamp, state, redirectUri, code].join(''),
};

/** `yyyy.MM.dd HH:mm:ss ±HHMM`. Always in UTC, which no zone and no summer time can move. */
export function formatTimestamp(at: Date): string {
  const [date = '', time = ''] = at.toISOString().split('T');
  return `${date.replaceAll('-', '.')} ${time.slice(0, 8)} +0000`;
}
