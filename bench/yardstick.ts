/**
 * The yardstick, a process of its own: the bare library with its in-memory store, the same clients, algorithm, claims,
 * subjects and lifetimes, an account that is always there, and the plainest sign-in page that can be.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type ClientMetadata, type Configuration } from 'oidc-provider';
import { CLAIMS_BY_SCOPE } from '../provider/oidc/claims.ts';
import { isOffline, lifetimes } from '../provider/oidc/lifetimes.ts';
import { pairwiseSubject } from '../provider/oidc/subject.ts';

const { issuer, clients } = JSON.parse(process.env.YARDSTICK ?? '') as {
  issuer: string;
  clients: ClientMetadata[];
};

const CLAIMS = {
  name: 'Нагрузкина Вера Ивановна',
  family_name: 'Нагрузкина',
  given_name: 'Вера',
  middle_name: 'Ивановна',
  locale: 'ru',
  updated_at: 1_700_000_000,
  email: 'member0@bench.example',
  email_verified: true,
};

async function signingKey(alg: string) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: alg };
}

const provider = new Provider(issuer, {
  clients,
  jwks: { keys: [await signingKey('RS256'), await signingKey('ES256')] } as NonNullable<
    Configuration['jwks']
  >,
  findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...CLAIMS }) }),
  claims: { ...CLAIMS_BY_SCOPE, openid: ['sub', 'acr', 'amr', 'auth_time'] } as never,
  subjectTypes: ['pairwise'],
  pairwiseIdentifier: pairwiseSubject(randomBytes(32)),
  ttl: lifetimes,
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  cookies: {
    keys: ['a key of the yardstick, and no other'],
    long: { signed: true },
    short: { signed: true },
  },
  responseTypes: ['code'],
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: async (_ctx, token) => !isOffline((token as { scope?: string }).scope),
  rotateRefreshToken: true,
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
  },
});

const answer = provider.callback();

/** GET shows a form, POST believes whoever it names. */
async function interaction(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid, params, grantId } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    const page = `<!doctype html><form action="/interaction/${uid}/password" method="post"></form>`;
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page);
    return;
  }
  const form = new URLSearchParams(Buffer.concat(await Array.fromAsync(request)).toString());
  const accountId = String(form.get('identifier'));
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId, clientId: String(params.client_id) });
  grant?.addOIDCScope(String(params.scope));
  const result = { login: { accountId }, consent: { grantId: (await grant?.save()) ?? '' } };
  await provider.interactionFinished(request, response, result);
}

const server = createServer((request, response) => {
  if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
  interaction(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
});
const { hostname, port } = new URL(issuer);
server.listen(Number(port), hostname);

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
