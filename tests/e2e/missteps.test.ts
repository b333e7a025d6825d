import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse } from '../support/house.ts';
import { compass, dictation } from '../support/portals.ts';
import type { RelyingParty } from '../support/relying-party.ts';
import { testStores } from '../support/stores.ts';
import { type Visitor, visitor } from '../support/visitor.ts';
import { type Door, fillIn, signIn, toSignIn } from '../support/walks.ts';

let open: OpenHouse;
let quiz: RelyingParty;
beforeAll(async () => {
  open = await openHouse(await testStores());
  quiz = await dictation(open);
});
afterAll(() => open.close());

const tryDoor = async (door: Door, person: Visitor = visitor()) => {
  const { page } = await toSignIn(person, quiz);
  return fillIn(person, quiz, page, door);
};

describe('what is typed wrong', () => {
  it.each<[string, Door, string]>([
    [
      'wrong password',
      { identifier: 'anna@example.test', password: 'не тот пароль' },
      'Неверный E-mail или пароль',
    ],
    ['unknown address', { identifier: 'nobody@example.test' }, 'Неверный E-mail или пароль'],
    ['unknown ticket', { by: 'ticket', identifier: '9900000000009999' }, 'Неверный номер билета или пароль'],
    ['15 digits', { by: 'ticket', identifier: '990000000000001' }, 'Номер билета состоит из 16 цифр'],
    ['letters О for zeros', { by: 'ticket', identifier: '99ОО 0000 0000 0011' }, 'вместо нуля'],
    ['mixed alphabets', { identifier: 'a@mаil.ru' }, 'русские и латинские буквы'],
    ['no password', { identifier: 'anna@example.test', password: '' }, 'парол'],
  ])('%s: a sentence in Russian, everything kept but the password', async (_name, door, sentence) => {
    const answer = await tryDoor(door);
    expect(answer.status).toBe(422);
    expect(answer.body).toContain(sentence);
    const field = answer.html.querySelector('input[name=identifier]');
    expect(field?.getAttribute('value')).toBe(door.identifier);
    expect(answer.html.querySelector('input[name=password]')?.getAttribute('value') ?? '').toBe('');
  });

  it('a locked account and an unconfirmed address answer like an unknown one', async () => {
    await open.house.stores.database.query(
      "update account set status = 'locked' where id in (select account_id from identifier where value = 'alla@example.test')",
    );
    const mask = (body: string) =>
      body.replace(/interaction\/[\w-]+|from=[\w-]+|value="[^"]*"|@example/g, '');
    const [unknown, locked, unconfirmed] = await Promise.all(
      ['qqqq@example.test', 'alla@example.test', 'unfinished@example.test'].map((identifier) =>
        tryDoor({ identifier }),
      ),
    );
    expect(mask(locked?.body ?? '')).toBe(mask(unknown?.body ?? ''));
    expect(mask(unconfirmed?.body ?? '')).toBe(mask(unknown?.body ?? ''));
    expect(locked?.status).toBe(unknown?.status);
  });

  it('five wrong passwords: the next is not judged, whatever the spelling or the door; a known device still gets in', async () => {
    const home = visitor();
    await signIn(home, quiz, { identifier: 'petrov1@example.test' });
    await home.jar.removeAllCookies().then(() => undefined);
    const known = visitor();
    await signIn(known, quiz, { identifier: 'petrov1@example.test' });

    const spellings = [
      'petrov1@example.test',
      'PETROV1@example.test',
      ' petrov1@EXAMPLE.test',
      'Petrov1@example.TEST',
    ];
    for (const identifier of [...spellings, 'petrov1@example.test']) {
      await tryDoor({ identifier, password: 'не тот пароль' });
    }
    const byMail = await tryDoor({ identifier: 'petrov1@example.test' });
    expect(byMail.status).toBe(429);
    expect(byMail.body).toMatch(/через \d+/);
    const byTicket = await tryDoor({ by: 'ticket', identifier: '9900000000000060' });
    expect(byTicket.status).toBe(429);

    const { page } = await toSignIn(known, quiz, { prompt: 'login' });
    const arrived = await fillIn(known, quiz, page, { identifier: 'petrov1@example.test' });
    expect(quiz.isCallback(arrived.url)).toBe(true);
  });
});

