/** Two gateways on one PostgreSQL and one Redis, as operators run them; one is killed, or asked to go (security.md d). */
import { setTimeout as sleep } from 'node:timers/promises';
import { fetchUserInfo } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../adapters/database/database.ts';
import { accountOf, addressOf, populate } from '../../support/crowd.ts';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts';
import { sharedSecrets } from '../../support/house.ts';
import { type Fetch, fetchAt, patient } from '../../support/reach.ts';
import { type RelyingParty, relyingParty, type Started } from '../../support/relying-party.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { fillIn, signIn, toSignIn } from '../../support/walks.ts';

const CROWD = 200;
const AT_ONCE = 16;
const SECRET = 'a secret of a portal behind a balancer';
const REDIRECT_URI = 'http://127.0.0.1:1/callback';

let environment: Record<string, string> & { DATABASE_URL: string };
let issuer: string;
let database: Database;
const running: GatewayProcess[] = [];
const reaches: Fetch[] = [];

const portalVia = (reach: Fetch) =>
  relyingParty({ issuer, clientId: 'portal', secret: SECRET, redirectUri: REDIRECT_URI, reach });

beforeAll(async () => {
  const stores = await testStores();
  const ports = [await freePort(), await freePort()];
  issuer = `http://localhost:${ports[0]}`;
  environment = {
    ...sharedSecrets,
    ...stores,
    ISSUER: issuer,
    THROTTLE: 'off',
    LOG_LEVEL: 'warn',
    NOTICE_SECONDS: '1',
  };
  database = await populate(environment, 2 * CROWD, [
    {
      client_id: 'portal',
      client_secret: SECRET,
      first_party: true,
      redirect_uris: [REDIRECT_URI],
      grant_types: ['authorization_code'],
      scope: 'openid profile',
    },
  ]);
  // Both at once: whoever comes first makes the signing keys.
  running.push(
    ...(await Promise.all(ports.map((port) => startGateway({ ...environment, PORT: `${port}` })))),
  );
  reaches.push(...ports.map((port) => patient(fetchAt(port))));
});
afterAll(async () => {
  await Promise.all(running.map((gateway) => gateway.kill()));
  await database.close();
});

/** Requests go to the processes in turn; one whose connection breaks goes to the other. */
function inTurn(): Fetch {
  let turn = 0;
  return (input, init) => {
    turn += 1;
    const [first, second] = (turn % 2 === 0 ? reaches : reaches.toReversed()) as [Fetch, Fetch];
    return first(input, init).catch(() => second(input, init));
  };
}

