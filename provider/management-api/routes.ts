/**
 * Operations over HTTP: who calls and what she may, the input, the transaction with its key, the answer. Knows no
 * operation by name.
 */
import { createHash } from 'node:crypto';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Database } from '../../adapters/database/database.ts';
import type { IdempotencyKeys, KeyedCall } from '../../adapters/idempotency-keys/idempotency-keys.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { GatewayContext, GatewayState, Middleware } from '../http/context.ts';
import { translator } from '../http/texts.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import { type Caller, type CallerNeeds, callerOf, requireScope } from './caller.ts';
import { API_ROOT, openApiDocument } from './openapi.ts';
import type { Answer, Call, Operation } from './operation.ts';
import { ApiProblem } from './problem.ts';
import { answerProblems } from './problem-answers.ts';
import { readInput } from './read-input.ts';

const LARGEST_BODY = '64kb';
const KEY = /^[\x21-\x7e]{8,200}$/;

export type ApiRoutesNeeds = CallerNeeds & {
  readonly database: Database;
  readonly idempotencyKeys: IdempotencyKeys;
  readonly clients: Pick<ClientDirectory, 'forget'>;
  readonly apiLimits: ApiLimits;
  readonly issuer: string;
};

export type ApiLimits = {
  /** By account. */
  readonly calls: Limiter;
  readonly writes: Limiter;
  /** By source, for whoever shows no token that counts. */
  readonly strangers: Limiter;
};

export const API_LIMITS = {
  calls: { points: 600, seconds: 60 },
  writes: { points: 60, seconds: 60 },
  strangers: { points: 60, seconds: 60 },
} as const;

export function apiRoutes(needs: ApiRoutesNeeds, operations: readonly Operation[]): Middleware {
  const router = new Router<GatewayState>({ exclusive: true });
  const document = openApiDocument(operations, needs.issuer);
  router.get('/api/openapi.json', (raw) => {
    raw.body = document;
  });
  for (const one of operations) {
    const path = `${API_ROOT}${one.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    router.register(path, [one.method], (raw: unknown) => serve(needs, one, raw as GatewayContext));
  }
  // Says which methods there are, in Allow.
  const allowed = router.allowedMethods() as unknown as Middleware;
  const routes = router.routes() as unknown as Middleware;
  return answerProblems(async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    const nothing = async () => {};
    await allowed(ctx, async () => routes(ctx, nothing));
    if (ctx.status === 405 || ctx.status === 501) throw new ApiProblem('method_not_allowed');
    if (ctx.status === 404 && ctx.body === undefined) throw new ApiProblem('not_found');
  });
}

async function serve(needs: ApiRoutesNeeds, one: Operation, ctx: GatewayContext): Promise<void> {
  const caller = await knownCaller(needs, ctx);
  await spend(needs.apiLimits.calls, caller.account.id);
  if (one.effect !== 'reads') await spend(needs.apiLimits.writes, caller.account.id);
  await requireScope(needs, caller, one.scope);
  if (one.limit) await spend(one.limit, caller.account.id);
  const t = translator(ctx.state.locale);
  const params = paramsOf(one, ctx);
  const call: Omit<Call<unknown, unknown, unknown>, 'within'> = {
    ...{ caller, t, origin: ctx.state.origin },
    params,
    query: one.query && readInput(one.query, { ...ctx.query }, t),
    body: one.body && readInput(one.body, await jsonOf(ctx), t),
    ifMatch: ifMatchOf(ctx, one),
  };
  const answer = await carryOut(needs, one, call, ctx.get('Idempotency-Key'));
  if (answer.changed !== undefined) needs.clients.forget(answer.changed);
  ctx.status = one.told.status;
  if (answer.version !== undefined) ctx.set('ETag', `"${answer.version}"`);
  // Nothing, rather than the words of the status that Koa would say.
  ctx.body = one.told.shape ? answer.body : '';
  if (!one.told.shape) ctx.remove('Content-Type');
}

/** Throws `not_found` for what no id of ours holds; some of it no database can be asked for. */
function paramsOf({ params }: Operation, ctx: GatewayContext): unknown {
  const given = (ctx as unknown as { params: Readonly<Record<string, string>> }).params;
  const parsed = params?.safeParse(given);
  const isPlain = Object.values(given).every((value) => /^[\x21-\x7e]*$/.test(value));
  if (parsed?.success === false || !isPlain) throw new ApiProblem('not_found');
  return parsed?.data;
}

async function carryOut(
  { database, idempotencyKeys }: Pick<ApiRoutesNeeds, 'database' | 'idempotencyKeys'>,
  one: Operation,
  call: Omit<Call<unknown, unknown, unknown>, 'within'>,
  key: string,
): Promise<Answer<unknown>> {
  if (one.effect === 'reads') return one.handle({ ...call, within: database });
  if (one.effect !== 'creates') return database.transaction((within) => one.handle({ ...call, within }));
  if (!KEY.test(key)) throw new ApiProblem('idempotency_key_missing');
  const keyed: KeyedCall = {
    ...{ accountId: call.caller.account.id, key },
    digest: digestOf([one.id, call.caller.clientId, call.params, call.body]),
  };
  return database.transaction(async (within) => {
    const claim = await idempotencyKeys.claim(keyed, within);
    if (claim.kind === 'other') throw new ApiProblem('idempotency_key_reused');
    if (claim.kind === 'done') return JSON.parse(claim.answer) as Answer<unknown>;
    const answer = await one.handle({ ...call, within });
    await idempotencyKeys.settle(keyed, JSON.stringify(answer), within);
    return answer;
  });
}

function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

async function knownCaller(needs: ApiRoutesNeeds, ctx: GatewayContext): Promise<Caller> {
  try {
    return await callerOf(needs, {
      authorization: ctx.get('Authorization'),
      proof: ctx.get('DPoP'),
      method: ctx.method,
      url: `${needs.issuer}${ctx.path}`,
    });
  } catch (error) {
    if (error instanceof ApiProblem) await spend(needs.apiLimits.strangers, ctx.state.origin.source);
    throw error;
  }
}

async function spend(limiter: Limiter, key: string): Promise<void> {
  const { allowed, retryAfter } = await limiter.take(key);
  if (allowed) return;
  throw new ApiProblem('too_many_requests', { headers: { 'Retry-After': String(Math.max(1, retryAfter)) } });
}

/** RFC 9110 §13.1.1. */
function ifMatchOf(ctx: GatewayContext, { effect }: Operation): string {
  const given = ctx.get('If-Match');
  if (effect === 'changes' && given === '') throw new ApiProblem('precondition_required');
  return given;
}

const parse = bodyParser({
  enableTypes: ['json'],
  encoding: 'utf-8',
  jsonLimit: LARGEST_BODY,
  onError(error) {
    const status = (error as { status?: number }).status;
    throw new ApiProblem(status === 413 ? 'too_large' : 'invalid_request', { cause: error });
  },
}) as unknown as Middleware;

async function jsonOf(ctx: GatewayContext): Promise<unknown> {
  if (!ctx.is('application/json')) throw new ApiProblem('unsupported_media_type');
  await parse(ctx, async () => {});
  return (ctx.request as { body?: unknown }).body;
}
