/**
 * Outward calls whose connection is pinned: what was judged is what is connected to, whatever the name server says a
 * moment later. TLS still asks for the name.
 */
import { isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { type LookUp, lookUp } from './look-up.ts';
import {
  type Outward,
  type OutwardAnswer,
  type OutwardCall,
  type OutwardCode,
  OutwardFault,
} from './outward.ts';
import { type PermissionOptions, permission } from './permission.ts';

const TIMEOUT_MILLISECONDS = 5_000;
const LARGEST_BODY = 128 * 1_024;
const LARGEST_HEADERS = 16 * 1_024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export type PinnedOptions = PermissionOptions & { readonly lookUp?: LookUp };

export function pinnedOutward(options: PinnedOptions): Outward {
  const destinationOf = permission(options);
  const namesOf = options.lookUp ?? lookUp;

  /** Every one of them, or none: a name with one private address among public ones is a trap. */
  const judged = async (url: URL): Promise<readonly string[]> => {
    const destination = destinationOf(url);
    const addresses = isIP(destination.host) === 0 ? await namesOf(destination) : [destination.host];
    if (addresses.length === 0 || !addresses.every((address) => destination.admits(address))) {
      throw new OutwardFault('unreachable');
    }
    return addresses;
  };

  const once = async (url: URL, call: OutwardCall, signal: AbortSignal): Promise<OutwardAnswer> => {
    const addresses = await unlessAborted(judged(url), signal);
    const dispatcher = new Agent({
      // Nothing is kept open: the next call is judged anew.
      connect: { lookup: pinnedTo(addresses), timeout: call.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS },
      maxHeaderSize: LARGEST_HEADERS,
    });
    try {
      const response = await request(url, {
        method: call.method ?? 'GET',
        headers: { ...call.headers, 'accept-encoding': 'identity', 'user-agent': 'union-id' },
        ...(call.body !== undefined && { body: call.body }),
        ...{ signal, dispatcher },
      });
      return await answerOf(response, call.largestBody ?? LARGEST_BODY);
    } finally {
      await dispatcher.destroy();
    }
  };

  return async (address, call = {}) => {
    const signal = AbortSignal.timeout(call.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS);
    let url = new URL(address);
    try {
      for (let left = call.redirects ?? 0; ; left -= 1) {
        const answer = await once(url, call, signal);
        const next = call.redirects !== undefined ? redirectOf(answer, url) : undefined;
        if (!next) return answer;
        if (left === 0) throw new OutwardFault('too_many_redirects');
        url = next;
      }
    } catch (error) {
      throw signal.aborted ? new OutwardFault('timeout', { cause: error }) : faultOf(error);
    }
  };
}

function redirectOf({ status, headers }: OutwardAnswer, from: URL): URL | undefined {
  const location = REDIRECTS.has(status) ? headers.get('location') : null;
  return location === null ? undefined : (URL.parse(location, from.href) ?? undefined);
}

/** In place of a look-up; the address of a connection is one of these and no other. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, { all }, callback) => {
    const [first] = found;
    if (all) callback(null, found);
    else callback(null, first?.address ?? '', first?.family);
  };
}

/** A name server does not know of our time limit. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const giveUp = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function answerOf(
  { statusCode, headers: raw, body }: Dispatcher.ResponseData,
  largest: number,
): Promise<OutwardAnswer> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) headers.set(name, String(value));
  // What was asked for is plain; a small packed body may unfold to anything.
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity') throw new OutwardFault('unreadable');
  if (statusCode > 599) throw new OutwardFault('unreadable');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largest) throw new OutwardFault('too_large');
    chunks.push(chunk);
  }
  return { status: statusCode, headers, body: Buffer.concat(chunks) };
}

const KNOWN_FAULTS: Readonly<Record<string, OutwardCode>> = {
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'too_large',
  HPE_HEADER_OVERFLOW: 'too_large',
};

function faultOf(error: unknown): OutwardFault {
  if (error instanceof OutwardFault) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  return new OutwardFault(KNOWN_FAULTS[code] ?? 'unreachable', { cause: error });
}
