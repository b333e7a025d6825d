/**
 * Whatever breaks at an upstream: she reads a sentence within five seconds, another way in is on the page, and when it is
 * mended the same upstream lets her in from where she is, at the same gateway.
 *
 * Cells that cannot be:
 * - ac, wrong iss, aud, alg or key: it answers with a redirect, whose code is not read but redeemed;
 * - rs, truncated before she leaves: a probe is refused without a token, and half a refusal is one, too;
 * - rs, wrong iss, aud, alg or key: its records are not signed, TLS vouches for them;
 * - rs, clock: it judges nothing by the clock but the access token, which lives an hour;
 * - discovery, wrong aud, alg or key, and clock: the document has no recipient, no signature and no time;
 * - JWKS, wrong iss, aud, and clock: keys have neither; an algorithm that is not the token's is a wrong key.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { dictation } from '../../support/portals.ts';
import type { RelyingParty, Started } from '../../support/relying-party.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';

const CALLS = ['hang', 'reset', '503', '502-html', 'empty', 'truncated'] as const;
const TEN_MINUTES = 600;
/** Longer than somebody who was seen well is not probed, and than a breaker bars. */
const A_WHILE_MS = 11_000;
/** Whoever has left before is forgotten: those who try the other way here do not come back from it. */
const LONG_MS = 200_000;
const A_PERSON_WAITS_MS = 5_000;

type Id = 'esia' | 'rsaa';
/** When it breaks: before she leaves, before she gets to the upstream's pages, or while she is there. */
type Moment = 'before' | 'on the way' | 'away';
type Cell = readonly [where: string, fault: string, moment: Moment, faults: object];

const calls = (where: string, moments: readonly Moment[], name = where): Cell[] =>
  moments.flatMap((moment) => CALLS.map((fault): Cell => [where, fault, moment, { [name]: fault }]));
const proofs = (where: string, name: string, faults: Readonly<Record<string, string>>): Cell[] =>
  Object.entries(faults).map(([fault, value]): Cell => [where, fault, 'away', { [name]: value }]);

const ESIA: readonly Cell[] = [
  ...calls('ac', ['before']),
  ['ac', 'clock +10 min', 'on the way', { clock: TEN_MINUTES }],
  ...calls('te', ['before', 'away']),
  ...proofs('te', 'tokens', {
    'wrong iss': 'wrong-iss',
    'wrong aud': 'wrong-aud',
    'wrong alg': 'alg-hs256',
    'no alg': 'alg-none',
    'wrong key': 'foreign-key',
  }),
  ['te', 'clock +10 min', 'away', { clock: TEN_MINUTES }],
  ...calls('rs', ['before', 'away']).filter(
    ([, fault, moment]) => fault !== 'truncated' || moment !== 'before',
  ),
];

const RSAA: readonly Cell[] = [
  ...calls('discovery', ['before']),
  ['discovery', 'wrong iss', 'before', { discovery: 'wrong-iss' }],
  ...calls('auth', ['before']),
  ...calls('token', ['before', 'away']),
  ...proofs('token', 'idToken', {
    'wrong iss': 'wrong-iss',
    'wrong aud': 'wrong-aud',
    'no alg': 'alg-none',
    'wrong key': 'foreign-key',
  }),
  ...calls('jwks', ['before', 'away']),
  ['jwks', 'wrong key', 'away', { jwks: 'foreign-key' }],
];

let scene: Federation;
let portal: RelyingParty;
beforeAll(async () => {
  scene = await openFederation({ timeoutMilliseconds: 300 });
  portal = await dictation(scene.open);
});
afterAll(() => scene.close());

// Everybody here is in one process: when its clock leaps, all of them are that much later.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + LONG_MS }));
afterEach(() => {
  const now = Date.now();
  mend();
  vi.useRealTimers();
  vi.setSystemTime(now);
});

const other = { esia: 'rsaa', rsaa: 'esia' } as const;
const originOf = (id: Id) => (id === 'esia' ? scene.esia.simulator.url : scene.rsaa.url);
const breakIt = (id: Id, faults: object) =>
  id === 'esia' ? scene.esia.simulator.scene.faults.set(faults) : scene.rsaa.faults.set(faults);
const mend = () => {
  scene.esia.simulator.scene.faults.mend();
  scene.rsaa.faults.set({
    discovery: null,
    auth: null,
    token: null,
    jwks: null,
    userinfo: null,
    idToken: null,
  });
};

type Walk = { readonly person: Visitor; readonly started: Started; readonly signIn: Page };

