/** In through Gosuslugi and РСАА: straight in when linked, a sentence and another way when not let in (D-05, D-10). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { leave, through, toCallback } from '../../support/esia/through.ts';
import { compass, dictation } from '../../support/portals.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { signIn, toSignIn } from '../../support/walks.ts';

const MARIA = 'ivanova@example.test';

let scene: Federation;
let quiz: RelyingParty;
let other: RelyingParty;
let region: RelyingParty;
beforeAll(async () => {
  scene = await openFederation();
  quiz = await dictation(scene.open);
  other = await compass(scene.open);
  region = await portalOfTheRegion();
});
afterAll(() => scene.close());

/** Lets in nobody by a password of the Union. */
async function portalOfTheRegion(): Promise<RelyingParty> {
  const redirectUri = 'http://127.0.0.1:5/callback';
  await scene.open.house.clients.save(
    {
      client_id: 'region',
      client_name: 'Портал региона',
      first_party: true,
      client_secret: 'a secret of the region, long enough',
      redirect_uris: [redirectUri],
      scope: 'openid',
      minimum_acr: 'urn:opo:loa:2',
      allowed_doors: ['esia', 'rsaa'],
      support_uri: 'mailto:support@region.example.test',
      guides: [{ for: 'staff', uri: 'https://region.example.test/staff' }],
    },
    'test',
  );
  return relyingParty({
    issuer: scene.open.issuer,
    clientId: 'region',
    secret: 'a secret of the region, long enough',
    redirectUri,
  });
}

const textOf = (page: Page) => page.html.querySelector('main')?.structuredText ?? '';
const upstreamsOn = (page: Page) =>
  page.html.querySelectorAll('a[data-upstream]').map((link) => link.getAttribute('data-upstream'));
const breakEsia = (faults: object) => scene.esia.simulator.scene.faults.set(faults);

describe('somebody linked', () => {
  it('is in at once, at level 3, and is who she is by password and by ticket (M-01)', async () => {
    const { started, page } = await through(scene, visitor(), quiz, 'esia', MARIA);
    expect(quiz.isCallback(page.url)).toBe(true);
    const claims = (await quiz.finish(page.url, started)).claims();
    expect(claims).toMatchObject({ acr: 'urn:opo:loa:3', amr: ['fed', 'urn:opo:door:esia'] });

    const byPassword = await signIn(visitor(), quiz, { identifier: MARIA });
    const byTicket = await signIn(visitor(), quiz, { by: 'ticket', identifier: '9900000000000011' });
    expect(byPassword.tokens.claims()).toMatchObject({ sub: claims?.sub, acr: 'urn:opo:loa:1' });
    expect(byTicket.tokens.claims()?.sub).toBe(claims?.sub);
  });

  it('is the same through РСАА, at level 2 (M-13)', async () => {
    const byEsia = await through(scene, visitor(), other, 'esia', 'orlova@example.test');
    const byRsaa = await through(scene, visitor(), other, 'rsaa', 'orlova_is');
    const one = (await other.finish(byEsia.page.url, byEsia.started)).claims();
    const same = (await other.finish(byRsaa.page.url, byRsaa.started)).claims();
    expect(same).toMatchObject({
      sub: one?.sub,
      acr: 'urn:opo:loa:2',
      amr: ['fed', 'urn:opo:door:rsaa'],
    });
  });

  it('signs on elsewhere without a page', async () => {
    const person = visitor();
    await through(scene, person, quiz, 'esia', MARIA);
    const started = await other.start();
    const arrived = await person.follow(await person.request(started.url), other.isCallback);
    expect((await other.finish(arrived.url, started)).claims()?.acr).toBe('urn:opo:loa:3');
  });
});

