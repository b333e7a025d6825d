/**
 * A register behind a network, by the port of docs/operators/registry.yaml: JSON over HTTP. Reads are tried again at
 * once, a submission by its job; while the register fails, a circuit breaker answers for it without waiting.
 */
import {
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
  retry,
  wrap,
} from 'cockatiel';
import type { z } from 'zod';
import {
  ApplicationMisunderstood,
  ApplicationRefused,
  type Registry,
  RegistryUnavailable,
} from './registry.ts';
import { changesAnswer, memberAnswer, organisationAnswer, organisationsAnswer, refusal } from './wire.ts';

const FAILURES_IN_A_ROW = 5;
const READ_AGAIN = { attempts: 1, pause: 100 };

export type HttpRegistryOptions = {
  readonly url: string;
  readonly token: string;
  /** Milliseconds one request may take. */
  readonly timeout?: number;
  /** Milliseconds until a register that failed is asked again. */
  readonly rest?: number;
};

type Call = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export function httpRegistry({ url, token, timeout = 2_500, rest = 5_000 }: HttpRegistryOptions): Registry {
  const base = url.endsWith('/') ? url : `${url}/`;
  const isAway = handleWhen((error) => error instanceof RegistryUnavailable);
  const breaker = circuitBreaker(isAway, {
    halfOpenAfter: rest,
    breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
  });
  const again = retry(isAway, {
    maxAttempts: READ_AGAIN.attempts,
    backoff: new ConstantBackoff(READ_AGAIN.pause),
  });
  const reading = wrap(again, breaker);

  const call = async ({ method, path, body, headers }: Call): Promise<Response> => {
    try {
      const response = await fetch(new URL(path, base), {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeout),
      });
      // Read within the time limit: headers alone are no answer.
      const text = await response.text();
      if (isFaultOfTheRegister(response.status)) throw new Error(`the register answers ${response.status}`);
      return new Response(response.status === 204 ? null : text, { status: response.status });
    } catch (cause) {
      throw new RegistryUnavailable('the register does not answer', { cause });
    }
  };

  const read = async <T>(request: Call, schema: z.ZodType<T>): Promise<T | undefined> => {
    const response = await insteadOfBrokenCircuit(() => reading.execute(() => call(request)));
    if (response.status === 404) return undefined;
    if (!response.ok) throw new RegistryUnavailable(`the register answers ${response.status}`);
    return await parsed(response, schema);
  };
  const readWhole = async <T>(request: Call, schema: z.ZodType<T>): Promise<T> => {
    const answer = await read(request, schema);
    if (answer === undefined) throw new RegistryUnavailable(`there is no ${request.path} at the register`);
    return answer;
  };

  return {
    async memberByTicket(ticket) {
      // In the body: numbers of tickets stand in nobody's log of addresses.
      const { member } = await readWhole(
        { method: 'POST', path: 'v1/members/search', body: { ticket } },
        memberAnswer,
      );
      return member ?? undefined;
    },
    async searchOrganisations(query) {
      const { organisations } = await readWhole(
        { method: 'POST', path: 'v1/organisations/search', body: query },
        organisationsAnswer,
      );
      return organisations.slice(0, query.limit);
    },
    organisation(id) {
      return read({ method: 'GET', path: `v1/organisations/${encodeURIComponent(id)}` }, organisationAnswer);
    },
    async submit(application) {
      const response = await insteadOfBrokenCircuit(() =>
        breaker.execute(() =>
          call({
            method: 'POST',
            path: 'v1/applications',
            body: application,
            headers: { 'idempotency-key': application.id },
          }),
        ),
      );
      if (response.ok) return;
      if (response.status === 422) throw new ApplicationRefused((await parsed(response, refusal)).reason);
      throw new ApplicationMisunderstood(
        `the register answers ${response.status}: ${(await response.text()).slice(0, 200)}`,
      );
    },
    async changes(cursor) {
      const after = cursor === undefined ? '' : `?${new URLSearchParams({ after: cursor })}`;
      const answer = await readWhole({ method: 'GET', path: `v1/changes${after}` }, changesAnswer);
      return { changes: answer.changes, cursor: answer.cursor ?? undefined };
    },
  };
}

/** Down, busy, or not letting us in: nothing is wrong with what was asked. */
function isFaultOfTheRegister(status: number): boolean {
  return status >= 500 || [401, 403, 407, 408, 425, 429].includes(status);
}

async function parsed<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(await response.json());
  } catch (cause) {
    throw new RegistryUnavailable('the register gives an answer that cannot be understood', { cause });
  }
}

async function insteadOfBrokenCircuit<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isBrokenCircuitError(error)) throw error;
    throw new RegistryUnavailable('the register has just failed several times', { cause: error });
  }
}
