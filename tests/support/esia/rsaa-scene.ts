/** The gateway as a client of the РСАА simulator, and a visitor who goes through its pages. */
import type { OidcSettings } from '../../../adapters/upstream/upstream.ts';
import { type RsaaSimulator, startRsaaSimulator } from '../../../sandbox/rsaa/simulator.ts';

export const RSAA_REDIRECT_URI = new URL('https://id.example.test/callback/rsaa');
const CLIENT = {
  client_id: 'union-id',
  client_secret: 'a secret of the sandbox, long enough',
  redirect_uris: [RSAA_REDIRECT_URI.href],
  post_logout_redirect_uris: ['https://id.example.test/goodbye'],
};

export async function rsaaScene(
  smtpUrl?: string,
): Promise<{ simulator: RsaaSimulator; settings: OidcSettings & { kind: 'oidc' } }> {
  const simulator = await startRsaaSimulator({
    port: 0,
    clients: [CLIENT],
    ...(smtpUrl !== undefined && { smtpUrl }),
  });
  return {
    simulator,
    settings: {
      kind: 'oidc',
      id: 'rsaa',
      issuer: simulator.issuer,
      clientId: CLIENT.client_id,
      clientSecret: CLIENT.client_secret,
      scope: ['openid', 'profile', 'email', 'groups'],
      claims: {},
      timeoutMilliseconds: 1_000,
    },
  };
}

export function rsaaVisitor({ url, password }: RsaaSimulator) {
  async function answer(authorize: URL, form: Record<string, string>): Promise<URL> {
    const cookies = new Map<string, string>();
    const go = async (address: URL, body?: Record<string, string>): Promise<{ at: URL; status: number }> => {
      const response = await fetch(address, {
        method: body ? 'POST' : 'GET',
        headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
        ...(body && { body: new URLSearchParams(body) }),
        redirect: 'manual',
      });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const equals = pair.indexOf('=');
        cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
      }
      const target = response.headers.get('location');
      if (target === null) return { at: address, status: response.status };
      const at = new URL(target, url);
      return at.origin === url ? go(at) : { at, status: response.status };
    };
    const page = await go(authorize);
    return (await go(page.at, form)).at;
  }
  return {
    signIn: (authorize: URL, login: string, typed = password) =>
      answer(authorize, { action: 'enter', login, password: typed }),
    cancel: (authorize: URL) => answer(authorize, { action: 'cancel' }),
  };
}
