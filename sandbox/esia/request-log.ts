/** What came in and why it was refused: for developers of clients, in memory. Holds no codes, tokens or people. */

export type LoggedRequest = {
  /** ISO 8601. */
  readonly at: string;
  readonly endpoint: string;
  /** As the client named itself. */
  readonly mnemonic: string;
  /** «ok» or a code of ESIA's. */
  readonly outcome: string;
  readonly why: readonly string[];
};

export type RequestLog = {
  add(request: Omit<LoggedRequest, 'at'>): void;
  /** The newest first. */
  all(): readonly LoggedRequest[];
};

const KEPT = 200;

export function requestLog(): RequestLog {
  const requests: LoggedRequest[] = [];
  return {
    add(request) {
      requests.unshift({ at: new Date().toISOString(), ...request });
      requests.length = Math.min(requests.length, KEPT);
    },
    all: () => requests,
  };
}
