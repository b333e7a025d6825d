/** What the checklist asks of the whole gateway as a client of ESIA: its states, its signer, its answers, its outages. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { postgresSwitches } from '../../../adapters/upstream-switch/postgres.ts';
import { attempts } from '../../../provider/upstreams/attempts.ts';
import { issueCertificate } from '../../../sandbox/esia/issue-certificate.ts';
import { seedLinks } from '../../../sandbox/people/people.ts';
import { esiaScene, esiaVisitor, folderWith } from '../../support/esia/esia-scene.ts';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { leave, through, toCallback } from '../../support/esia/through.ts';
import { openHouse } from '../../support/house.ts';
import { dictation } from '../../support/portals.ts';
import { fetchAt } from '../../support/reach.ts';
import type { RelyingParty } from '../../support/relying-party.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { fillIn, toSignIn } from '../../support/walks.ts';

const ORLOVA = 'orlova@example.test';
const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MSG_16 = /Госуслуги временно недоступны. Войдите по E-mail, номеру ЭПБ или через РСАА/;
/** A slow machine. */
const PATIENCE = { timeout: 15_000, interval: 100 };

const stateIn = ({ searchParams }: URL) => searchParams.get('state') ?? '';

describe('state', () => {
  test('no. 5: a fresh UUID of version 4 each time, kept for ten minutes', async () => {
    const kept = vi.fn();
    const storage = { upsert: kept } as unknown as ReturnType<Parameters<typeof attempts>[0]>;
    const owner = { kind: 'interaction', uid: 'u' } as const;
    await attempts(() => storage).put('esia', randomUUID(), { owner, secret: null, departedAt: 0 });
    expect(kept.mock.calls.map(([, , seconds]) => seconds)).toEqual([600, 600]);
  });

  test('no. 5: survives a restart, comes back to a second node, and counts once', async () => {
    const [port, second] = [await freePort(), await freePort()];
    const esia = await esiaScene({ system: { redirect_domains: ['localhost'] } });
    const environment = {
      ...(await testStores()),
      ISSUER: `http://localhost:${port}`,
      UPSTREAMS: JSON.stringify([{ ...esia.settings, timeoutMilliseconds: 4_000 }]),
    };
    const first = await openHouse({ ...environment, PORT: String(port) });
    await seedLinks(first.house.stores.database, {
      esiaIssuer: esia.settings.issuer,
      rsaaIssuer: 'http://rsaa.example.test',
    });
    const quiz = await dictation(first);
    let node = port;
    const person = visitor({}, (input, init) => fetchAt(node)(input, init));
    const { page } = await toSignIn(person, quiz);
    const away = await leave(person, page, 'esia');
    const again = await leave(person, page, 'esia');
    expect(stateIn(away)).toMatch(UUID_4);
    expect(stateIn(again)).toMatch(UUID_4);
    expect(stateIn(again)).not.toBe(stateIn(away));
    const signedIn = await esiaVisitor(esia.simulator.url).signIn(away, ORLOVA);

    await first.close();
    const other = await openHouse({ ...environment, PORT: String(second) }, false);
    node = second;
    const arrived = await person.follow(await person.request(signedIn), quiz.isCallback);
    expect(quiz.isCallback(arrived.url)).toBe(true);
    expect(arrived.url.searchParams.get('code')).not.toBeNull();
    expect((await person.request(signedIn)).status).toBe(410);
    await other.close();
    await esia.close();
  });
});

