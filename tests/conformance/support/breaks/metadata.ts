/** A server with wrong metadata or registrations, or whose sessions do not end. */
import { broken, changeJson, changingJson, crooked } from '../crooked.ts';
import type { Broken } from '../run-plan.ts';

const DISCOVERY = '/.well-known/openid-configuration';
export const metadata = (by: string, change: (body: Record<string, unknown>) => void): Broken =>
  broken(
    by,
    changingJson(DISCOVERY, (body) => void change(body)),
  );
export const privateKeysInSet = broken(
  'a private key is published',
  changingJson('/jwks', ({ keys }) => ({
    keys: (keys as object[]).map((key) => ({ ...key, d: 'x' })),
  })),
);
export const noKeys = broken(
  'no keys are published',
  changingJson('/jwks', () => ({ keys: [] })),
);

export const sessionsGoOn = broken(
  'the session goes on after the sign-out',
  crooked(() => ({
    asks({ path, form }) {
      if (path === '/session/end/confirm') form.delete('logout');
    },
  })),
);
/** A client that is named is believed. */
export const unverifiedSignOut = broken('whoever names an address is sent there', (server) =>
  crooked(() => ({
    asks({ path, query }) {
      if (path !== '/session/end') return;
      query.delete('id_token_hint');
      query.set('client_id', server.first.id);
    },
  }))(server),
);

const forgetting = (by: string, method: string): Broken =>
  broken(
    by,
    crooked(() => ({
      answers: (answer, asked) =>
        asked.path.startsWith('/reg') && asked.method === method
          ? changeJson(answer, (body) => void delete body.initiate_login_uri)
          : answer,
    })),
  );
export const unansweredInitiateLoginUri = forgetting('registration answers without it', 'POST');
export const lostInitiateLoginUri = forgetting('it is forgotten later', 'GET');
export const anyInitiateLoginUri = broken('http is taken for https', (server) => ({
  ...server,
  reach(input, init = {}) {
    const { body } = init;
    const changed = typeof body === 'string' ? { body: body.replace('"http://', '"https://') } : {};
    return server.reach(input, { ...init, ...changed });
  },
}));
