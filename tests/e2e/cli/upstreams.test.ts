/** An operator's switch, and a gateway that starts although the others are away, but not with a signer that never can. */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { issueCertificate } from '../../../sandbox/esia/issue-certificate.ts';
import { folderWith } from '../../support/esia/esia-scene.ts';
import { startGateway } from '../../support/gateway-process.ts';
import { sharedSecrets } from '../../support/house.ts';
import { freePort } from '../../support/services/free-port.ts';
import { createDatabase } from '../../support/services/given.ts';
import { configured, type Environment, outcomeOf, unionId } from './union-id.ts';

const MAIN = new URL('../../../provider/main.ts', import.meta.url).pathname;
const NOBODY = 'http://localhost:1';
const certificate = () => issueCertificate({ commonName: 'Union ID', kind: 'gost' });

let environment: Environment;
let folder: string;
let database: pg.Client;
let drop: () => Promise<void>;

const upstreams = (change: object = {}) =>
  JSON.stringify([
    {
      kind: 'esia',
      id: 'esia',
      url: NOBODY,
      issuer: `${NOBODY}/`,
      clientId: 'UNIONID',
      authorityKeys: folder,
      signer: { kind: 'js', folder },
      ...change,
    },
    {
      kind: 'oidc',
      id: 'rsaa',
      name: { ru: 'РСАА', en: 'RSAA' },
      issuer: NOBODY,
      clientId: 'union-id',
      clientSecret: 'secret',
    },
  ]);

beforeAll(async () => {
  folder = folderWith({ ours: certificate() });
  const created = await createDatabase();
  drop = created.drop;
  database = new pg.Client(created.url);
  await database.connect();
  environment = configured({ DATABASE_URL: created.url, SANDBOX: 'on', UPSTREAMS: upstreams() });
  expect((await unionId(environment, 'migrate')).code).toBe(0);
});
afterAll(async () => {
  await database.end();
  await drop();
  await rm(folder, { recursive: true });
});

const list = async () => JSON.parse((await unionId(environment, 'upstreams', 'list', '--json')).out);

test('turned off and on again, for good, and written down', async () => {
  expect(await list()).toEqual([
    { id: 'esia', kind: 'esia', name: 'Госуслуги', switch: 'on', answers: 'no: ECONNREFUSED' },
    { id: 'rsaa', kind: 'oidc', name: 'РСАА', switch: 'on', answers: 'no: ECONNREFUSED' },
  ]);
  expect(await unionId(environment, 'upstreams', 'off', 'esia')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^esia: offered no more within five seconds/),
  });
  expect(await list()).toMatchObject([
    { id: 'esia', switch: 'off', since: expect.any(String) },
    { id: 'rsaa', switch: 'on' },
  ]);
  const table = await unionId(environment, 'upstreams', 'list', '--offline');
  expect(table.out).toMatch(/^esia +esia +Госуслуги +off +\d{4}-.*not asked$/m);
  expect((await unionId(environment, 'upstreams', 'on', 'esia')).code).toBe(0);
  expect(await list()).toMatchObject([{ switch: 'on' }, { switch: 'on' }]);
  const { rows } = await database.query(
    "select actor, detail from audit where event = 'upstream_switch' order by 1, at",
  );
  expect(rows).toEqual([
    { actor: 'operator', detail: { upstream: 'esia', on: false } },
    { actor: 'operator', detail: { upstream: 'esia', on: true } },
  ]);
});

test('what is not configured cannot be turned', async () => {
  expect(await unionId(environment, 'upstreams', 'off', 'other')).toMatchObject({
    code: 1,
    err: expect.stringContaining('UPSTREAMS names no «other», but esia, rsaa.'),
  });
});

const gateway = async (change: object) => ({
  ...sharedSecrets,
  DATABASE_URL: environment.DATABASE_URL ?? '',
  UPSTREAMS: upstreams(change),
  ISSUER: `http://localhost:${await freePort()}`,
});

test.each([
  ['no certificate', () => folderWith({}), /holds no certificate/],
  [
    "another certificate's key",
    () => folderWith({ ours: { ...certificate(), keyPem: certificate().keyPem } }),
    /The key is not that of the certificate/,
  ],
])('%s: the gateway says so and ends with 78', async (_what, made, sentence) => {
  const env = {
    PATH: process.env.PATH,
    SANDBOX: 'on',
    METRICS_PORT: '0',
    ...(await gateway({ signer: { kind: 'js', folder: made() } })),
  };
  const { code, err } = await outcomeOf(spawn(process.execPath, [MAIN], { env, stdio: 'pipe' }));
  expect(code).toBe(78);
  expect(err).toMatch(/^Union ID cannot start\. Please correct the configuration:/);
  expect(err).toContain('UPSTREAMS: esia: ');
  expect(err).toMatch(sentence);
});

test('nobody there, and nobody to sign: the gateway starts, and says so', async () => {
  const absent = ['/bin/sh', '-c', 'exit 75'];
  const running = await startGateway(await gateway({ signer: { kind: 'command', folder, command: absent } }));
  await expect.poll(() => running.output(), { timeout: 10_000 }).toContain('upstream_fault');
  expect(running.output()).toContain('nothing can be signed for an upstream just now');
  expect(await running.terminate()).toBe(0);
});
