/** A whole gateway between both simulators, with people who have linked their ways already (M-13 ESIA, M-33 РСАА). */
import type { EsiaSettings } from '../../../adapters/upstream/upstream.ts';
import { seedLinks } from '../../../sandbox/people/people.ts';
import { type RsaaSimulator, startRsaaSimulator } from '../../../sandbox/rsaa/simulator.ts';
import { type OpenHouse, openHouse } from '../house.ts';
import { freePort } from '../services/free-port.ts';
import { testStores } from '../stores.ts';
import { type EsiaScene, esiaScene, esiaVisitor } from './esia-scene.ts';
import { rsaaVisitor } from './rsaa-scene.ts';

const RSAA_CLIENT = { client_id: 'union-id', client_secret: 'a secret of the sandbox, long enough' };

export type Federation = {
  readonly open: OpenHouse;
  readonly esia: EsiaScene;
  readonly rsaa: RsaaSimulator;
  /** Through its pages, as somebody whose account is linked; where the browser is sent in the end. */
  signInAt(upstream: 'esia' | 'rsaa', authorize: URL): Promise<URL>;
  close(): Promise<void>;
};

export type FederationOptions = {
  /** Of each single call to an upstream. */
  readonly timeoutMilliseconds?: number;
  readonly esia?: Partial<EsiaSettings>;
};

export async function openFederation({
  timeoutMilliseconds = 2_000,
  esia: change = {},
}: FederationOptions = {}): Promise<Federation> {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const esia = await esiaScene({ system: { redirect_domains: ['localhost'] } });
  const rsaa = await startRsaaSimulator({
    port: 0,
    clients: [{ ...RSAA_CLIENT, redirect_uris: [`${issuer}/callback/rsaa`] }],
  });
  const upstreams = [
    { ...esia.settings, ...change, timeoutMilliseconds },
    {
      kind: 'oidc',
      id: 'rsaa',
      name: { ru: 'РСАА', en: 'RSAA' },
      issuer: rsaa.issuer,
      clientId: RSAA_CLIENT.client_id,
      clientSecret: RSAA_CLIENT.client_secret,
      timeoutMilliseconds,
    },
  ];
  const open = await openHouse({
    ...(await testStores()),
    ISSUER: issuer,
    PORT: String(port),
    UPSTREAMS: JSON.stringify(upstreams),
  });
  await seedLinks(open.house.stores.database, {
    esiaIssuer: esia.settings.issuer,
    rsaaIssuer: rsaa.issuer,
  });
  return {
    ...{ open, esia, rsaa },
    signInAt: (upstream, authorize) =>
      upstream === 'esia'
        ? esiaVisitor(esia.simulator.url).signIn(authorize, 'orlova@example.test')
        : rsaaVisitor(rsaa).signIn(authorize, 'fomina_rk'),
    async close() {
      await open.close();
      await Promise.all([esia.close(), rsaa.close()]);
    },
  };
}