async function toSignIn(): Promise<Walk> {
  const person = visitor();
  const started = await portal.start();
  return { person, started, signIn: await person.open(started.url) };
}

/** By the page's own link. */
async function leave({ person }: Walk, page: Page, id: Id): Promise<Page> {
  const link = page.html.querySelector(`a[href$="/upstream/${id}"]`)?.getAttribute('href');
  expect(link, `a link to ${id}`).toBeDefined();
  return person.request(new URL(link ?? '', page.url));
}

const destinationOf = (page: Page) => new URL(page.headers.get('location') ?? 'none:', page.url);
const isAwayTo = (id: Id, page: Page) => page.status === 303 && destinationOf(page).origin === originOf(id);

/** Up to the page where she reads something, or to the portal. */
async function comeBack({ person }: Walk, callback: URL): Promise<Page> {
  return person.follow(await person.request(callback), portal.isCallback);
}

/** From the sign-in page into trouble, as the cell has it. */
async function intoTrouble(walk: Walk, id: Id, moment: Moment, faults: object): Promise<Page> {
  if (moment === 'before') {
    breakIt(id, faults);
    return leave(walk, walk.signIn, id);
  }
  const left = await leave(walk, walk.signIn, id);
  expect(isAwayTo(id, left)).toBe(true);
  if (moment === 'on the way') breakIt(id, faults);
  const callback = await scene.signInAt(id, destinationOf(left));
  if (moment === 'away') breakIt(id, faults);
  return comeBack(walk, callback);
}

async function expectWayIn(walk: Walk, page: Page, id: Id): Promise<void> {
  expect(page.status).toBeLessThan(500);
  expect(page.html.querySelector('[role=alert]')?.text).toMatch(
    id === 'esia'
      ? /Госуслуги временно недоступны\. Войдите/
      : /Вход через РСАА временно недоступен\. Войдите/,
  );
  expect(page.html.querySelector('form[action$="/password"]')).not.toBeNull();
  expect(isAwayTo(other[id], await leave(walk, page, other[id]))).toBe(true);
}

async function getIn(walk: Walk, page: Page, id: Id): Promise<void> {
  const left = await leave(walk, page, id);
  expect(isAwayTo(id, left)).toBe(true);
  const arrived = await comeBack(walk, await scene.signInAt(id, destinationOf(left)));
  expect(portal.isCallback(arrived.url)).toBe(true);
  const tokens = await portal.finish(arrived.url, walk.started);
  expect(tokens.claims()?.amr).toEqual(['fed', `urn:opo:door:${id}`]);
}

for (const [id, cells] of [
  ['esia', ESIA],
  ['rsaa', RSAA],
] as const) {
  describe(id, () => {
    test.each(cells)('%s: %s, %s', async (_where, _fault, moment, faults) => {
      const walk = await toSignIn();
      const started = performance.now();
      const page = await intoTrouble(walk, id, moment, faults);
      expect(performance.now() - started).toBeLessThan(A_PERSON_WAITS_MS);
      await expectWayIn(walk, page, id);

      mend();
      vi.setSystemTime(Date.now() + A_WHILE_MS);
      await getIn(walk, page, id);
    });

    test('three in a row fail: the others are not sent there, and are again when it is well', async () => {
      const [where, , , faults] = cells.find(([, fault]) => fault === 'wrong key') ?? cells[0] ?? [];
      expect(where).toBeDefined();
      for (let person = 0; person < 3; person++)
        await intoTrouble(await toSignIn(), id, 'away', faults ?? {});
      const walk = await toSignIn();
      expect(walk.signIn.html.querySelector('[role=alert]')?.text).toMatch(/временно недоступ/);
      const refused = await leave(walk, walk.signIn, id);
      await expectWayIn(walk, refused, id);

      mend();
      vi.setSystemTime(Date.now() + A_WHILE_MS);
      await getIn(walk, refused, id);
      const next = await toSignIn();
      expect(next.signIn.html.querySelector('[role=alert]')).toBeNull();
    });
  });
}

test('РСАА with a clock ten minutes ahead lets her in: its tokens say nothing that this side would call early', async () => {
  const walk = await toSignIn();
  breakIt('rsaa', { idToken: 'clock-ahead' });
  await getIn(walk, walk.signIn, 'rsaa');
});

test('pages that never come back: «Back» leads to a sentence and another way in, and the switch is not needed', async () => {
  const walk = await toSignIn();
  expect(isAwayTo('esia', await leave(walk, walk.signIn, 'esia'))).toBe(true);
  const back = await walk.person.request(walk.signIn.url);
  await expectWayIn(walk, back, 'esia');
});
