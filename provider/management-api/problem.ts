/** What the management API refuses, as RFC 9457 wants it said: a code of this table, its status, texts of the catalogue. */
import type { Translate } from '../http/texts.ts';

/** Whoever adds operations adds their problems, each with texts under `api.problem`. */
export const PROBLEMS = {
  invalid_request: 400,
  idempotency_key_missing: 400,
  unauthorized: 401,
  insufficient_scope: 403,
  not_found: 404,
  method_not_allowed: 405,
  integrations_exhausted: 409,
  request_pending: 409,
  own_request: 403,
  request_decided: 409,
  nothing_to_ask: 409,
  last_secret: 409,
  no_secrets: 409,
  still_waiting: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  idempotency_key_reused: 422,
  precondition_required: 428,
  too_many_requests: 429,
  server_error: 500,
  store_unavailable: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** One fault of what was sent; `pointer`: RFC 6901, into the body, or the name of a parameter of the query. */
export type InputFault = {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
};

export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly code: ProblemCode;
  readonly faults: readonly InputFault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    more: { faults?: readonly InputFault[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(code, { cause: more.cause });
    this.code = code;
    this.faults = more.faults ?? [];
    this.headers = more.headers ?? {};
  }
}

export const PROBLEM_TYPE = 'application/problem+json';

export function problemBody({ code, faults }: ApiProblem, t: Translate, requestId: string | undefined) {
  return {
    type: `urn:union-id:problem:${code}`,
    title: t(`api.problem.${code}.title`),
    status: PROBLEMS[code],
    detail: t(`api.problem.${code}.detail`),
    ...(requestId !== undefined && { instance: `urn:union-id:request:${requestId}` }),
    ...(faults.length > 0 && { errors: faults }),
  };
}
