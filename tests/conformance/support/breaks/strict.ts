/** A server that is careless about pushed requests, PKCE, possession or assertions. */
import { createHash } from 'node:crypto';
import {
  type Asked,
  broken,
  changeJson,
  changingAnswers,
  changingClaims,
  crooked,
  jsonAnswer,
} from '../crooked.ts';
import type { Broken } from '../run-plan.ts';
import type { Client, Server } from '../server.ts';
import { holder, proof } from '../strict-flow.ts';
import { assertionFields, assertionOf } from '../token-endpoint.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** From now on the request is the client's, proved by its own key. */
async function authenticate(
  { form }: Asked,
  { id, authentication }: Client,
  { issuer }: Server,
): Promise<void> {
  if (authentication.by !== 'private_key_jwt') throw new TypeError(`${id} has no key`);
  const assertion = await assertionOf(authentication, id, issuer);
  const fields = { client_id: id, ...assertionFields(assertion) };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
}

const isBackChannel = ({ path, method }: Asked): boolean =>
  method === 'POST' && (path === '/request' || path === '/token');

export const anyAssertion = broken(
  'client assertions are not looked at',
  crooked(() => ({
    async asks(asked, server) {
      if (isBackChannel(asked)) await authenticate(asked, server.strict, server);
      return undefined;
    },
  })),
);

const VERIFIER = 'v'.repeat(43);
export const anyVerifier = broken(
  'PKCE is not checked',
  crooked(() => ({
    asks({ path, form }) {
      if (path === '/request') {
        form.set('code_challenge', digest(VERIFIER));
        form.set('code_challenge_method', 'S256');
      }
      if (path === '/token' && form.has('code')) form.set('code_verifier', VERIFIER);
      return undefined;
    },
  })),
);

const own = await holder();
export const anyProof = broken(
  'possession is not proved',
  crooked(() => ({
    async asks({ path, form, headers, method }, { issuer }) {
      if (path === '/request') {
        headers.delete('dpop');
        form.delete('dpop_jkt');
      }
      if (path !== '/token' && path !== '/me') return undefined;
      const token = (headers.get('authorization') ?? '').replace(/^\w+ /, '');
      const ath = path === '/me' ? { ath: digest(token) } : {};
      headers.set('dpop', await proof(own, method, `${issuer}${path}`, ath));
      return undefined;
    },
  })),
);

/** A server that knows too little of DPoP. */
const refusesProofs = (by: string, isRefused: (claims: Record<string, number>) => boolean): Broken =>
  broken(
    by,
    crooked(() => ({
      asks({ headers }) {
        const [, payload = ''] = (headers.get('dpop') ?? '').split('.');
        if (payload === '') return undefined;
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, number>;
        return isRefused(claims) ? jsonAnswer(400, { error: 'invalid_dpop_proof' }) : undefined;
      },
    })),
  );
export const impatient = refusesProofs(
  'clocks must agree to the second',
  ({ iat = 0 }) => Math.abs(iat - Date.now() / 1_000) > 5,
);
export const refusesExp = refusesProofs('a proof with exp is refused', (claims) => 'exp' in claims);

export const refusesProofAtPush = broken(
  'a proof is refused where requests are pushed',
  crooked(() => ({
    asks: ({ path, headers }) =>
      path === '/request' && headers.has('dpop') ? jsonAnswer(400, { error: 'invalid_request' }) : undefined,
  })),
);

export const oneSpellingOfTheScheme = broken(
  'the scheme of a token has one spelling',
  crooked(() => ({
    asks: ({ path, headers }) =>
      path === '/me' && !(headers.get('authorization') ?? '').startsWith('DPoP ')
        ? jsonAnswer(401, {})
        : undefined,
  })),
);

/** Changes what is pushed. */
export const pushes = (by: string, change: (form: URLSearchParams, server: Server) => void): Broken =>
  broken(
    by,
    crooked(() => ({
      asks({ path, form }, server) {
        if (path === '/request') change(form, server);
        return undefined;
      },
    })),
  );

export const putIsPost = broken('PUT is taken for POST', (server) => ({
  ...server,
  reach: (input, init = {}) =>
    server.reach(input, init.method === 'PUT' ? { ...init, method: 'POST' } : init),
}));

/** Pushes anew what came to the authorization endpoint, with what `take` makes of it. */
const pushesAnew = (
  by: string,
  take: (query: URLSearchParams, pushed: URLSearchParams | undefined) => URLSearchParams | undefined,
): Broken =>
  broken(
    by,
    crooked(() => {
      const known = new Map<string, URLSearchParams>();
      return {
        async asks({ path, query, form }, server) {
          if (path !== '/auth') return undefined;
          const pushed = known.get(query.get('request_uri') ?? '');
          const request = take(query, pushed);
          if (!request) return undefined;
          const asked = { form: new URLSearchParams(request) } as Asked;
          await authenticate(asked, server.strict, server);
          const headers = { 'content-type': 'application/x-www-form-urlencoded' };
          const init = { method: 'POST', headers, body: String(asked.form) };
          const answer = (await (await server.reach(`${server.issuer}/request`, init)).json()) as object;
          const { request_uri } = answer as { request_uri: string };
          for (const name of [...query.keys()]) query.delete(name);
          query.set('client_id', server.strict.id);
          query.set('request_uri', request_uri);
          form.delete('request_uri');
          return undefined;
        },
        answers(answer, { path, form }) {
          if (path !== '/request') return answer;
          return changeJson(answer, ({ request_uri }) => void known.set(String(request_uri), form));
        },
      };
    }),
  );

export const requestUrisForEver = pushesAnew('a request_uri is good for ever', (_query, pushed) => pushed);
export const unpushed = pushesAnew('requests need not be pushed', (query, pushed) =>
  pushed ? undefined : query,
);
export const outsideCounts = pushesAnew('what stands beside request_uri counts', (query, pushed) => {
  if (!pushed) return undefined;
  const merged = new URLSearchParams(pushed);
  for (const [name, value] of query) if (name !== 'request_uri') merged.set(name, value);
  return merged;
});

export const oneVisit = broken(
  'a request_uri is used up by a look',
  crooked(() => {
    const seen = new Set<string>();
    return {
      asks({ path, query }) {
        const uri = path === '/auth' ? query.get('request_uri') : null;
        if (uri === null) return undefined;
        if (seen.has(uri)) return new Response('', { status: 400, headers: { 'content-type': 'text/html' } });
        seen.add(uri);
        return undefined;
      },
    };
  }),
);

export const saidTwice = broken(
  'a parameter must be said outside, too',
  crooked(() => ({
    asks: ({ path, query }) =>
      path === '/auth' && query.has('request_uri') && !query.has('response_type')
        ? new Response('', { status: 400, headers: { 'content-type': 'text/html' } })
        : undefined,
  })),
);

export const clockStandsStill = broken('nothing ever expires', (server) => ({ ...server, later: () => {} }));

export const shortState = broken(
  'a long state is cut',
  changingAnswers((answer) => answer.set('state', (answer.get('state') ?? '').slice(0, 255))),
);
export const shortNonce = broken(
  'a long nonce is cut',
  changingClaims((token) => {
    token.nonce = String(token.nonce).slice(0, 32);
  }),
);
export const anotherError = broken(
  'a refusal is told as a fault',
  changingAnswers((answer) => answer.set('error', 'server_error')),
);