describe('the sign-in page', () => {
  it('offers both below the password, and a way to an account at РСАА', async () => {
    const { page } = await toSignIn(visitor(), quiz);
    expect(upstreamsOn(page)).toEqual(['esia', 'rsaa']);
    expect(textOf(page)).toMatch(
      /Войти через Госуслуги\s*Войти через РСАА\s*Нет учётной записи \(РСАА\)\? Зарегистрироваться/,
    );
    expect(page.html.querySelector('.ways a.quiet')?.getAttribute('href')).toBe(`${scene.rsaa.url}/register`);
    expect(page.html.querySelector('[role=alert]')).toBeNull();
  });

  it('offers what the portal lets in, says why, and who helps (D-06)', async () => {
    const { page } = await toSignIn(visitor(), region);
    expect(upstreamsOn(page)).toEqual(['esia', 'rsaa']);
    expect(page.html.querySelector('input[type=password]')).toBeNull();
    expect(textOf(page)).toContain('Для входа на этот портал нужен вход через Госуслуги или РСАА.');
    expect(page.html.querySelector('.support a')?.getAttribute('href')).toBe(
      'mailto:support@region.example.test',
    );
    expect(textOf(page)).toMatch(/Написать в техподдержку\s+Инструкции по входу:\s+для сотрудников/);
  });

  it('asks somebody signed in by password to confirm herself, and raises the session she has', async () => {
    const person = visitor();
    const low = await signIn(person, quiz, { identifier: MARIA });
    const { started, page } = await toSignIn(person, region);
    expect(textOf(page)).toContain('Вы уже вошли');
    const callback = await scene.signInAt('esia', await leave(person, page, 'esia'), MARIA);
    const arrived = await person.follow(await person.request(callback), region.isCallback);
    expect((await region.finish(arrived.url, started)).claims()?.acr).toBe('urn:opo:loa:3');

    const again = await quiz.start();
    const silent = await person.follow(await person.request(again.url), quiz.isCallback);
    expect((await quiz.finish(silent.url, again)).claims()).toMatchObject({
      sub: low.tokens.claims()?.sub,
      acr: 'urn:opo:loa:3',
    });
  });

  it('says MSG-16 to somebody who has come back by herself', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, quiz);
    await leave(person, page, 'esia');
    const back = await person.open(page.url);
    expect(textOf(back)).toContain(
      'Госуслуги временно недоступны. Войдите по E-mail, номеру ЭПБ или через РСАА',
    );
    expect(upstreamsOn(back)).toEqual(['rsaa', 'esia']);
    const elsewhere = await toSignIn(visitor(), quiz);
    expect(elsewhere.page.html.querySelector('[role=alert]')).toBeNull();
  });

  it('says it when nobody can be sent there, and РСАА lets her in without beginning again', async () => {
    const person = visitor();
    const { started, page } = await toSignIn(person, quiz);
    const callback = await scene.signInAt('esia', await leave(person, page, 'esia'), 'orlova@example.test');
    breakEsia({ te: '503' });
    const failed = await person.follow(await person.request(callback), quiz.isCallback);
    breakEsia({ te: null });
    expect(failed.status).toBe(200);
    expect(textOf(failed)).toContain(
      'Госуслуги временно недоступны. Войдите по E-mail, номеру ЭПБ или через РСАА',
    );
    const other = await scene.signInAt('rsaa', await leave(person, failed, 'rsaa'), 'orlova_is');
    const arrived = await person.follow(await person.request(other), quiz.isCallback);
    expect((await quiz.finish(arrived.url, started)).claims()?.acr).toBe('urn:opo:loa:2');
  });
});

describe('somebody who is not let in reads why, beside the other ways', () => {
  it.each([
    ['unconfirmed (M-32)', 'kovalev@example.test', /не подтверждена/],
    ['with a simplified account (E-02)', 'e02@example.test', /не подтверждена/],
    ['a child (E-03)', '+79000000603', /учётная запись ребёнка/],
  ])('%s', async (_who, login, sentence) => {
    const { page } = await through(scene, visitor(), quiz, 'esia', login);
    expect(page.status).toBe(200);
    expect(page.html.querySelector('[role=alert]')?.text).toMatch(sentence);
    expect(upstreamsOn(page)).toEqual(['esia', 'rsaa']);
    expect(page.html.querySelector('input[type=password]')).not.toBeNull();
  });

  it.each(['esia', 'rsaa'] as const)('who has cancelled at %s', async (upstream) => {
    const person = visitor();
    const { started, page } = await toSignIn(person, quiz);
    const callback = await scene.cancelAt(upstream, await leave(person, page, upstream));
    const back = await person.follow(await person.request(callback), quiz.isCallback);
    expect(back.status).toBe(200);
    expect(back.html.querySelector('[role=alert]')?.text).toMatch(/отменён/);
    // Neither code nor state stays in the address bar.
    expect([...back.url.searchParams.keys()]).toEqual(['upstream', 'refused']);
    const again = await scene.signInAt(upstream, await leave(person, back, upstream));
    const arrived = await person.follow(await person.request(again), quiz.isCallback);
    expect((await quiz.finish(arrived.url, started)).claims()?.sub).toEqual(expect.any(String));
  });
});

