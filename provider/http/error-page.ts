/**
 * The one place where an error becomes public: a page with a sentence and a way on for people, JSON for machines.
 * Whatever is no GatewayError and has no status of its own is a bug: 500, and the details stay in the log.
 */
import { faultOfStatus, GatewayError } from '../errors.ts';
import type { GatewayContext, Middleware } from './context.ts';

export function errorPage(): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw new GatewayError('not_found');
      if (ctx.status === 405 && ctx.body === undefined) throw new GatewayError('method_not_allowed');
    } catch (error) {
      show(ctx, toFault(error));
      if (ctx.status >= 500) ctx.state.log?.error({ err: error }, 'fault');
    }
  };
}

function show(ctx: GatewayContext, fault: GatewayError): void {
  ctx.status = fault.status;
  if (fault.retryAfter !== undefined) ctx.set('Retry-After', String(fault.retryAfter));
  const requestId = ctx.state.origin?.requestId;
  const { workplace } = ctx.state;
  const { code, client } = fault;
  if (ctx.accepts('html', 'json') === 'html') {
    const way = workplace !== undefined && { workplace };
    const atChair = code === 'not_found' && /^\/chair(\/|$)/.test(ctx.path);
    ctx.render('error', { code, requestId, ...(client && { client }), ...way, ...(atChair && { atChair }) });
  } else ctx.body = { error: fault.code, request_id: requestId };
}

function toFault(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  // http-errors of Koa and its parsers: their status is meant for the public, their message is not.
  if (typeof status === 'number' && status >= 400 && status < 500 && expose !== false) {
    return new GatewayError(faultOfStatus(status), { cause: error });
  }
  return new GatewayError(isStoreFault(error) ? 'store_unavailable' : 'server_error', {
    cause: error,
    ...(isStoreFault(error) && { retryAfter: STORE_RETRY_SECONDS }),
  });
}

export const STORE_RETRY_SECONDS = 5;

const STORE_FAULTS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  // PostgreSQL: connection exceptions, shutting down, too many connections, statement timeout, read-only.
  '08000',
  '08003',
  '08006',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '57014',
  '25006',
]);

/** A store that is down or overloaded: 503 with Retry-After, never a 500. */
export function isStoreFault(error: unknown): boolean {
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  return (
    STORE_FAULTS.has(code ?? '') ||
    name === 'MaxRetriesPerRequestError' ||
    /Command timed out|Connection is closed|timeout exceeded when trying to connect|Connection terminated|CLUSTERDOWN|Failed to refresh slots cache/.test(
      message ?? '',
    )
  );
}
