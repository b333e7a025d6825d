/**
 * The one place where a fault becomes public: a page with a sentence and a way on for people, JSON for machines.
 * Whatever is no PortalError and has no status of its own is a bug; its details stay in the log.
 */
import type { Middleware, PortalContext } from './context.ts';
import { faultOfStatus, PortalError } from './errors.ts';

const RETRY_SECONDS = 10;

export function errorPage(): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw new PortalError('not_found');
      if (ctx.status === 405 && ctx.body === undefined) throw new PortalError('method_not_allowed');
    } catch (error) {
      const fault = toFault(error);
      const detail = { err: error, fault: fault.code };
      if (fault.status >= 500) ctx.state.log.error(detail, 'fault');
      else ctx.state.log.debug(detail, 'fault');
      show(ctx, fault);
    }
  };
}

function show(ctx: PortalContext, { code, status }: PortalError): void {
  ctx.status = status;
  if (status === 503) ctx.set('Retry-After', String(RETRY_SECONDS));
  const { requestId } = ctx.state;
  // A number to quote is of use where somebody must look into the log.
  const quoted = status >= 500 ? requestId : undefined;
  if (ctx.accepts('html', 'json') === 'html') ctx.render('error', { code, requestId: quoted });
  else ctx.body = { error: code, request_id: requestId };
}

function toFault(error: unknown): PortalError {
  if (error instanceof PortalError) return error;
  const { status } = error as { status?: unknown };
  const chosen = typeof status === 'number' && status >= 400 && status < 500;
  return new PortalError(chosen ? faultOfStatus(status) : 'server_error', { cause: error });
}
