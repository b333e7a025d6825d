/**
 * The one judge of addresses that a client names: redirects, logout, the start of a sign-in, keys. Pure: it looks at
 * the text alone, and fetches nothing (RFC 9700 §2.1, §2.6; RFC 8252 §7).
 */
import { isIP } from 'node:net';
import { isLoopback } from '../loopback.ts';

export const ADDRESS_USES = [
  ...['redirect', 'post_logout', 'backchannel_logout', 'initiate_login', 'jwks', 'site'],
] as const satisfies readonly string[];
export type AddressUse =
  | 'redirect'
  | 'post_logout'
  | 'backchannel_logout'
  | 'initiate_login'
  | 'jwks'
  | 'site';

/** Texts stand under `api.address`. */
export type AddressFaultCode =
  | 'not_a_url'
  | 'too_long'
  | 'odd_characters'
  | 'fragment'
  | 'wildcard'
  | 'user_info'
  | 'odd_spelling'
  | 'dot_segments'
  | 'not_https'
  | 'scheme_without_dot'
  | 'scheme_forbidden'
  | 'address_literal'
  | 'host_without_domain'
  | 'foreign_host';

export type AddressFault = {
  readonly code: AddressFaultCode;
  /** What would be right, where that can be said. */
  readonly expected?: string;
};

export type AddressRules = {
  readonly use: AddressUse;
  /** Of an app on a device: loopback and schemes of its own. */
  readonly native: boolean;
  /** This machine itself will do, for whoever tries things out. */
  readonly sandbox: boolean;
  /** Hosts without a domain and bare addresses will do: an operator knows her own network. */
  readonly intranet: boolean;
  /** Where the application lives; its addresses are there or below. */
  readonly site?: string | undefined;
};

const LONGEST = 2_000;
/** Of a person's browser; what only the gateway asks is no app's. */
const OPENED_BY_PEOPLE: ReadonlySet<AddressUse> = new Set(['redirect', 'post_logout']);
const FORBIDDEN_SCHEMES = new Set(['javascript:', 'vbscript:', 'data:', 'blob:', 'file:', 'about:']);

/** Undefined when the address may be registered. */
export function addressFault(uri: string, rules: AddressRules): AddressFault | undefined {
  if (uri.length > LONGEST) return { code: 'too_long' };
  // Read by browsers as something else: a backslash is a slash, a tab is nothing.
  if (/[^\x21-\x7e]|[\\"<>^`{|}]/.test(uri)) return { code: 'odd_characters' };
  const url = URL.parse(uri);
  if (!url) return { code: 'not_a_url' };
  if (uri.includes('#')) return { code: 'fragment' };
  if (uri.includes('*')) return { code: 'wildcard' };
  const isOfTheWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isOfTheWeb ? webFault(uri, url, rules) : schemeFault(uri, url, rules);
}

function webFault(uri: string, url: URL, rules: AddressRules): AddressFault | undefined {
  if (url.username || url.password || hasUserInfo(uri)) return { code: 'user_info' };
  // «https:///a.test» and «https://0x7f.1» are read as other hosts than they name, though not by everybody.
  const plain = `${url.protocol}//${url.hostname}`;
  const rest = uri.slice(plain.length);
  if (!uri.toLowerCase().startsWith(plain) || !/^(:\d+)?([/?]|$)/.test(rest)) {
    return { code: 'odd_spelling', expected: plain };
  }
  if (hasDotSegments(rest)) return { code: 'dot_segments' };
  if (isLoopback(url.hostname)) return loopbackFault(url, rules);
  if (url.protocol !== 'https:') return { code: 'not_https' };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!rules.intranet && isIP(host) !== 0) return { code: 'address_literal' };
  if (!rules.intranet && !/\.[^.]+$/.test(host)) return { code: 'host_without_domain' };
  const site = rules.site === undefined ? undefined : URL.parse(rules.site)?.hostname;
  const isAtHome = site === undefined || url.hostname === site || url.hostname.endsWith(`.${site}`);
  return isAtHome ? undefined : { code: 'foreign_host', ...(site !== undefined && { expected: site }) };
}

/** RFC 8252 §7.3: an app listens on its own device. The port is its business. */
function loopbackFault({ protocol }: URL, rules: AddressRules): AddressFault | undefined {
  const { use, native, sandbox, intranet } = rules;
  if (sandbox || (native && OPENED_BY_PEOPLE.has(use))) return undefined;
  if (intranet && protocol === 'https:') return undefined;
  return { code: protocol === 'https:' ? 'address_literal' : 'not_https' };
}

/** RFC 8252 §7.1: a domain name read backwards, so that two authors do not choose the same. */
function schemeFault(
  uri: string,
  { protocol }: URL,
  { use, native }: AddressRules,
): AddressFault | undefined {
  if (FORBIDDEN_SCHEMES.has(protocol)) return { code: 'scheme_forbidden' };
  if (!native || !OPENED_BY_PEOPLE.has(use)) return { code: 'not_https' };
  if (!/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:$/.test(protocol)) return { code: 'scheme_without_dot' };
  if (!uri.startsWith(protocol)) return { code: 'odd_spelling', expected: protocol };
  return hasDotSegments(uri.slice(protocol.length)) ? { code: 'dot_segments' } : undefined;
}

/** Also an empty one, which the parser forgets. Each character is looked at once: an address may be anybody's. */
function hasUserInfo(uri: string): boolean {
  const [authority = ''] = uri.replace(/^[a-z]+:\/*/i, '').split(/[/?#]/, 1);
  return authority.includes('@');
}

const hasDotSegments = (rest: string): boolean => /\/(\.|%2e){1,2}(\/|$)/i.test(rest.split('?', 1)[0] ?? '');
