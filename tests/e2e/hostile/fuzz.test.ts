/** Ten thousand random and malformed requests at a real process (security.md #102, design.md §9). */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { ClientSecretPost } from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../adapters/database/database.ts';
import { addressOf, populate } from '../../support/crowd.ts';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts';
import { sharedSecrets } from '../../support/house.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { visitor } from '../../support/visitor.ts';
import { signIn, toSignIn } from '../../support/walks.ts';
import { type Knowledge, randomRequest } from './random-requests.ts';
import { sendBytes, type WireAnswer } from './wire.ts';

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 10_000);
/** Every so many callers hang up at once, with the gateway in the middle of reading, and call again. */
const HANGS_UP = 10;
const HASTE_MILLISECONDS = 4;
const AT_ONCE = 48;
const SEED = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const TRACE = /\n\s+at .+:\d+:\d+|node_modules|node:internal|\/provider\/|\/adapters\/|SyntaxError|TypeError/;
const SECRET = 'a secret of the fuzzed portal, quite long';
const INITIAL_ACCESS_TOKEN = 'an-initial-access-token-that-nobody-guesses';
const REDIRECT_URI = 'http://127.0.0.1:1/callback';

let gateway: GatewayProcess;
let issuer: string;
let portal: RelyingParty;
let database: Database;

beforeAll(async () => {
  const port = await freePort();
  issuer = `http://localhost:${port}`;
  const environment = {
    ...sharedSecrets,
    ...(await testStores()),
    ISSUER: issuer,
    PORT: `${port}`,
    INITIAL_ACCESS_TOKEN,
    LOG_LEVEL: 'error',
  };
  database = await populate(environment, 2, [
    {
      client_id: 'portal',
      client_secret: SECRET,
      token_endpoint_auth_method: 'client_secret_post',
      first_party: true,
      redirect_uris: [REDIRECT_URI],
      post_logout_redirect_uris: ['http://127.0.0.1:1/'],
      scope: 'openid profile offline_access',
    },
  ]);
  gateway = await startGateway(environment);
  portal = await relyingParty({
    issuer,
    clientId: 'portal',
    authentication: ClientSecretPost(SECRET),
    redirectUri: REDIRECT_URI,
    scope: 'openid profile offline_access',
  });
});
afterAll(async () => {
  await gateway.kill();
  await database.close();
});

/** A person who is signed in and has another request under way, so that the noise reaches what lies behind. */
async function learn(): Promise<Knowledge> {
  const person = visitor();
  const { tokens } = await signIn(person, portal, { identifier: addressOf(1) });
  const { page } = await toSignIn(person, portal, { prompt: 'login' });
  return {
    host: new URL(issuer).host,
    clientId: 'portal',
    clientSecret: SECRET,
    redirectUri: REDIRECT_URI,
    interaction: page.url.pathname.split('/')[2] ?? '',
    cookies: await person.jar.getCookieString(page.url.href),
    csrf: page.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '',
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? '',
    idToken: tokens.id_token ?? '',
    initialAccessToken: INITIAL_ACCESS_TOKEN,
  };
}

/** What is wrong with an answer; undefined when it is as it should be. */
function faultOf({ status, headers, text }: WireAnswer): string | undefined {
  if (status >= 500 && !(status === 503 && headers.has('retry-after'))) return `status ${status}`;
  const trace = TRACE.exec(text);
  return trace ? `shows its insides: ${trace[0]}` : undefined;
}

it(`${REQUESTS} random requests: no 5xx, no trace, and the process serves on`, {
  timeout: 120_000,
}, async () => {
  const requests = fc.sample(randomRequest(await learn()), { numRuns: REQUESTS, seed: SEED });
  const faults: string[] = [];
  const seen = new Map<number, number>();
  const left = requests.entries();
  const fire = async (): Promise<void> => {
    for (const [number, bytes] of left) {
      if (number % HANGS_UP === 0) await sendBytes(gateway.port, bytes, HASTE_MILLISECONDS);
      const answer = await sendBytes(gateway.port, bytes, 1_500);
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      const fault = faultOf(answer);
      if (fault) faults.push(`${fault} after ${JSON.stringify(bytes.toString('latin1').slice(0, 2_000))}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fire));

  expect(faults, `FUZZ_SEED=${SEED}\n${gateway.output().slice(0, 8_000)}`).toEqual([]);
  expect(gateway.isAlive()).toBe(true);
  // #113 Whatever is written comes from the logger, one line of JSON each.
  const lines = gateway.output().split('\n').filter(Boolean);
  expect(lines.filter((line) => !/^\{"level":\d+,.*\}$/.test(line))).toEqual([]);
  // The noise was no mere noise: it was answered in every way there is, and hardly ever by silence.
  for (const status of [200, 303, 400, 401, 403, 404, 405, 413, 421, 422]) {
    expect(seen.get(status), `answers ${status} of ${JSON.stringify([...seen])}`).toBeGreaterThan(5);
  }
  expect(seen.get(0) ?? 0).toBeLessThan(REQUESTS / 20);

  const { tokens } = await signIn(visitor(), portal, { identifier: addressOf(2) });
  expect(tokens.claims()?.iss).toBe(issuer);
});
