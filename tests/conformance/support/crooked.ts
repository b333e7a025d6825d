/**
 * A gateway gone wrong: stands between the suite and the gateway, and changes what is asked and what is answered. To
 * whoever is outside it is the server; what it signs is signed by a key that it publishes.
 */
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Break, Broken } from './run-plan.ts';
import type { Server } from './server.ts';

/** What was asked; changed in place. */
export type Asked = {
  readonly url: URL;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Empty for a request without a form. */
  form: URLSearchParams;
  method: string;
  readonly headers: Headers;
};

export type Crookedness = {
  /** An answer of its own, instead of the gateway's, or nothing. */
  readonly asks?: (asked: Asked, server: Server) => Response | undefined | Promise<Response | undefined>;
  readonly answers?: (answer: Response, asked: Asked, server: Server) => Response | Promise<Response>;
};

/** `begin`: what it remembers is of one run. */
export function crooked(begin: () => Crookedness): Break {
  return (server) => {
    const { asks, answers = (answer) => answer } = begin();
    return {
      ...server,
      async reach(input, init = {}) {
        const url = new URL(input);
        const asked: Asked = {
          url,
          path: url.pathname,
          query: url.searchParams,
          form: new URLSearchParams(init.body instanceof URLSearchParams ? init.body : ''),
          method: init.method ?? 'GET',
          headers: new Headers(init.headers),
        };
        const own = await asks?.(asked, server);
        if (own) return answers(own, asked, server);
        const { method, headers, form } = asked;
        const body = init.body instanceof URLSearchParams ? form : init.body;
        const answer = await server.reach(url, { ...init, method, headers, ...(body != null && { body }) });
        return answers(answer, asked, server);
      },
    };
  };
}

export const broken = (by: string, how: Break): Broken => ({ by, break: how });

/** The same answer with another body. */
function withBody(answer: Response, body: string): Response {
  const headers = new Headers(answer.headers);
  headers.delete('content-length');
  return new Response(body, { status: answer.status, headers });
}

export const jsonAnswer = (status: number, body: object): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

type Json = Record<string, unknown>;

/** Changes the JSON of an endpoint's good answers, in place or by what it returns. */
export async function changeJson(
  answer: Response,
  change: (body: Json) => Json | undefined | Promise<Json | undefined>,
): Promise<Response> {
  if (!answer.ok) return answer;
  const body = (await answer.json()) as Json;
  return withBody(answer, JSON.stringify((await change(body)) ?? body));
}

export const changingJson = (path: string, change: (body: Json) => Json | undefined): Break =>
  crooked(() => ({
    answers: (answer, asked) => (asked.path === path ? changeJson(answer, change) : answer),
  }));

/** Changes what comes back to a client by the browser, in an address or in a form that posts itself. */
export const changingAnswers = (change: (answer: URLSearchParams) => void): Break =>
  crooked(() => ({
    async answers(answer, { path }, { issuer }) {
      if (!path.startsWith('/auth') && !path.startsWith('/session/end')) return answer;
      const location = answer.headers.get('location');
      if (location !== null) {
        const to = new URL(location, issuer);
        if (to.origin === issuer) return answer;
        change(to.searchParams);
        const headers = new Headers(answer.headers);
        headers.set('location', to.href);
        return new Response(null, { status: answer.status, headers });
      }
      if (!answer.headers.get('content-security-policy')?.includes('sha256-')) return answer;
      const page = await answer.text();
      const field = /<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g;
      const fields = new URLSearchParams(
        [...page.matchAll(field)].map(([, name = '', value = '']): [string, string] => [name, value]),
      );
      change(fields);
      const inputs = [...fields].map(
        ([name, value]) => `<input type="hidden" name="${name}" value="${value}"/>`,
      );
      return withBody(answer, page.replaceAll(field, '').replace('</form>', `${inputs.join('')}</form>`));
    },
  }));

const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
const KID = 'crooked';
const published = { ...(await exportJWK(publicKey)), kid: KID, alg: 'RS256', use: 'sig' };
const unpublished = await generateKeyPair('RS256');

const signed = (claims: JWTPayload, typ: string | undefined, key = privateKey): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: KID, ...(typ !== undefined && { typ }) })
    .sign(key);

type ChangeClaims = (claims: JWTPayload, asked: Asked) => void;
type Signing = { readonly key?: 'published' | 'unpublished'; readonly change?: ChangeClaims };

/** Writes its ID tokens and logout tokens itself. Those it is given back it knows for its own. */
function signing({ key = 'published', change }: Signing): Break {
  const keyOf = key === 'published' ? privateKey : unpublished.privateKey;
  return (server) => {
    const genuine = new Map<string, string>();
    const reissue = crooked(() => ({
      asks({ query, form }) {
        for (const parameters of [query, form]) {
          const hint = genuine.get(parameters.get('id_token_hint') ?? '');
          if (hint !== undefined) parameters.set('id_token_hint', hint);
        }
      },
      answers(answer, asked) {
        if (asked.path === '/jwks') {
          return changeJson(answer, ({ keys }) => ({ keys: [...(keys as object[]), published] }));
        }
        if (asked.path !== '/token') return answer;
        return changeJson(answer, async (body) => {
          if (typeof body.id_token !== 'string') return undefined;
          const claims = decodeJwt(body.id_token);
          change?.(claims, asked);
          const forged = await signed(claims, undefined, keyOf);
          genuine.set(forged, body.id_token);
          return { ...body, id_token: forged };
        });
      },
    }))(server);
    return {
      ...reissue,
      async logoutToken() {
        const token = await server.logoutToken();
        const claims = decodeJwt(token);
        change?.(claims, { path: '/logout' } as Asked);
        return signed(claims, decodeProtectedHeader(token).typ, keyOf);
      },
    };
  };
}

export const changingClaims = (change: ChangeClaims): Break => signing({ change });
export const signingWithForeignKey: Break = signing({ key: 'unpublished' });
