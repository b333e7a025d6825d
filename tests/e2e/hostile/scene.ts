/** A house with a crowd and the relying parties that an attacker would look for. */
import { addressOf, gather } from '../../support/crowd.ts';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { patient } from '../../support/reach.ts';
import { type RelyingParty, relyingParty, type Started } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { fillIn, toSignIn } from '../../support/walks.ts';

export const REDIRECT_URI = 'https://portal.example.test/callback';
export const THIEF_URI = 'https://thief.example.test/callback';
const SECRET = 'a secret of the portal, long enough';
export const THIEF_SECRET = 'a secret of the thief, long enough';

const reach = patient(fetch);

const CLIENTS = [
  /** One of ours: a secret, refresh tokens, no consent page. */
  {
    client_id: 'portal',
    client_name: 'Портал',
    client_secret: SECRET,
    first_party: true,
    redirect_uris: [REDIRECT_URI],
    post_logout_redirect_uris: ['https://portal.example.test/'],
    scope: 'openid profile email offline_access',
  },
  /** A third party that has registered properly and is up to no good. */
  {
    client_id: 'thief',
    client_name: 'Вор',
    client_secret: THIEF_SECRET,
    redirect_uris: [THIEF_URI],
    post_logout_redirect_uris: ['https://thief.example.test/'],
    scope: 'openid',
  },
  /** In a browser: no secret. */
  {
    client_id: 'single-page',
    token_endpoint_auth_method: 'none',
    first_party: true,
    redirect_uris: ['https://single.example.test/callback'],
    scope: 'openid',
  },
  /** On a desk: a loopback address of whatever port. */
  {
    client_id: 'desktop',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    first_party: true,
    redirect_uris: ['http://127.0.0.1/callback', 'ru.example.desktop:/callback'],
    scope: 'openid',
  },
  /** Too old for PKCE. */
  {
    client_id: 'old',
    client_secret: SECRET,
    first_party: true,
    require_pkce: false,
    grant_types: ['authorization_code'],
    redirect_uris: ['https://old.example.test/callback'],
    scope: 'openid',
  },
];

export const basic = (clientId: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${btoa(`${clientId}:${encodeURIComponent(secret).replaceAll('%20', '+')}`)}`,
});
export const asPortal = basic('portal', SECRET);
export const asThief = basic('thief', THIEF_SECRET);
export const asOld = basic('old', SECRET);

type Arrival = {
  readonly person: Visitor;
  readonly started: Started;
  readonly page: Page;
  readonly code: string;
  /** Address the browser was sent to. */
  readonly callback: URL;
};

export type Scene = {
  readonly open: OpenHouse;
  readonly issuer: string;
  readonly port: number;
  readonly portal: RelyingParty;
  /** A form posted by a program. */
  post(
    path: string,
    fields: Record<string, string> | URLSearchParams,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** The person of that number at the portal, with a code in hand. */
  arrive(number: number, parameters?: Record<string, string>): Promise<Arrival>;
  redeem(
    arrival: Arrival,
    changes?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Response>;
  tokensOf(number: number, parameters?: Record<string, string>): Promise<Tokens>;
  close(): Promise<void>;
};

export type Tokens = {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly expires_in: number;
};

export async function scene(environment: Record<string, string> = {}, size = 8): Promise<Scene> {
  const open = await openHouse({ ...(await testStores()), ...environment }, false);
  await gather(open.house.stores.database, open.house.hasher, size);
  for (const client of CLIENTS) await open.house.clients.save(client, 'test');
  const { issuer } = open;
  const portal = await relyingParty({
    issuer,
    clientId: 'portal',
    secret: SECRET,
    redirectUri: REDIRECT_URI,
  });

  const post: Scene['post'] = (path, fields, headers = {}) =>
    reach(`${issuer}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
      redirect: 'manual',
    });
  const arrive: Scene['arrive'] = async (number, parameters) => {
    const person = visitor({}, reach);
    const { started, page } = await toSignIn(person, portal, parameters);
    const { url } = await fillIn(person, portal, page, { identifier: addressOf(number) });
    return { person, started, page, code: url.searchParams.get('code') ?? '', callback: url };
  };
  const redeem: Scene['redeem'] = ({ code, started }, changes = {}, headers = asPortal) =>
    post(
      '/token',
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
        code_verifier: String(started.checks.pkceCodeVerifier),
        ...changes,
      },
      headers,
    );
  return {
    open,
    issuer,
    port: Number(new URL(issuer).port),
    portal,
    post,
    arrive,
    redeem,
    tokensOf: async (number, parameters) =>
      (await (await redeem(await arrive(number, parameters))).json()) as Tokens,
    close: () => open.close(),
  };
}

/** `error` of an OAuth answer; undefined when there is none. */
export async function errorOf(answer: Response): Promise<string | undefined> {
  const body = await answer.json().catch(() => ({}));
  return (body as { error?: string }).error;
}
