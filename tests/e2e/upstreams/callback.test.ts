/** Answers at the callback address: once, in the browser that left, for the upstream it left for (security.md class 8). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { leave, toCallback } from '../../support/esia/through.ts';
import { dictation } from '../../support/portals.ts';
import type { RelyingParty } from '../../support/relying-party.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { fillIn, toSignIn } from '../../support/walks.ts';

const MARIA = 'ivanova@example.test';

let scene: Federation;
let quiz: RelyingParty;
beforeAll(async () => {
  scene = await openFederation();
  quiz = await dictation(scene.open);
});
afterAll(() => scene.close());

const at = (path: string) => new URL(path, scene.open.issuer);
const alertOn = (page: Page) => page.html.querySelector('[role=alert]')?.text ?? '';

describe('the callback address', () => {
  it('passes an answer on without looking at a cookie, and takes nothing', async () => {
    const person = visitor();
    const { callback, started } = await toCallback(scene, person, quiz, 'esia', MARIA);
    const bounced = await visitor().request(callback);
    expect(bounced.status).toBe(303);
    expect(bounced.headers.get('location')).toMatch(/^\/interaction\/[\w-]+\/upstream\/esia\/callback\?/);
    expect(bounced.headers.getSetCookie()).toEqual([]);
    const arrived = await person.follow(await person.request(callback), quiz.isCallback);
    expect((await quiz.finish(arrived.url, started)).claims()?.sub).toEqual(expect.any(String));
  });

  it('knows nobody by a state it has not given, and shows a way on', async () => {
    for (const query of [
      `state=${randomUUID()}&code=x`,
      'code=x',
      'state=%00&code=x',
      'error=access_denied',
      '',
    ]) {
      const page = await visitor().request(at(`/callback/esia?${query}`));
      expect(page.status, query).toBe(410);
      expect(page.html.querySelector('main a.button')?.getAttribute('href')).toBe('/cabinet');
    }
  });

  it('takes codes of 6 kB, as JWT are', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, quiz);
    const state = (await leave(person, page, 'rsaa')).searchParams.get('state');
    const long = at(`/callback/rsaa?${new URLSearchParams({ state: state ?? '', code: 'x'.repeat(6_000) })}`);
    const answer = await person.follow(await person.request(long));
    expect(answer.status).toBe(200);
    expect(alertOn(answer)).not.toBe('');
  });

  it('closes no door for everybody, whatever somebody at a browser writes into it', async () => {
    const iss = scene.rsaa.issuer;
    for (const answer of [
      { code: 'x', response: 'a JARM answer' },
      { code: 'x', id_token: 'a hybrid answer' },
      { code: 'x', token: 'an implicit answer' },
      { code: '' },
      { error: '' },
      { code: '\0' },
      { code: 'x\r\ny' },
    ]) {
      const person = visitor();
      const { page } = await toSignIn(person, quiz);
      const state = (await leave(person, page, 'rsaa')).searchParams.get('state') ?? '';
      const query = new URLSearchParams({ state, iss, ...answer });
      const refused = await person.request(
        new URL(`${page.url.pathname}/upstream/rsaa/callback?${query}`, page.url),
      );
      expect(refused.headers.get('location'), JSON.stringify(answer)).toMatch(/refused=start_again$/);
    }
  });

  it('refuses what no upstream sends', async () => {
    const person = visitor();
    const { callback, started } = await toCallback(scene, person, quiz, 'esia', MARIA);
    const twice = new URL(`${callback.href}&state=${randomUUID()}`);
    expect((await person.request(twice)).status).toBe(400);
    expect((await person.request(new URL(`${callback.href}&code=another`))).status).toBe(400);
    expect((await person.request(callback, { method: 'HEAD' })).status).toBe(405);
    expect((await person.request(callback, { method: 'POST' })).status).toBe(404);
    expect((await person.request(at(`/callback/nobody${callback.search}`))).status).toBe(404);
    expect((await person.request(`${scene.open.issuer}//callback/esia${callback.search}`)).status).toBe(404);
    const inner = at((await person.request(callback)).headers.get('location') ?? '');
    expect((await person.request(inner, { method: 'HEAD' })).status).toBe(405);
    const arrived = await person.follow(await person.request(inner), quiz.isCallback);
    expect((await quiz.finish(arrived.url, started)).claims()?.sub).toEqual(expect.any(String));
  });
});

describe('an answer', () => {
  it('is worth nothing in another browser', async () => {
    const person = visitor();
    const { callback } = await toCallback(scene, person, quiz, 'esia', MARIA);
    const thief = visitor();
    const stolen = await thief.open(callback);
    expect(stolen.status).toBe(410);
    const own = await toSignIn(thief, quiz);
    const crossed = await thief.follow(
      await thief.request(
        new URL(`${own.page.url.pathname}/upstream/esia/callback${callback.search}`, own.page.url),
      ),
    );
    expect(alertOn(crossed)).toMatch(/не завершён/);
    expect((await thief.open(at('/cabinet'))).html.querySelector('h1')?.text).toBe('Вход');
  });

  it('of one upstream is none of another', async () => {
    const person = visitor();
    const { callback } = await toCallback(scene, person, quiz, 'esia', MARIA);
    expect((await person.request(at(`/callback/rsaa${callback.search}`))).status).toBe(410);
    const bounced = (await person.request(callback)).headers.get('location') ?? '';
    const crossed = await person.follow(await person.request(at(bounced.replace('/esia/', '/rsaa/'))));
    expect(alertOn(crossed)).toMatch(/Вход через РСАА не завершён/);
  });

  it('counts once: five at the same time make one session', async () => {
    const person = visitor();
    const { callback, started } = await toCallback(scene, person, quiz, 'esia', MARIA);
    const inner = at((await person.request(callback)).headers.get('location') ?? '');
    const answers = await Promise.all(Array.from({ length: 5 }, () => person.request(inner)));
    const isLost = ({ headers }: Page) => headers.get('location')?.endsWith('refused=start_again') === true;
    const won = answers.filter((answer) => !isLost(answer));
    expect(won).toHaveLength(1);
    for (const lost of answers.filter(isLost)) expect(lost.status).toBe(303);
    const arrived = await person.follow(won[0] as Page, quiz.isCallback);
    const claims = (await quiz.finish(arrived.url, started)).claims();
    expect(claims?.acr).toBe('urn:opo:loa:3');

    const replayed = await person.request(callback);
    expect(replayed.status).toBe(410);
    expect((await person.request(inner)).status).toBe(410);
  });

  it('for somebody who has signed in meanwhile in another tab leads on', async () => {
    const person = visitor();
    const { started, page } = await toSignIn(person, quiz);
    const gone = await leave(person, page, 'esia');
    const other = await toSignIn(person, quiz);
    await fillIn(person, quiz, other.page, { identifier: MARIA });
    const callback = new URL(`/callback/esia?state=${gone.searchParams.get('state')}&code=spent`, page.url);
    const inner = at((await person.request(callback)).headers.get('location') ?? '');
    // The attempt is taken by the first of two clicks; the second finds her signed in.
    await person.request(inner);
    const arrived = await person.follow(await person.request(inner), quiz.isCallback);
    expect((await quiz.finish(arrived.url, started)).claims()?.acr).toBe('urn:opo:loa:1');
  });

  it('that comes after the form was used ends where «Страница устарела» leads on', async () => {
    const person = visitor();
    const { page, callback } = await toCallback(scene, person, quiz, 'esia', MARIA);
    const signedIn = await fillIn(person, quiz, page, { identifier: MARIA });
    expect(quiz.isCallback(signedIn.url)).toBe(true);
    const late = await person.follow(await person.request(callback), quiz.isCallback);
    expect(late.status).toBe(410);
    const again = await person.submit(late, /\/again$/);
    const arrived = await person.follow(again, quiz.isCallback);
    expect(quiz.isCallback(arrived.url)).toBe(true);
  });
});

it('two tabs, each with an attempt of its own, do not disturb each other', async () => {
  const person = visitor();
  const one = await toCallback(scene, person, quiz, 'esia', MARIA);
  const two = await toCallback(scene, person, quiz, 'rsaa', 'orlova_is');
  const first = await person.follow(await person.request(one.callback), quiz.isCallback);
  expect((await quiz.finish(first.url, one.started)).claims()?.acr).toBe('urn:opo:loa:3');
  const second = await person.follow(await person.request(two.callback), quiz.isCallback);
  expect(second.status).toBeLessThan(500);
});

it('a second attempt of one page makes the first no worse', async () => {
  const person = visitor();
  const { started, page } = await toSignIn(person, quiz);
  const first = await scene.signInAt('esia', await leave(person, page, 'esia'), MARIA);
  await leave(person, page, 'esia');
  const arrived = await person.follow(await person.request(first), quiz.isCallback);
  expect((await quiz.finish(arrived.url, started)).claims()?.acr).toBe('urn:opo:loa:3');
});

it('an interaction that is gone offers to begin again at the same portal', async () => {
  const person = visitor();
  const { page, callback } = await toCallback(scene, person, quiz, 'esia', MARIA);
  const refused = await person.follow(await person.submit(page, /\/abort$/), quiz.isCallback);
  expect(refused.url.searchParams.get('error')).toBe('access_denied');
  const late = await person.follow(await person.request(callback));
  expect(late.status).toBe(410);
  expect(late.body).toContain('Профсоюзный диктант');
  const again = await person.follow(await person.submit(late, /\/again$/));
  expect(again.html.querySelector('h1')?.text).toBe('Вход');
});
