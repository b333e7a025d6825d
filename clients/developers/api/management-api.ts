/**
 * The gateway's management API for the person signed in: her token goes along, what the API refuses of a form comes back
 * as a value, everything else that goes wrong is a fault of the portal's. Knows no operation.
 */
import { z } from 'zod';
import { PortalError } from '../../relying-party/errors.ts';

const problemShape = z.object({
  type: z.string(),
  detail: z.string().default(''),
  errors: z
    .array(z.object({ pointer: z.string().default(''), code: z.string(), detail: z.string() }))
    .default([]),
});

/** What is wrong with what was sent, in the words of the API. */
export type Problem = {
  /** The last part of its `type`. */
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
};

export type Sent<Told> = { readonly told: Told } | { readonly problem: Problem };

export type SendOptions<Shape extends z.ZodType> = {
  readonly body?: unknown;
  /** Of the answer; without it nothing is read. */
  readonly shape?: Shape;
  /** ETag of what was seen. */
  readonly ifMatch?: string;
  /** The same call with the same key happens once. */
  readonly idempotencyKey?: string;
};

export interface ManagementApi {
  /** `version`: for `ifMatch`. Throws PortalError, TokenRefused. */
  read<Shape extends z.ZodType>(
    path: string,
    shape: Shape,
  ): Promise<{ readonly value: z.output<Shape>; readonly version: string }>;
  /** The same, undefined where there is none. */
  find<Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.output<Shape> | undefined>;
  /** Throws PortalError, TokenRefused. */
  send<Shape extends z.ZodType>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options?: SendOptions<Shape>,
  ): Promise<Sent<z.output<Shape>>>;
}

/** The token is worth nothing any more: she must sign in again. */
export class TokenRefused extends Error {
  override name = 'TokenRefused';
}

export type ManagementApiNeeds = {
  readonly issuer: string;
  readonly accessToken: string;
  /** In which the API words its problems. */
  readonly language: string;
};

const TIMEOUT_MS = 15_000;
/** Those a form can be mended after. */
const MENDABLE: ReadonlySet<number> = new Set([400, 409, 412, 422, 428]);

export const resourceOf = (issuer: string): string => `${issuer}/api`;

export function managementApi({ issuer, accessToken, language }: ManagementApiNeeds): ManagementApi {
  const ask = async (method: string, path: string, options: SendOptions<z.ZodType> = {}) => {
    const { body, ifMatch, idempotencyKey } = options;
    const response = await fetch(`${resourceOf(issuer)}/v1${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        Accept: 'application/json, application/problem+json',
        'Accept-Language': language,
        Authorization: `Bearer ${accessToken}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
        ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new PortalError('gateway_unavailable', { cause: error });
    });
    if (response.status === 401) throw new TokenRefused();
    if (response.status === 403) throw new PortalError('not_allowed');
    if (response.status === 429) throw new PortalError('too_many_requests');
    if (response.status >= 500) {
      throw new PortalError('gateway_unavailable', {
        cause: new RangeError(`${response.status} at ${method}`),
      });
    }
    return response;
  };
  const toldBy = async <Shape extends z.ZodType>(response: Response, shape: Shape) => {
    const parsed = shape.safeParse(await json(response));
    if (!parsed.success) throw new PortalError('gateway_unavailable', { cause: parsed.error });
    return parsed.data;
  };
  const found = async (path: string): Promise<Response | undefined> => {
    const response = await ask('GET', path);
    if (response.ok) return response;
    // A cursor or a filter that is no longer one is an address with a misprint, too.
    if (response.status < 500) return undefined;
    throw new PortalError('gateway_unavailable');
  };

  return {
    async read(path, shape) {
      const response = await found(path);
      if (!response) throw new PortalError('not_found');
      return { value: await toldBy(response, shape), version: response.headers.get('etag') ?? '' };
    },
    async find(path, shape) {
      const response = await found(path);
      return response && toldBy(response, shape);
    },
    async send(method, path, options = {}) {
      const response = await ask(method, path, options);
      if (response.ok) return { told: (options.shape && (await toldBy(response, options.shape))) as never };
      if (response.status === 404) throw new PortalError('not_found');
      const parsed = problemShape.safeParse(await json(response));
      if (!MENDABLE.has(response.status) || !parsed.success) {
        throw new PortalError('bad_request', { cause: new RangeError(`${response.status} at ${method}`) });
      }
      const { type, detail, errors } = parsed.data;
      return { problem: { code: type.split(':').at(-1)!, detail, errors } };
    },
  };
}

async function json(response: Response): Promise<unknown> {
  return response.json().catch(() => undefined);
}
