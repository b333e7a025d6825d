/** A whole gateway between both simulators, with people who have linked their ways already; M-13 has linked both. */
import type { Database } from '../../../adapters/database/database.ts';
import { postgresLinks } from '../../../adapters/link-store/postgres.ts';
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
  /** Through its pages, as M-13 unless it is said who; where the browser is sent in the end. */
  signInAt(upstream: 'esia' | 'rsaa', authorize: URL, login?: string): Promise<URL>;
  /** «Отмена» there. */
  cancelAt(upstream: 'esia' | 'rsaa', authorize: URL): Promise<URL>;
  close(): Promise<void>;
};

export type FederationOptions = {
  /** Of each single call to an upstream. */
  readonly timeoutMilliseconds?: number;
  readonly esia?: Partial<EsiaSettings>;
  readonly environment?: Readonly<Record<string, string>>;
};

export async function openFederation({
  timeoutMilliseconds = 2_000,
  esia: change = {},
  environment = {},
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
      registrationUrl: `${rsaa.url}/register`,
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
    ...environment,
  });
  const { database } = open.house.stores;
  await seedLinks(database, { esiaIssuer: esia.settings.issuer, rsaaIssuer: rsaa.issuer });
  await linkBoth(database, esia, rsaa);
  return {
    ...{ open, esia, rsaa },
    signInAt: (upstream, authorize, login) =>
      upstream === 'esia'
        ? esiaVisitor(esia.simulator.url).signIn(authorize, login ?? 'orlova@example.test')
        : rsaaVisitor(rsaa).signIn(authorize, login ?? 'orlova_is'),
    cancelAt: (upstream, authorize) =>
      upstream === 'esia'
        ? esiaVisitor(esia.simulator.url).cancel(authorize)
        : rsaaVisitor(rsaa).cancel(authorize),
    async close() {
      await open.close();
      await Promise.all([esia.close(), rsaa.close()]);
    },
  };
}

/** M-13 is the same person at both. */
async function linkBoth(database: Database, { simulator, settings }: EsiaScene, rsaa: RsaaSimulator) {
  const links = postgresLinks(database);
  const { oid } = simulator.scene.people.byId('M-13') ?? {};
  const person = rsaa.people.all().find(({ id }) => id === 'M-13');
  const owner = await links.ownerOf({ issuer: settings.issuer, subject: String(oid) });
  if (!owner || !person) throw new Error('M-13 is not where she should be');
  const key = { issuer: rsaa.issuer, subject: person.sub };
  await database.transaction((tx) => links.link(owner.accountId, 'rsaa', key, { confirmed: false }, tx));
}