describe('between both upstreams', () => {
  let scene: Federation;
  let quiz: RelyingParty;
  beforeAll(async () => {
    scene = await openFederation();
    quiz = await dictation(scene.open);
  });
  afterAll(() => scene.close());
  beforeEach(() => void scene.esia.simulator.scene.faults.mend());

  const alertOn = (page: Page) => page.html.querySelector('[role=alert]')?.text ?? '';
  const subjectOf = async (page: Page, started: Awaited<ReturnType<RelyingParty['start']>>) => {
    expect(quiz.isCallback(page.url), `${page.url.pathname} ${page.status}`).toBe(true);
    return (await quiz.finish(page.url, started)).claims()?.sub;
  };

  test('no. 19: an answer twice, without a state, with a foreign one, with an error beside its code, or of 6 KB', async () => {
    const person = visitor();
    const { callback, page } = await toCallback(scene, person, quiz, 'esia', ORLOVA);
    const mangled = (change: (params: URLSearchParams) => void) => {
      const address = new URL(callback);
      change(address.searchParams);
      return address;
    };
    const long = `eyJ${'x'.repeat(6_144)}`;
    const asked = [
      mangled((params) => params.delete('state')),
      mangled((params) => params.set('state', randomUUID())),
      mangled((params) => params.set('error', 'access_denied')),
      callback,
      callback,
    ];
    const answers: Page[] = [];
    for (const address of asked)
      answers.push(await person.follow(await person.request(address), quiz.isCallback));
    const { page: next } = await toSignIn(visitor(), quiz);
    const other = visitor();
    const away = await leave(other, (await toSignIn(other, quiz)).page, 'esia');
    const wide = new URL(`?${new URLSearchParams({ code: long, state: stateIn(away) })}`, callback);
    answers.push(await other.follow(await other.request(wide), quiz.isCallback));
    for (const answer of answers) expect(answer.status).toBeLessThan(500);
    expect(next.status).toBe(200);
    expect(page.status).toBe(200);
    const log = scene.open.logged();
    expect(log).toContain('/callback/:');
    for (const secret of [
      callback.searchParams.get('code') ?? '',
      stateIn(callback),
      stateIn(away),
      long,
      'Орлова',
    ]) {
      expect(log).not.toContain(secret);
    }
  });

  describe('no. 23: with ESIA off, РСАА and the password reach the same account', () => {
    let usual: string | undefined;
    beforeAll(async () => {
      const { page, started } = await through(scene, visitor(), quiz, 'esia', ORLOVA);
      usual = await subjectOf(page, started);
    });

    /** Both other doors, from a page of the request that met the outage. */
    async function expectOtherDoors(
      open: () => Promise<{
        person: ReturnType<typeof visitor>;
        page: Page;
        started: Awaited<ReturnType<RelyingParty['start']>>;
      }>,
    ) {
      const one = await open();
      const callback = await scene.signInAt('rsaa', await leave(one.person, one.page, 'rsaa'), 'orlova_is');
      const arrived = await one.person.follow(await one.person.request(callback), quiz.isCallback);
      expect(await subjectOf(arrived, one.started)).toBe(usual);
      const two = await open();
      const typed = await fillIn(two.person, quiz, two.page, { identifier: ORLOVA });
      expect(await subjectOf(typed, two.started)).toBe(usual);
    }
    const fresh = async () => {
      const person = visitor();
      return { person, ...(await toSignIn(person, quiz)) };
    };

    test('no. 23: by the switch', async () => {
      const switches = postgresSwitches(scene.open.house.stores.database);
      await switches.turn('esia', { on: false, by: 'operator' });
      await expect.poll(async () => (await fresh()).page.body, PATIENCE).not.toContain('/upstream/esia');
      await expectOtherDoors(fresh);
      await switches.turn('esia', { on: true, by: 'operator' });
      await expect.poll(async () => (await fresh()).page.body, PATIENCE).toContain('/upstream/esia');
    });

    test('no. 23: by a browser that never returns', async () => {
      await expectOtherDoors(async () => {
        const { person, page, started } = await fresh();
        await leave(person, page, 'esia');
        const back = await person.open(page.url);
        expect(alertOn(back)).toMatch(MSG_16);
        return { person, page: back, started };
      });
    });

    test('no. 23: by the breaker', async () => {
      scene.esia.simulator.scene.faults.set({ tokens: 'foreign-key' });
      const failed = async () => {
        const { person, page, started } = await fresh();
        const callback = await scene.signInAt('esia', await leave(person, page, 'esia'), ORLOVA);
        const met = await person.follow(await person.request(callback), quiz.isCallback);
        expect(alertOn(met)).toMatch(MSG_16);
        return { person, page: met, started };
      };
      await expectOtherDoors(failed);
      await failed();
      const { person, page } = await fresh();
      await expect(leave(person, page, 'esia')).rejects.toThrow(/nobody is sent to esia/);
      await expectOtherDoors(fresh);
    });
  });
});

test('no. 9: a signer that hangs: «unavailable» in time, then at once, and РСАА lets her in', async () => {
  const issued = issueCertificate({ commonName: 'Union ID', kind: 'gost' });
  const folder = folderWith({ system: issued });
  const scene = await openFederation({
    esia: { signer: { kind: 'command', folder, command: ['sleep', '60'], reverse: false } },
  });
  const quiz = await dictation(scene.open);
  const ask = async () => {
    const person = visitor();
    const { page, started } = await toSignIn(person, quiz);
    const asked = performance.now();
    const met = await person.request(new URL(`${page.url.pathname}/upstream/esia`, page.url));
    expect(met.html.querySelector('[role=alert]')?.text).toMatch(MSG_16);
    return { person, started, met, milliseconds: performance.now() - asked };
  };
  for (let turn = 0; turn < 3; turn += 1) expect((await ask()).milliseconds).toBeLessThan(6_000);
  const { person, started, met, milliseconds } = await ask();
  expect(milliseconds).toBeLessThan(1_500);
  const callback = await scene.signInAt('rsaa', await leave(person, met, 'rsaa'), 'orlova_is');
  const arrived = await person.follow(await person.request(callback), quiz.isCallback);
  expect((await quiz.finish(arrived.url, started)).claims()?.acr).toBe('urn:opo:loa:2');
  const [, key = ''] = issued.keyPem.split('\n');
  expect(scene.open.logged()).toContain('signer_unavailable');
  expect(scene.open.logged()).not.toContain(key);
  await scene.close();
}, 60_000);
