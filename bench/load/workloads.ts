/** What is measured: each workload prepares a virtual client, then repeats one operation and checks every answer. */
import { randomInt } from 'node:crypto';
import { person } from '../people.ts';
import { openBrowser } from './browser.ts';
import { expect, expectJson } from './expect.ts';
import { checkIdToken } from './id-token.ts';
import { fetchUserinfo, signIn, signInSilently, type Tokens } from './sign-in.ts';
import { discover, type Site } from './site.ts';
import { requestAs, requestToken } from './token-request.ts';

export type Operation = () => Promise<unknown>;

export type Workload = {
  readonly title: string;
  /** Before the clock starts: a virtual client with all it needs to repeat the operation. */
  prepare(site: Site): Promise<Operation>;
};

export type WorkloadName = keyof typeof WORKLOADS;

export const WORKLOADS = {
  'sign-in': {
    title: 'W1 sign-in by password',
    async prepare(site) {
      return () =>
        signIn(site, openBrowser(site.connection, site.issuer), site.clients.portal, somebody(site));
    },
  },
  silent: {
    title: 'W2 silent sign-in',
    async prepare(site) {
      const { browser } = await signedIn(site);
      return () => signInSilently(site, browser, site.clients.service);
    },
  },
  refresh: {
    title: 'refresh with rotation',
    async prepare(site) {
      const { service } = site.clients;
      const { tokens } = await signedIn(site);
      let refreshToken = tokens.refreshToken ?? '';
      return async () => {
        const fresh = await requestToken(site, service, {
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
        });
        expect(typeof fresh.refresh_token === 'string', 'refresh: no new refresh token');
        expect(fresh.refresh_token !== refreshToken, 'refresh: the token was not rotated');
        const audience = service.metadata.client_id;
        const subject = checkIdToken(fresh.id_token, site.keys, { issuer: site.issuer, audience });
        expect(subject === tokens.subject, `refresh: sub ${subject}`);
        refreshToken = fresh.refresh_token;
      };
    },
  },
  'client-credentials': {
    title: 'client credentials',
    async prepare(site) {
      let last: unknown;
      return async () => {
        const { access_token } = await requestToken(site, site.clients.service, {
          grant_type: 'client_credentials',
        });
        expect(access_token !== last, 'client credentials: the same token twice');
        last = access_token;
      };
    },
  },
  introspection: {
    title: 'introspection',
    async prepare(site) {
      const { service } = site.clients;
      const { tokens } = await signedIn(site);
      const form = { token: tokens.accessToken, token_type_hint: 'access_token' };
      return async () => {
        const answer = await requestAs(site, service, site.paths.introspection, form);
        const { active, client_id, exp, sub } = expectJson(answer, 'introspection');
        expect(active === true, 'introspection: not active');
        expect(client_id === service.metadata.client_id, `introspection: client_id ${client_id}`);
        expect(sub === tokens.subject, `introspection: sub ${sub}`);
        expect(Number(exp) > Date.now() / 1_000, `introspection: exp ${exp}`);
      };
    },
  },
  userinfo: {
    title: 'userinfo',
    async prepare(site) {
      const { tokens } = await signedIn(site);
      return () => fetchUserinfo(site, tokens);
    },
  },
  discovery: {
    title: 'discovery',
    async prepare(site) {
      return async () => {
        const { issuer, token_endpoint } = await discover(site);
        expect(issuer === site.issuer, `discovery: issuer ${issuer}`);
        expect(token_endpoint === site.issuer + site.paths.token, `discovery: ${token_endpoint}`);
      };
    },
  },
} as const satisfies Record<string, Workload>;

const somebody = ({ people }: Site) => person(randomInt(people));

async function signedIn(site: Site) {
  const browser = openBrowser(site.connection, site.issuer);
  const tokens: Tokens = await signIn(site, browser, site.clients.service, somebody(site));
  return { browser, tokens };
}