it('what stands in the address of the page says no words but our own', async () => {
  const person = visitor();
  const { page } = await toSignIn(person, quiz);
  for (const search of [
    'upstream=esia&refused=<b>',
    'upstream=vk&refused=cancelled',
    'refused=child',
    'upstream=esia',
  ]) {
    const told = await person.open(new URL(`?${search}`, page.url));
    expect(told.status).toBe(200);
    expect(told.html.querySelector('[role=alert]')).toBeNull();
  }
});

describe('idp_hint', () => {
  it('leads there at once, and not again when she has come back', async () => {
    const person = visitor();
    const started = await quiz.start({ idp_hint: 'esia' });
    const page = await person.follow(
      await person.request(started.url),
      ({ origin }) => origin !== scene.open.issuer,
    );
    expect(page.url.origin).toBe(scene.esia.simulator.url);
    const callback = await scene.cancelAt('esia', page.url);
    const back = await person.follow(await person.request(callback), quiz.isCallback);
    expect(back.html.querySelector('[role=alert]')?.text).toMatch(/отменён/);
    const reloaded = await person.open(new URL(back.url.pathname, back.url));
    expect(upstreamsOn(reloaded)).toEqual(['esia', 'rsaa']);
  });

  it('shows the page when the portal does not let that way in, and refuses a name nobody has', async () => {
    await scene.open.house.clients.save(
      {
        client_id: 'only-password',
        client_name: 'Портал',
        client_secret: 'a secret of the portal, long enough',
        redirect_uris: ['http://127.0.0.1:6/callback'],
        allowed_doors: ['password'],
      },
      'test',
    );
    const portal = await relyingParty({
      issuer: scene.open.issuer,
      clientId: 'only-password',
      secret: 'a secret of the portal, long enough',
      redirectUri: 'http://127.0.0.1:6/callback',
    });
    const { page } = await toSignIn(visitor(), portal, { idp_hint: 'esia' });
    expect(page.status).toBe(200);
    expect(upstreamsOn(page)).toEqual([]);
    const refused = await visitor().request((await quiz.start({ idp_hint: 'vk' })).url);
    expect(new URL(refused.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request');
  });
});

it('a session of somebody else in this browser ends', async () => {
  const person = visitor();
  await signIn(person, quiz, { identifier: 'fedorov@example.test' });
  const started = await quiz.start({ prompt: 'login' });
  const page = await person.open(started.url);
  const callback = await scene.signInAt('esia', await leave(person, page, 'esia'), MARIA);
  const arrived = await person.follow(await person.request(callback), quiz.isCallback);
  const maria = (await quiz.finish(arrived.url, started)).claims()?.sub;
  expect(maria).toBe((await signIn(visitor(), quiz, { identifier: MARIA })).tokens.claims()?.sub);
});

it('leaves neither code nor state nor name in the log', async () => {
  const person = visitor();
  const { callback } = await toCallback(scene, person, quiz, 'esia', MARIA);
  await person.follow(await person.request(callback), quiz.isCallback);
  const log = scene.open.logged();
  for (const name of ['code', 'state']) {
    const value = callback.searchParams.get(name) ?? '';
    expect(value.length).toBeGreaterThan(10);
    expect(log).not.toContain(value);
  }
  expect(log).not.toContain('Иванова');
  expect(log).toContain('"method":"esia"');
});
