/**
 * Plays one case at an application, as the browser of a person would: begins its sign-in, gives it the answer, looks
 * where that leads. Every case has cookies of its own, and nothing but status and path of a page is kept.
 */
import { CookieJar } from 'tough-cookie';
import type { RehearsalCase } from './rehearsal-cases.ts';
import type { AskedFor, Rehearsal, Rehearsals } from './rehearsals.ts';
import type { Performance, PlayFault } from './verdict.ts';

const STEPS_AT_MOST = 8;

export type Visit = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A form, posted. */
  readonly form?: URLSearchParams;
};
export type Visited = {
  readonly status: number;
  readonly location?: string;
  readonly cookies: readonly string[];
};
/** Goes to one address and follows nothing. Rejects when there is no answer, or the address is out of bounds. */
export type Visitor = (visit: Visit) => Promise<Visited>;

export type PlayNeeds = { readonly rehearsals: Rehearsals; readonly visit: Visitor };

export async function play(
  { rehearsals, visit }: PlayNeeds,
  rehearsal: Rehearsal,
  redirectUris: readonly string[],
  name: RehearsalCase,
): Promise<Performance> {
  const browser = browse(visit, `${rehearsal.issuer}/auth`);
  const nothing = { sentNonce: false, look: [], status: 0, startedAgain: false };
  const untold = { case: name, ...nothing, redeemed: false, askedUserinfo: false };
  const failed = (fault: PlayFault): Performance => ({ ...untold, fault });
  try {
    const begun = await browser.go({ url: new URL(rehearsal.loginUri) });
    if (!begun.atIssuer) return failed('not_led_to_issuer');
    const request = begun.atIssuer;
    const redirectUri = request.get('redirect_uri') ?? '';
    if (!redirectUris.includes(redirectUri)) return failed('redirect_uri');
    if (request.get('response_type') !== 'code') return failed('response_type');
    const [challenge, nonce] = [request.get('code_challenge'), request.get('nonce')];
    const asked: AskedFor = {
      ...{ case: name, redirectUri },
      ...(challenge !== null && { challenge }),
      ...(nonce !== null && { nonce }),
    };
    const code = await rehearsals.issueCode(rehearsal.id, asked);
    const { look, status, atIssuer } = await browser.go(answerTo(request, rehearsal, name, code));
    return {
      ...{ case: name, sentNonce: nonce !== null, look, status, startedAgain: atIssuer !== undefined },
      ...(await rehearsals.tracesOf(code)),
    };
  } catch {
    return failed('unreachable');
  }
}

/** RFC 6749 §4.1.2, RFC 9207. */
function answerTo(
  request: URLSearchParams,
  { issuer }: Rehearsal,
  name: RehearsalCase,
  code: string,
): { url: URL; form?: URLSearchParams } {
  const state = request.get('state');
  const answer = new URLSearchParams(name === 'denied' ? { error: 'access_denied' } : { code });
  if (state !== null || name === 'state')
    answer.set('state', name === 'state' ? 'another-state' : `${state}`);
  answer.set('iss', name === 'iss_parameter' ? 'https://another-issuer.invalid' : issuer);
  const url = new URL(`${request.get('redirect_uri')}`);
  if (request.get('response_mode') === 'form_post') return { url, form: answer };
  for (const [key, value] of answer) url.searchParams.append(key, value);
  return { url };
}

type Walk = {
  readonly look: readonly string[];
  readonly status: number;
  /** Where the application sends the person to sign in, and what it asks for. */
  readonly atIssuer?: URLSearchParams;
};

function browse(visit: Visitor, issuer: string) {
  const jar = new CookieJar();

  return {
    async go(first: { readonly url: URL; readonly form?: URLSearchParams }): Promise<Walk> {
      const look: string[] = [];
      let next: { url: URL; form?: URLSearchParams } = first;
      let status = 0;
      for (let step = 0; step < STEPS_AT_MOST; step++) {
        const { url, form } = next;
        if (url.origin + url.pathname === issuer) return { look, status, atIssuer: url.searchParams };
        const cookie = await jar.getCookieString(url.href);
        const { location, cookies, ...seen } = await visit({
          url,
          headers: { accept: 'text/html', ...(cookie !== '' && { cookie }) },
          ...(form && { form }),
        });
        status = seen.status;
        look.push(`${status} ${url.pathname}`);
        for (const each of cookies) await jar.setCookie(each, url.href, { ignoreError: true });
        if (location === undefined || status < 300 || status > 399) break;
        next = { url: new URL(location, url) };
      }
      return { look, status };
    },
  };
}
