/** The management API as «Для разработчиков» calls it, with tokens of whomever a test needs. */
import { randomUUID } from 'node:crypto';
import type { OpenHouse } from './house.ts';
import { keepSecrets } from './run-log.ts';

const DEVELOPERS = 'developers';
export const DEVELOPERS_SECRET = 'a secret of the developer pages, long enough';
export const DEVELOPERS_CALLBACK = 'http://127.0.0.1:16/callback';
const API_SCOPE = 'integrations:read integrations:write';

export async function registerDevelopers(open: OpenHouse): Promise<void> {
  await open.house.clients.save(
    {
      client_id: DEVELOPERS,
      client_name: 'Для разработчиков',
      client_secret: DEVELOPERS_SECRET,
      first_party: true,
      redirect_uris: [DEVELOPERS_CALLBACK],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid offline_access',
    },
    'test',
  );
}

export async function accountOf(open: OpenHouse, email: string): Promise<string> {
  const [row] = await open.house.stores.database.query<{ account_id: string }>(
    "select account_id from identifier where kind = 'email' and value = $1",
    [email],
  );
  if (!row) throw new Error(`nobody has ${email}`);
  return row.account_id;
}

/** As the sign-in would issue it; the walk through the pages is a test of its own. */
export async function tokenFor(
  open: OpenHouse,
  accountId: string,
  scope = API_SCOPE,
  bound: { readonly jkt?: string; readonly 'x5t#S256'?: string } = {},
): Promise<string> {
  const provider = open.house.gateway.provider();
  const resource = `${open.issuer}/api`;
  const grant = new provider.Grant({ accountId, clientId: DEVELOPERS });
  grant.addResourceScope(resource, scope);
  const grantId = await grant.save();
  const client = await provider.Client.find(DEVELOPERS);
  if (!client) throw new Error('the developer pages are not registered');
  const token = new provider.AccessToken({
    ...{ accountId, client, grantId, scope, gty: 'authorization_code', aud: resource },
    ...bound,
    resourceServer: new provider.ResourceServer(resource, {
      ...{ scope, audience: resource, accessTokenFormat: 'opaque' },
    }),
  } as never);
  const value = await token.save();
  keepSecrets(value);
  return value;
}

export type ApiAnswer = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks where it likes
  readonly body: any;
};

export type ApiCall = {
  readonly body?: unknown;
  /** Absent: a fresh one for each POST. */
  readonly key?: string;
  readonly ifMatch?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Api = (method: string, path: string, call?: ApiCall) => Promise<ApiAnswer>;

export function apiWith(open: OpenHouse, token: string | undefined): Api {
  return async (method, path, { body, key, ifMatch, headers = {} } = {}) => {
    const answer = await fetch(`${open.issuer}/api/v1${path}`, {
      method,
      headers: {
        accept: 'application/json',
        'accept-language': 'ru',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(method === 'POST' && { 'idempotency-key': key ?? randomUUID() }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  };
}

export const webApplication = (name: string) => ({
  ...{ name, kind: 'web', site: 'https://quiz.example.ru', authentication: 'secret' },
  redirect_uris: ['https://quiz.example.ru/callback'],
});
