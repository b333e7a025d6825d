/** Where whatever went wrong below the API becomes an answer: problem details, never a page, and no detail of a bug. */
import type { GatewayContext, Middleware } from '../http/context.ts';
import { isStoreFault, STORE_RETRY_SECONDS } from '../http/error-page.ts';
import { translator } from '../http/texts.ts';
import { ApiProblem, PROBLEM_TYPE, PROBLEMS, problemBody } from './problem.ts';

export function answerProblems(inner: (ctx: GatewayContext) => Promise<void>): Middleware {
  return async (ctx) => {
    try {
      await inner(ctx);
    } catch (error) {
      const problem = toProblem(error);
      if (PROBLEMS[problem.code] >= 500) ctx.state.log?.error({ err: error }, 'fault');
      ctx.status = PROBLEMS[problem.code];
      ctx.set(problem.headers);
      ctx.set('Content-Language', ctx.state.locale);
      ctx.body = problemBody(problem, translator(ctx.state.locale), ctx.state.origin?.requestId);
      ctx.type = PROBLEM_TYPE;
    }
  };
}

function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (!isStoreFault(error)) return new ApiProblem('server_error', { cause: error });
  return new ApiProblem('store_unavailable', {
    cause: error,
    headers: { 'Retry-After': String(STORE_RETRY_SECONDS) },
  });
}
