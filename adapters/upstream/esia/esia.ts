/**
 * ЕСИА («Госуслуги») as an upstream. Written by hand: it is OpenID Connect in name only (no discovery, no JWKS, no nonce,
 * numeric `sub`), and a library for the real thing refuses its tokens.
 */
import type { Clock } from '../../clock.ts';
import { type KeyFolder, keyFolder } from '../../signer/key-folder.ts';
import type { Signer } from '../../signer/signer.ts';
import { type HttpClient, httpClient } from '../http-client.ts';
import { lookAtPage, lookAtService } from '../look-at.ts';
import {
  type EsiaSettings,
  type Json,
  type Probe,
  type Refusal,
  type RemoteSignOut,
  type Upstream,
  UpstreamFault,
} from '../upstream.ts';
import { judgeError } from './errors.ts';
import { fetchPerson } from './person.ts';
import { ENDPOINTS, esiaRequests } from './requests.ts';
import { isObject, type Payload, subjectOf, type TokenRules, verifyToken } from './tokens.ts';

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** The code is a signed token of some 1 400 characters. */
const LONGEST_CODE = 16_384;
/** Whose record a probe asks for, without a token. */
const NOBODY = '/rs/prns/0';

type Redeemed = { readonly tokens: Payload } | { readonly refused: Refusal };

/** Throws nothing at the start: whether ESIA is there, the first person finds out. */
export function esia(settings: EsiaSettings, signer: Signer, clock: Clock): Upstream & Probe & RemoteSignOut {
  const { id, url, issuer, clientId } = settings;
  const http = httpClient(settings);
  const requests = esiaRequests(settings, signer, clock);
  const authority = keyFolder(settings.authorityKeys);

  return {
    id,
    async begin({ redirectUri, state }) {
      if (!UUID_4.test(state)) throw new RangeError('ESIA takes only a UUID of version 4 as state');
      const address = await requests.authorization({ redirectUri: redirectUri.href, state });
      return { url: address, secret: { redirectUri: redirectUri.href } };
    },
    async complete(callback, state, secret) {
      const answer = readCallback(callback, state);
      if ('refused' in answer) return answer;
      const redeemed = await redeem(answer.code, redirectUriOf(secret));
      if ('refused' in redeemed) return redeemed;

      const { tokens } = redeemed;
      const rules = await rulesNow();
      const idToken = verifyToken(tokens.id_token, 'id', rules);
      const accessToken = verifyToken(tokens.access_token, 'access', rules);
      const subject = subjectOf(idToken, accessToken, clientId);
      if (!subject.isPerson) return { refused: 'not_a_person' };
      if (subject.isChild) return { refused: 'child' };

      const person = await fetchPerson(http, url, subject.oid, String(tokens.access_token));
      const { verifiedEmail, trusted } = person;
      const { oid, confirmed, method, authTime } = subject;
      return {
        issuer,
        subject: oid,
        claims: {
          ...person.claims,
          // The token must say so; the record may be silent about it, but not deny it.
          trusted: confirmed && trusted !== false,
          ...(method !== undefined && { amr: method }),
          ...(authTime !== undefined && { auth_time: authTime }),
        },
        ...(verifiedEmail !== undefined && { verifiedEmail }),
      };
    },
    async probe() {
      const { authorize, token } = ENDPOINTS[settings.protocol];
      await Promise.all([
        lookAtPage(http, new URL(authorize, url)),
        lookAtService(http, new URL(token, url)),
        lookAtService(http, new URL(NOBODY, url)),
      ]);
    },
    signOutUrl(returnTo) {
      const address = new URL('/idp/ext/Logout', url);
      address.search = new URLSearchParams({ client_id: clientId, redirect_url: returnTo.href }).toString();
      return address;
    },
  };

  async function redeem(code: string, redirectUri: string): Promise<Redeemed> {
    const { url: address, form, state } = await requests.token({ redirectUri, code });
    return readTokens(await postForm(http, address, form), state);
  }

  async function rulesNow(): Promise<TokenRules> {
    const certificates = await certificatesOf(authority);
    return { algorithms: settings.tokenAlgorithms, issuer, certificates, now: clock.now() };
  }
}

/** The code, if the answer is whole and belongs to this sign-in. Throws UpstreamFault for errors that are not the person's. */
export function readCallback(callback: URL, state: string): { code: string } | { refused: Refusal } {
  const values = (name: string) => callback.searchParams.getAll(name);
  const [states, codes, errors, descriptions] = [
    values('state'),
    values('code'),
    values('error'),
    values('error_description'),
  ];
  const [code] = codes;
  const [error] = errors;
  // Repeated, foreign, both an answer and a refusal, or neither: not what ESIA sends.
  const single = states.length === 1 && codes.length + errors.length === 1 && descriptions.length < 2;
  if (!single || states[0] !== state) return { refused: 'start_again' };
  if (error !== undefined) return judgeError(error, descriptions[0] ?? '', { isHearsay: true });
  return code && code.length <= LONGEST_CODE ? { code } : { refused: 'start_again' };
}

/** The token response, if it answers our request. Throws UpstreamFault for errors that are not the person's. */
export function readTokens({ status, body }: { status: number; body: string }, state: string): Redeemed {
  const content = objectIn(body);
  if (!content) throw new UpstreamFault('outage', `token_${status === 200 ? 'unreadable' : status}`);
  if (typeof content.error === 'string') {
    const { error, error_description: description } = content;
    return judgeError(error, typeof description === 'string' ? description : '');
  }
  if (status !== 200) throw new UpstreamFault('outage', `token_${status}`);
  if (content.state !== state) throw new UpstreamFault('untrusted', 'token_state');
  return { tokens: content };
}

export function postForm(http: HttpClient, url: URL, form: URLSearchParams) {
  return http(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
  });
}

async function certificatesOf(authority: KeyFolder) {
  const { pairs } = await authority.look().catch((error: Error) => {
    throw new UpstreamFault('ours', 'authority_keys', { advice: error.message });
  });
  return pairs.map(({ certificate }) => certificate);
}

function objectIn(body: string): Payload | undefined {
  try {
    const content: unknown = JSON.parse(body);
    return isObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function redirectUriOf(secret: Json): string {
  const value = isObject(secret) ? secret.redirectUri : undefined;
  if (typeof value === 'string') return value;
  throw new TypeError('not the secret of a sign-in at ESIA');
}
