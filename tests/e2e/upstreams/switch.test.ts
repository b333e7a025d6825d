/** An operator's word on a running gateway: felt within five seconds, and fair to whoever is on the way. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresSwitches } from '../../../adapters/upstream-switch/postgres.ts';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { dictation } from '../../support/portals.ts';
import type { RelyingParty } from '../../support/relying-party.ts';
import { visitor } from '../../support/visitor.ts';
import { toSignIn } from '../../support/walks.ts';

const BUTTON = 'a[href$="/upstream/esia"]';
/** Five seconds, and a slow machine. */
const PATIENCE = { timeout: 15_000, interval: 100 };

let scene: Federation;
let portal: RelyingParty;
beforeAll(async () => {
  scene = await openFederation();
  portal = await dictation(scene.open);
});
afterAll(() => scene.close());

const turn = (on: boolean) =>
  postgresSwitches(scene.open.house.stores.database).turn('esia', { on, by: 'operator' });
const metrics = () => scene.open.house.metrics.text();

test('off: no button and no way in; who has left comes in all the same; on: the button is back', async () => {
  const person = visitor();
  const { started, page } = await toSignIn(person, portal);
  const address = new URL(page.html.querySelector(BUTTON)?.getAttribute('href') ?? '', page.url);
  const away = await person.request(address);

  await turn(false);
  await expect
    .poll(async () => (await toSignIn(visitor(), portal)).page.body, PATIENCE)
    .not.toContain('/upstream/esia');
  expect(await metrics()).toContain('unionid_upstream_state{upstream="esia",state="off"} 1');
  const late = await clickOnOldPage();
  expect(late.status).toBeLessThan(500);
  expect(late.headers.get('location')).toBeNull();
  expect(late.html.querySelector('[role=alert]')?.text).toMatch(/Госуслуги временно недоступны/);

  const callback = await scene.signInAt('esia', new URL(away.headers.get('location') ?? ''));
  const arrived = await person.follow(await person.request(callback), portal.isCallback);
  const tokens = await portal.finish(arrived.url, started);
  expect(tokens.claims()?.amr).toEqual(['fed', 'urn:opo:door:esia']);

  await turn(true);
  await expect
    .poll(async () => (await toSignIn(visitor(), portal)).page.body, PATIENCE)
    .toContain('/upstream/esia');
});

/** An old page of hers still has the link. */
async function clickOnOldPage() {
  const person = visitor();
  const { page } = await toSignIn(person, portal);
  return person.request(new URL(`${page.url.pathname}/upstream/esia`, page.url));
}
