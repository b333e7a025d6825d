/** Faults with a public face: a code with its status here, its sentence and way on in the catalogue. */
const FAULTS = {
  bad_request: { status: 400 },
  sign_in_expired: { status: 400 },
  other_person: { status: 403 },
  form_expired: { status: 403 },
  not_allowed: { status: 403 },
  not_found: { status: 404 },
  method_not_allowed: { status: 405 },
  too_large: { status: 413 },
  too_many_requests: { status: 429 },
  server_error: { status: 500 },
  sign_in_failed: { status: 502 },
  gateway_unavailable: { status: 503 },
} as const;

export type FaultCode = keyof typeof FAULTS;
export const FAULT_CODES = Object.keys(FAULTS) as readonly FaultCode[];

/** `cause` goes into the log and nowhere else. */
export class PortalError extends Error {
  override name = 'PortalError';
  readonly code: FaultCode;
  readonly status: number;

  constructor(code: FaultCode, options: { cause?: unknown } = {}) {
    super(code, options);
    this.code = code;
    this.status = FAULTS[code].status;
  }
}

const OF_STATUS: Readonly<Record<number, FaultCode>> = {
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'too_large',
  429: 'too_many_requests',
};

/** The fault that stands for an HTTP status another library has chosen. */
export function faultOfStatus(status: number): FaultCode {
  return OF_STATUS[status] ?? (status < 500 ? 'bad_request' : 'server_error');
}
