/** Ten thousand random and malformed requests at a real process (security.md #102, design.md §9). */
import { randomBytes, randomInt } from 'node:crypto';
import fc from 'fast-check';
import { ClientSecretPost } from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../adapters/database/database.ts';
import { addressOf, populate } from '../../support/crowd.ts';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts';
import { PASSWORD, sharedSecrets } from '../../support/house.ts';
import { codeIn, linkIn, type Mail, openMail } from '../../support/mail.ts';
import { registeringAt } from '../../support/registering.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { signIn, toSignIn } from '../../support/walks.ts';
import { type Browser, type Knowledge, randomRequest } from './random-requests.ts';
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
let mail: Mail;
let database: Database;

beforeAll(async () => {
  const port = await freePort();
  mail = await openMail();
  issuer = `http://localhost:${port}`;
  const environment = {
    ...sharedSecrets,
    ...(await testStores()),
    ISSUER: issuer,
    PORT: `${port}`,
    INITIAL_ACCESS_TOKEN,
    LOG_LEVEL: 'error',
    SMTP_URL: mail.smtpUrl,
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
  await mail.close();
});

const csrfOn = (page: Page) => page.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
const browserOf = async (person: Visitor, page: Page): Promise<Browser> => ({
  cookies: await person.jar.getCookieString(issuer),
  csrf: csrfOn(page),
});
const lastOf = (page: Page): string => page.url.pathname.split('/').at(-1) ?? '';
const secretIn = (link: string): string => new URL(link).pathname.split('/').at(-1) ?? '';
const press = async (person: Visitor, page: Page, action: RegExp, fields?: Record<string, string>) =>
  person.follow(await person.submit(page, action, fields));

/** Somebody who has confirmed her address and has an application before her, not yet signed. */
async function learnApplicant(walk: ReturnType<typeof registeringAt>) {
  const organisation = 'fuzzed';
  await database.query(
    `insert into organisation (id, name, short_name, region, search_words)
     values ($1, 'Лицей № 1', 'Лицей № 1', 'Край', '{лицей,1}')`,
    [organisation],
  );
  const person = visitor();
  const question = await walk.register(person, { email: 'applicant@example.test' });
  const empty = await press(person, question, /\/join\/question$/, { answer: 'no' });
  const review = await press(person, empty, /\/join\/application$/, {
    ...{ family: 'Тихонова', given: 'Лидия', middle: 'Марковна', birthdate: '11.11.1958', sex: 'female' },
    ...{ purpose: 'joining', phone: '+79000000017', organisation_query: 'лицей', organisation, unit: '' },
    ...{ employment: 'worker', union_pd: 'yes' },
  });
  const opening = review.html.querySelector('form[action$="/open"]')?.getAttribute('action') ?? '';
  const document = opening.split('/').at(-2) ?? '';
  return { applicant: await browserOf(person, review), organisation, document };
}

/** People who are signed in, joining, or about to, so that the noise reaches what lies behind. */
async function learn(): Promise<Knowledge> {
  const walk = registeringAt(issuer, mail);
  const { applicant, ...ids } = await learnApplicant(walk);

  const stranger = visitor();
  const waiting = await stranger.follow(await walk.ask(stranger, { email: 'newcomer@example.test' }));
  const newcomer = await browserOf(stranger, waiting);
  const asking = await stranger.open(`${issuer}/recovery`);
  await stranger.submit(asking, /^\/recovery/, { email: addressOf(2) });
  const reset = linkIn(await mail.take(addressOf(2), /Восстановление/), '/recovery/');

  const person = visitor();
  const { tokens } = await signIn(person, portal, { identifier: addressOf(1) });
  const room = await person.open(`${issuer}/cabinet/email`);
  const email = 'moved@example.test';
  const coded = await press(person, room, /\/cabinet\/email$/, { email, password: PASSWORD });
  await press(person, coded, /\/email\/code$/, {
    code: codeIn(await mail.take(addressOf(1), /Код для смены адреса/)),
  });
  const moved = linkIn(await mail.take(email, /./), '/email/confirm/');
  const choice = await person.open(`${issuer}/cabinet/consents/union_messages`);
  const text = await press(person, choice, /union_messages$/, { email: 'yes', union: 'yes' });
  const { page } = await toSignIn(person, portal, { prompt: 'login' });
  return {
    host: new URL(issuer).host,
    clientId: 'portal',
    clientSecret: SECRET,
    redirectUri: REDIRECT_URI,
    interaction: page.url.pathname.split('/')[2] ?? '',
    member: { cookies: await person.jar.getCookieString(page.url.href), csrf: csrfOn(page) },
    applicant,
    newcomer,
    ids: { ...ids, signing: lastOf(text) },
    links: {
      confirm: secretIn(await walk.linkFor('newcomer@example.test')),
      reset: secretIn(reset),
      email: secretIn(moved),
      unsubscribe: randomBytes(32).toString('base64url'),
    },
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
  const known = await learn();
  // What is not known is not reached, and no noise would tell.
  expect(JSON.stringify(known)).not.toContain('""');
  const requests = fc.sample(randomRequest(known), { numRuns: REQUESTS, seed: SEED });
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