describe('pages that have grown old', () => {
  const expire = () => open.house.stores.storage('Interaction');

  it('the slow typist is told so, and goes on with what was typed', async () => {
    const person = visitor();
    const { page, started } = await toSignIn(person, quiz);
    await expire().destroy(page.url.pathname.split('/')[2] ?? '');
    const late = await fillIn(person, quiz, page, { identifier: 'grishin@example.test' });
    expect(late.status).toBe(410);
    expect(late.body).toContain('Профсоюзный диктант');
    const again = await person.follow(await person.submit(late, /again$/));
    expect(again.html.querySelector('input[name=identifier]')?.getAttribute('value')).toBe(
      'grishin@example.test',
    );
    const arrived = await fillIn(person, quiz, again, { identifier: 'grishin@example.test' });
    expect((await quiz.finish(arrived.url, started)).access_token).toBeTruthy();
  });

  it('the back button after the sign-in leads on, not into an error', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, quiz);
    await fillIn(person, quiz, page, { identifier: 'kuznetsov@example.test' });
    const back = await person.request(page.url);
    expect(back.status).toBe(410);
    const on = await person.follow(await person.submit(back, /again$/), quiz.isCallback);
    expect(quiz.isCallback(on.url)).toBe(true);
  });

  it('two tabs: each ends at its own portal, the second without a form', async () => {
    const other = await compass(open);
    const person = visitor();
    const one = await toSignIn(person, quiz);
    const two = await toSignIn(person, other);
    const first = await fillIn(person, quiz, one.page, { identifier: 'orlova@example.test' });
    expect(quiz.isCallback(first.url)).toBe(true);
    const second = await person.follow(await person.request(two.page.url), other.isCallback);
    expect(other.isCallback(second.url)).toBe(true);
    expect((await other.finish(second.url, two.started)).access_token).toBeTruthy();
  });

  it('another person at the same browser: the first is signed out, the second is in', async () => {
    const person = visitor();
    const first = await signIn(person, quiz, { identifier: 'zaitsev@example.test' });
    const second = await signIn(person, quiz, { identifier: 'lapteva@example.test' }, { prompt: 'login' });
    expect(second.tokens.claims()?.sub).not.toBe(first.tokens.claims()?.sub);
    const cabinet = await person.open(`${open.issuer}/cabinet`);
    expect(cabinet.body).toContain('Лаптева');
  });

  it('a page without its cookies says what to do', async () => {
    const { page } = await toSignIn(visitor(), quiz);
    const stranger = await visitor().request(page.url);
    expect(stranger.status).toBe(410);
    expect(stranger.body).toContain('устарела');
  });
});

describe('a browser that shares a planted interaction', () => {
  it('cannot resume what another browser has finished', async () => {
    const attacker = visitor();
    const { page } = await toSignIn(attacker, quiz);
    const victim = visitor();
    for (const cookie of await attacker.jar.getCookies(page.url.href)) {
      if (/interaction/.test(cookie.key)) await victim.jar.setCookie(cookie, page.url.href);
    }
    const shown = await victim.request(page.url);
    const answer = await victim.submit(shown, /\/password$/, {
      by: 'email',
      identifier: 'belova@example.test',
      password: (await import('../support/house.ts')).PASSWORD,
    });
    const resume = new URL(answer.headers.get('location') ?? '', page.url);
    const stolen = await attacker.request(resume);
    expect(stolen.status).toBe(403);
    const cabinet = await attacker.request(`${open.issuer}/cabinet`);
    expect(cabinet.status).toBe(303);
  });
});
