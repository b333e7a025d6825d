/**
 * HTTP to addresses that somebody else names: a client's keys, its logout endpoint, its receiver of events. Knows
 * nothing of what is fetched. Whatever the name, only hosts that anybody could reach anyway are reached (security.md
 * #37), unless the operator has named them.
 */

export type OutwardCall = {
  readonly method?: 'GET' | 'POST';
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For all of it: looking up, connecting, the last byte, every redirect. */
  readonly timeoutMilliseconds?: number;
  /** Of the body that is read; a longer one is a fault, not cut off. */
  readonly largestBody?: number;
  /** How many redirects of a GET are followed. A redirect that is not is an answer like any other. */
  readonly redirects?: number;
};

export type OutwardAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
};

/**
 * What may be told to whoever named the address. That a name leads to a private address is `unreachable`, as if nobody
 * lived there: otherwise we would describe our network to strangers.
 */
export type OutwardCode =
  /** The address itself: scheme, port, user name. */
  'not_allowed' | 'unreachable' | 'timeout' | 'too_large' | 'too_many_redirects' | 'unreadable';

export class OutwardFault extends Error {
  override name = 'OutwardFault';
  readonly code: OutwardCode;

  constructor(code: OutwardCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

/**
 * https only. The name is looked up once, every address it has is judged, and the connection goes to one of those.
 * Neither proxies nor credentials nor cookies; compressed answers are refused. Throws OutwardFault; an answer of any
 * status is an answer.
 */
export type Outward = (address: string | URL, call?: OutwardCall) => Promise<OutwardAnswer>;

/** A host the operator opens although it is no public one, or not on port 443. */
export type OpenedHost =
  | { readonly host: string; readonly port: number }
  /** CIDR: names that lead into it are let in, on port 443. */
  | { readonly network: string };
