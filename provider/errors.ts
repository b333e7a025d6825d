/**
 * Faults with a public face: a code of this table, its status and, where waiting helps, how long. What really happened
 * goes into `cause` and from there to the log alone. Answers to people (wrong password) are values, not errors.
 */
const FAULTS = {
  bad_request: { status: 400 },
  form_expired: { status: 403 },
  client_blocked: { status: 403 },
  not_found: { status: 404 },
  method_not_allowed: { status: 405 },
  too_large: { status: 413 },
  wrong_host: { status: 421 },
  too_many_requests: { status: 429 },
  server_error: { status: 500 },
  overloaded: { status: 503 },
  store_unavailable: { status: 503 },
} as const;

export type FaultCode = keyof typeof FAULTS;

export class GatewayError extends Error {
  override name = 'GatewayError';
  readonly code: FaultCode;
  readonly status: number;
  /** Seconds, for Retry-After. */
  readonly retryAfter: number | undefined;
  /** Whom the page names. */
  readonly client: { readonly name: string } | undefined;

  constructor(
    code: FaultCode,
    options: { cause?: unknown; retryAfter?: number; client?: { name: string } } = {},
  ) {
    super(code, { cause: options.cause });
    this.code = code;
    this.status = FAULTS[code].status;
    this.retryAfter = options.retryAfter;
    this.client = options.client;
  }
}

/** The fault that stands for any HTTP status another library has chosen. */
export function faultOfStatus(status: number): FaultCode {
  const found = (Object.keys(FAULTS) as FaultCode[]).find((code) => FAULTS[code].status === status);
  return found ?? (status < 500 ? 'bad_request' : 'server_error');
}