async function atOnce<T>(limit: number, tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const left = tasks.entries();
  const worker = async () => {
    for (const [index, task] of left) results[index] = await task();
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

describe('a sign-in', () => {
  it('begun on one ends on the other, and both know of it', async () => {
    let process = 0;
    const reach: Fetch = (input, init) => (reaches[process] as Fetch)(input, init);
    const portal = await portalVia(reach);
    const person = visitor({}, reach);
    const { started, page } = await toSignIn(person, portal, { scope: 'openid profile' });
    process = 1;
    const arrived = await fillIn(person, portal, page, { identifier: addressOf(1) });
    process = 0;
    const tokens = await portal.finish(arrived.url, started);
    process = 1;
    const claims = await fetchUserInfo(portal.config, tokens.access_token, tokens.claims()?.sub ?? '');
    expect(claims.family_name).toBe('Прохожий');

    process = 0;
    const question = await person.open(`${issuer}/session/end`);
    process = 1;
    await person.submit(question, /confirm/, { logout: 'yes' });
    process = 0;
    const silent = await person.follow(
      await person.request((await portal.start({ prompt: 'none' })).url),
      portal.isCallback,
    );
    expect(silent.url.searchParams.get('error')).toBe('login_required');
  });

  it('may change the process at every request', async () => {
    const portal = await portalVia(inTurn());
    for (let number = 1; number <= 4; number += 1) {
      const person = visitor({}, inTurn());
      const { tokens } = await signIn(person, portal, { identifier: addressOf(number) });
      expect(tokens.claims()?.iss).toBe(issuer);
    }
  });
});

type SignIn = { readonly number: number; readonly person: Visitor; started: Started; page: Page };
type Arrival = SignIn & { readonly callback: URL; readonly begunAgain: number };

/** From the form to the callback. Whoever is told that the page is too old begins again, in the same browser. */
async function arrive(portal: RelyingParty, waiting: SignIn): Promise<Arrival> {
  for (let begunAgain = 0; begunAgain < 5; begunAgain += 1) {
    const { started, page } =
      begunAgain === 0 ? waiting : await toSignIn(waiting.person, portal, { prompt: 'login' });
    const arrived = await fillIn(waiting.person, portal, page, { identifier: addressOf(waiting.number) });
    if (portal.isCallback(arrived.url)) return { ...waiting, started, callback: arrived.url, begunAgain };
  }
  throw new Error(`person ${waiting.number} never got to the portal`);
}

describe.each([
  ['the first', 0, 0],
  ['the second', 1, CROWD],
])('kill -9 of %s in the middle of 200 sign-ins', { timeout: 120_000 }, (_which, victim, offset) => {
  const arrivals: Arrival[] = [];
  /** `sub` of whoever has redeemed a code at the survivor. */
  const redeemed: Promise<string | undefined>[] = [];
  const beforeTheKill: Arrival[] = [];
  const survivor = () => reaches[1 - victim] as Fetch;

  it('stops nobody: the rest finish on the other', async () => {
    const reach = inTurn();
    const [portal, portalOfSurvivor] = [await portalVia(reach), await portalVia(survivor())];
    const waiting = await atOnce(
      AT_ONCE,
      Array.from({ length: CROWD }, (_, index) => async () => {
        const person = visitor({}, reach);
        return { number: offset + index + 1, person, ...(await toSignIn(person, portal)) };
      }),
    );
    const death = Promise.withResolvers<void>();
    await atOnce(
      AT_ONCE,
      waiting.map((one) => async () => {
        const arrival = await arrive(portal, one);
        arrivals.push(arrival);
        if (arrivals.length <= CROWD / 4) beforeTheKill.push(arrival);
        if (arrivals.length === CROWD / 4) running[victim]?.kill().then(death.resolve, death.reject);
        const redeem = () => portalOfSurvivor.finish(arrival.callback, arrival.started);
        redeemed.push(death.promise.then(redeem).then((tokens) => tokens.claims()?.sub));
      }),
    );
    expect(running[victim]?.isAlive()).toBe(false);
    expect(arrivals).toHaveLength(CROWD);
    // Only what was under way in the dead process had to be begun again.
    const again = arrivals.filter(({ begunAgain }) => begunAgain > 0);
    expect(again.length).toBeLessThanOrEqual(AT_ONCE);
  });

  it('loses no code that a portal has received, and no half of a sign-in', async () => {
    const subjects = await Promise.all(redeemed);
    expect(new Set(subjects).size).toBe(CROWD);

    const rows = await database.query<{
      account: string;
      audited: string[];
      listed: string[];
      grants: number;
    }>(
      `select a.id as account,
              array(select session_uid from audit where account_id = a.id and event = 'sign_in'
                     and outcome = 'success' order by 1) as audited,
              array(select uid from account_session where account_id = a.id order by 1) as listed,
              (select count(*)::int from account_grant where account_id = a.id) as grants
         from account a where id = any ($1)`,
      [arrivals.map(({ number }) => accountOf(number))],
    );
    expect(rows).toHaveLength(CROWD);
    for (const { account, audited, listed, grants } of rows) {
      expect(audited.length, account).toBeGreaterThan(0);
      expect(new Set(audited), account).toEqual(new Set(listed));
      expect(grants, account).toBeGreaterThan(0);
    }
  });

  it('signs nobody out who was in before', async () => {
    const portal = await portalVia(survivor());
    expect(beforeTheKill).toHaveLength(CROWD / 4);
    const answers = await atOnce(
      AT_ONCE,
      beforeTheKill.map(({ person }) => async () => {
        const { url } = await portal.start({ prompt: 'none' });
        const cookie = await person.jar.getCookieString(issuer);
        const answer = await survivor()(url, { redirect: 'manual', headers: { cookie } });
        return new URL(answer.headers.get('location') ?? '', issuer).searchParams.get('error');
      }),
    );
    expect(answers.filter((error) => error !== null)).toEqual([]);
  });

  it('is made good by starting it again', async () => {
    running[victim] = await startGateway({ ...environment, PORT: `${running[victim]?.port}` });
    const reach = reaches[victim] as Fetch;
    const { tokens } = await signIn(visitor({}, reach), await portalVia(reach), {
      identifier: addressOf(offset + 1),
    });
    expect(tokens.access_token).toBeTruthy();
  });
});

describe('SIGTERM', { timeout: 60_000 }, () => {
  /** As balancers do: asks for health, and leaves out whoever is not well. */
  function watchHealth() {
    const well = new Set(reaches);
    const watch = setInterval(() => {
      for (const reach of reaches) {
        reach(`${issuer}/readyz`).then(
          ({ ok }) => (ok ? well.add(reach) : well.delete(reach)),
          () => well.delete(reach),
        );
      }
    }, 100);
    return { well, stop: () => clearInterval(watch) };
  }

  it('drains: whatever was asked is answered, and no request fails', async () => {
    const failed: unknown[] = [];
    const health = watchHealth();
    const askedOfLeaving: number[] = [];
    let turn = 0;
    const reach: Fetch = async (input, init) => {
      turn += 1;
      const well = [...health.well];
      const chosen = well[turn % well.length] as Fetch;
      if (chosen === reaches[0]) askedOfLeaving.push(Date.now());
      const answer = await chosen(input, init).catch((error: Error) => {
        failed.push(error.cause ?? error);
        throw error;
      });
      if (answer.status >= 500) failed.push(`${answer.status} from ${String(input)}`);
      return answer;
    };
    const portal = await portalVia(reach);
    const leaving = running[0] as GatewayProcess;
    let left: Promise<number | null> | undefined;
    let leftAt = 0;
    let arrived = 0;
    await atOnce(
      AT_ONCE / 2,
      Array.from({ length: 80 }, (_, index) => async () => {
        await signIn(visitor({}, reach), portal, { identifier: addressOf(index + 1) });
        arrived += 1;
        if (arrived === 25) {
          leftAt = Date.now();
          left = leaving.terminate();
        }
      }),
    );
    expect(await left).toBe(0);
    expect(Date.now() - leftAt).toBeLessThan(25_000);
    health.stop();
    expect(failed).toEqual([]);
    expect(arrived).toBe(80);
    // It still served after it was asked to go.
    expect(askedOfLeaving.some((at) => at > leftAt)).toBe(true);
    expect(leaving.output()).not.toMatch(/"level":(50|60)/);
  });

  it('waits for a request that is still being sent', async () => {
    const leaving = running[1] as GatewayProcess;
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode('grant_type='));
        await sleep(2_000);
        controller.enqueue(new TextEncoder().encode('none'));
        controller.close();
      },
    });
    const slow = (reaches[1] as Fetch)(`${issuer}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
      duplex: 'half',
    } as RequestInit);
    await sleep(200);
    const left = leaving.terminate();
    await sleep(200);
    const health = await (reaches[1] as Fetch)(`${issuer}/readyz`);
    expect([health.status, health.headers.get('connection')]).toEqual([503, 'close']);
    expect((await slow).status).toBe(400);
    expect(await left).toBe(0);
  });
});
