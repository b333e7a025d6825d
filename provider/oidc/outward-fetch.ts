/**
 * What oidc-provider fetches from its clients – keys, lists of redirects – and where it sends logout tokens, by the
 * outward adapter. A client whose keys are out of reach is refused at once for a while: its token requests must not
 * each wait for a host that does not answer.
 */
import type { Configuration } from 'oidc-provider';
import type { Clock } from '../../adapters/clock.ts';
import { type Outward, OutwardFault } from '../../adapters/outward/outward.ts';

type Fetch = NonNullable<Configuration['fetch']>;

const READ_MILLISECONDS = 2_500;
const TELL_MILLISECONDS = 5_000;
const REMEMBERED_MILLISECONDS = 15_000;
/** Addresses are clients', and few; but anybody may register some. */
const REMEMBERED_AT_MOST = 1_000;
/** The statuses of which `Response` allows no body. */
const BODILESS = new Set([204, 205, 304]);

export function outwardFetch(outward: Outward, clock: Clock): Fetch {
  const failures = new Map<string, { readonly fault: OutwardFault; readonly until: number }>();

  const read = async (url: string, accept: string): Promise<Response> => {
    const known = failures.get(url);
    if (known && known.until > clock.now().getTime()) throw known.fault;
    try {
      const answer = await outward(url, { headers: { accept }, timeoutMilliseconds: READ_MILLISECONDS });
      // All that the library reads is JSON; what is none would be asked for again each time.
      if (answer.status === 200) JSON.parse(answer.body.toString());
      failures.delete(url);
      return toResponse(answer);
    } catch (error) {
      const fault = error instanceof OutwardFault ? error : new OutwardFault('unreadable', { cause: error });
      if (failures.size >= REMEMBERED_AT_MOST) failures.clear();
      failures.set(url, { fault, until: clock.now().getTime() + REMEMBERED_MILLISECONDS });
      throw fault;
    }
  };

  return async (address, options = {}) => {
    const url = String(address);
    if (options.method !== 'POST') return read(url, 'application/json');
    const headers = Object.fromEntries(new Headers(options.headers as RequestInit['headers']));
    const call = { method: 'POST', headers, timeoutMilliseconds: TELL_MILLISECONDS } as const;
    return toResponse(await outward(url, { ...call, body: String(options.body) }));
  };
}

function toResponse({ status, headers, body }: Awaited<ReturnType<Outward>>): Response {
  return new Response(BODILESS.has(status) ? null : new Uint8Array(body), { status, headers });
}
