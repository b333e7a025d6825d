/**
 * One operation of the management API: its shapes serve the judgement of a request and the OpenAPI document alike, so
 * that neither can say what the other does not. Knows nothing of Koa.
 */
import type { z } from 'zod';
import type { Queryable } from '../../adapters/database/database.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { RequestOrigin } from '../http/request-origin.ts';
import type { Translate } from '../http/texts.ts';
import type { ApiScope, Caller } from './caller.ts';
import type { ProblemCode } from './problem.ts';

type Shape = z.ZodType;

export type Call<Params, Query, Body> = {
  readonly caller: Caller;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly origin: RequestOrigin;
  /** The value of If-Match, of a conditional operation. */
  readonly ifMatch: string;
  /** In the language of the caller. */
  readonly t: Translate;
  /** The transaction of a write, in which all of it happens or nothing; of a read the database. */
  readonly within: Queryable;
};

export type Answer<Body> = {
  readonly body: Body;
  /** What an If-Match must name to change it. */
  readonly version?: string;
  /** The client that was changed. */
  readonly changed?: string;
};

export type Operation<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Told extends Shape = Shape,
> = {
  /** `operationId`. */
  readonly id: string;
  readonly tag: 'integrations' | 'requests' | 'review' | 'delivery' | 'rehearsals' | 'account';
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v1, with `{name}` for each of `params`. */
  readonly path: string;
  readonly scope: ApiScope;
  /** What does not fit is no id of ours: 404. */
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Without a shape the answer has no content. */
  readonly told: { readonly status: 200 | 201 | 202 | 204; readonly shape?: Told };
  /** `creates`: with an Idempotency-Key; `changes`: with an If-Match; `writes`: repeated it does no harm. */
  readonly effect: 'reads' | 'creates' | 'changes' | 'writes';
  /** By account, beside the limits of all operations. */
  readonly limit?: Limiter;
  /** Beside those that every operation may have. */
  readonly problems?: readonly ProblemCode[];
  readonly handle: (
    call: Call<z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Promise<Answer<z.input<Told>>>;
};

/** Ties the shapes to the types of `handle`, and forgets them: in a list all operations are alike. */
export function operation<
  Params extends Shape = z.ZodUndefined,
  Query extends Shape = z.ZodUndefined,
  Body extends Shape = z.ZodUndefined,
  Told extends Shape = z.ZodUndefined,
>(one: Operation<Params, Query, Body, Told>): Operation {
  return one as unknown as Operation;
}
