/**
 * The first to see a request. Refuses foreign hosts, absolute-form targets and oversized lines; believes forwarded
 * headers from our own proxies alone; then makes the request say what the configuration says, so that nothing built
 * from it further in can carry a foreign address (security.md §0, class 3).
 */
import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';
import { type FaultCode, GatewayError } from '../errors.ts';
import type { Middleware } from './context.ts';

const URL_LIMIT = 8 * 1024;
const COOKIES_LIMIT = 50;
const PARAMETERS_LIMIT = 200;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']);
const FORWARDED = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
];

/** Whose forwarded headers count. */
export type Proxies = {
  isTrusted(request: IncomingMessage): boolean;
  /** The first address that is none of our proxies'. */
  clientAddress(request: IncomingMessage): string;
};

/** `trusted`: addresses or CIDR ranges; empty: nobody's forwarded headers count. */
export function proxies(trusted: readonly string[]): Proxies {
  if (trusted.length === 0) {
    return { isTrusted: () => false, clientAddress: (request) => request.socket.remoteAddress ?? '' };
  }
  const isTrusted = proxyAddr.compile([...trusted]);
  return {
    isTrusted: (request) => isTrusted(request.socket.remoteAddress ?? '', 0),
    clientAddress: (request) => proxyAddr(request, isTrusted) ?? '',
  };
}

export type FrontDoor = {
  /** Before anything reads an address, a host or a scheme. */
  readonly canonicalise: Middleware;
  /** Throws what was wrong, once there is somebody to show it. */
  readonly refuse: Middleware;
};

export function frontDoor(issuer: string, { isTrusted, clientAddress }: Proxies): FrontDoor {
  const { host, protocol } = new URL(issuer);
  const scheme = protocol.slice(0, -1);
  const refused = new WeakMap<IncomingMessage, FaultCode>();

  const faultOf = (req: IncomingMessage): FaultCode | undefined => {
    const { method = '', url = '', headers } = req;
    if (!METHODS.has(method) && !isPatch(method, url)) return 'method_not_allowed';
    // An absolute-form target («GET http://evil.test/») would become the origin of every URL we write.
    if (!url.startsWith('/') || url.length > URL_LIMIT) return 'bad_request';
    if (countOf(url, '&') >= PARAMETERS_LIMIT) return 'bad_request';
    if (countOf(headers.cookie ?? '', ';') >= COOKIES_LIMIT) return 'bad_request';
    // RFC 9112 §3.2: Node keeps the first of several, a proxy before us may have looked at the last.
    if ((req.headersDistinct.host ?? []).length > 1) return 'bad_request';
    const fromProxy = isTrusted(req);
    const forwarded = (name: string) => (fromProxy ? singleHeader(req, name) : undefined);
    if ((forwarded('x-forwarded-host') ?? headers.host) !== host) return 'wrong_host';
    if ((forwarded('x-forwarded-proto') ?? scheme) !== scheme) return 'wrong_host';
    return undefined;
  };

  return {
    canonicalise({ req }, next) {
      const fault = faultOf(req);
      if (fault) refused.set(req, fault);
      const address = clientAddress(req);
      for (const name of FORWARDED) delete req.headers[name];
      req.headers.host = host;
      req.headers['x-forwarded-proto'] = scheme;
      req.headers['x-forwarded-for'] = address;
      if (!req.url?.startsWith('/')) req.url = '/';
      return next();
    },
    refuse({ req }, next) {
      const fault = refused.get(req);
      if (fault) throw new GatewayError(fault);
      return next();
    },
  };
}

/** Of the management API and a receiver's stream alone: nothing else is changed in parts. */
const isPatch = (method: string, url: string): boolean =>
  method === 'PATCH' && (url.startsWith('/api/') || url === '/ssf/stream');

function countOf(text: string, mark: string): number {
  let count = 0;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) count += 1;
  return count;
}

function singleHeader(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === 'string' && !value.includes(',') ? value : undefined;
}
