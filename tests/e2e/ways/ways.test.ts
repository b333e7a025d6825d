/** «Способы входа»: a way added with a proof of both sides, and removed; what somebody else could try with either. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { PASSWORD } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';

let mail: Mail;
let scene: Federation;
beforeAll(async () => {
  mail = await openMail();
  scene = await openFederation({ environment: { SMTP_URL: mail.smtpUrl } });
});
afterAll(async () => {
  await scene.close();
  await mail.close();
});

const at = (path: string) => `${scene.open.issuer}${path}`;
const enter = async (identifier: string, person = visitor()) => {
  const page = await person.open(at('/cabinet/ways'));
  const answer = await person.submit(page, /\/password$/, { by: 'email', identifier, password: PASSWORD });
  return { person, page: await person.follow(answer) };
};
const press = async (person: Visitor, page: Page, action: RegExp, fields: Record<string, string>) =>
  person.follow(await person.submit(page, action, fields));
/** Proved here; the page with the link that leads away. */
const prove = async (person: Visitor, id: 'esia' | 'rsaa') => {
  const room = await person.open(at(`/cabinet/ways/${id}`));
  return press(person, room, /\/cabinet\/ways\/\w+$/, { password: PASSWORD });
};
const isAway = (url: URL) => url.origin !== new URL(scene.open.issuer).origin;
/** Up to the upstream; its address. */
const depart = async (person: Visitor, id: 'esia' | 'rsaa') => {
  const proved = await prove(person, id);
  expect(proved.html.querySelector(`a[href="/cabinet/ways/${id}/depart"]`)).not.toBeNull();
  const left = await person.follow(await person.request(at(`/cabinet/ways/${id}/depart`)), isAway);
  expect(isAway(left.url)).toBe(true);
  return left.url;
};
const linksOf = async (email: string) =>
  (
    await scene.open.house.stores.database.query<{ upstream: string }>(
      `select l.upstream from linked_identity l join identifier i on i.account_id = l.account_id
        where i.kind = 'email' and i.value = $1 order by l.upstream`,
      [email],
    )
  ).map(({ upstream }) => upstream);
const addedTo = async (email: string) => {
  const [row] = await scene.open.house.stores.database.query<{ count: number }>(
    `select count(*)::int as count from audit a join identifier i on i.account_id = a.account_id
      where i.kind = 'email' and i.value = $1 and a.event = 'identity_linked'`,
    [email],
  );
  return row?.count;
};
const textOf = ({ html }: Page) => html.querySelector('main')?.text.replaceAll(/\s+/g, ' ') ?? '';

describe('a way in', () => {
  it('is added with a proof of both sides, told by letter, and leads to the same account', async () => {
    const email = 'fedorov@example.test';
    const { person, page } = await enter(email);
    expect(textOf(page)).toContain('Добавить вход через Госуслуги');
    expect(textOf(page)).toContain('•••• 0029');
    const room = await person.open(at('/cabinet/ways/esia'));
    const wrong = await person.submit(room, /\/ways\/esia$/, { password: 'не тот пароль совсем' });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toContain('Текущий пароль введён неверно');
    // Without the proof nobody leaves.
    const early = await person.request(at('/cabinet/ways/esia/depart'));
    expect(early.headers.get('location')).toBe('/cabinet/ways/esia');

    const away = await depart(person, 'esia');
    const back = await scene.signInAt('esia', away, email);
    expect(back.pathname).toBe('/callback/esia');
    const done = await person.open(back);
    expect(done.url.pathname).toBe('/cabinet/ways');
    expect(textOf(done)).toContain('Способ входа добавлен');
    expect(done.body).not.toContain('1000000102');
    expect(await linksOf(email)).toEqual(['esia']);
    const letter = await mail.take(email, /Добавлен способ входа/);
    expect(letter.text).toContain('Госуслуги');
    // The same answer once more is worth nothing.
    expect(textOf(await person.open(back))).not.toContain('Способ входа добавлен');

    const other = visitor();
    const signIn = await other.open(at('/cabinet'));
    const link = signIn.html.querySelector('a[data-upstream="esia"]')?.getAttribute('href') ?? '';
    const left = await other.follow(await other.request(new URL(link, signIn.url)), isAway);
    const home = await other.open(await scene.signInAt('esia', left.url, email));
    expect(home.url.pathname).toBe('/cabinet');
    expect(textOf(home)).toContain('Фёдоров-Ёлкин');
    const history = await other.open(at('/cabinet/sign-ins'));
    expect(textOf(history)).toContain('Госуслуги');
    expect(textOf(history)).toContain('Личный кабинет члена Профсоюза');
  });

  it('is not added when she cancels there', async () => {
    const { person } = await enter('long@example.test');
    const back = await person.open(await scene.cancelAt('rsaa', await depart(person, 'rsaa')));
    expect(textOf(back)).toContain('отменён, ничего не изменилось');
    expect(await linksOf('long@example.test')).toEqual([]);
  });

  it('that opens another account already stays that one’s, of which nothing is said', async () => {
    const { person } = await enter('sofia@example.test');
    const away = await depart(person, 'esia');
    const back = await person.open(await scene.signInAt('esia', away, 'ivanova@example.test'));
    expect(textOf(back)).toContain('уже открывает другой личный кабинет');
    expect(back.body).not.toMatch(/Иванова|ivanova|0011/);
    expect(await linksOf('sofia@example.test')).toEqual([]);
    expect(await linksOf('ivanova@example.test')).toEqual(['esia']);
  });

  it('whose data contradict hers ends in a case, with kinds and no values', async () => {
    const { person } = await enter('timur@example.test');
    const away = await depart(person, 'esia');
    const back = await person.open(await scene.signInAt('esia', away, 'sofia@example.test'));
    expect(textOf(back)).toMatch(/\d{4}-\d{6}/);
    expect(textOf(back)).toContain('Фамилия – не совпадает');
    expect(back.body).not.toMatch(/Римская|Ахметов/);
    expect(await linksOf('timur@example.test')).toEqual([]);
  });
});

describe('what else can be tried', () => {
  const email = 'lapteva@example.test';

  it('one proof lets one leave, however often at once; and its answer counts once', async () => {
    const { person } = await enter(email);
    await prove(person, 'rsaa');
    const tries = await Promise.all(
      [1, 2, 3, 4, 5].map(() => person.request(at('/cabinet/ways/rsaa/depart'))),
    );
    const places = tries.map(({ headers, url }) => new URL(headers.get('location') ?? '', url));
    const [away, ...more] = places.filter(isAway);
    expect(more).toEqual([]);
    if (!away) throw new Error('nobody left');
    const back = await scene.signInAt('rsaa', away, 'lapteva_zf');
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => person.request(back)));
    const settled = await Promise.all(
      answers.map(({ headers, url }) => person.request(new URL(headers.get('location') ?? '', url))),
    );
    // Whoever comes when she is linked already is led to the list, too; it is added once.
    expect(settled.some(({ headers }) => headers.get('location') === '/cabinet/ways')).toBe(true);
    expect(await linksOf(email)).toEqual(['rsaa']);
    expect(await addedTo(email)).toBe(1);
  });

  it('a form without its token, or a proof of another session, opens no door', async () => {
    const { person } = await enter('belova@example.test');
    const forged = await person.request(at('/cabinet/ways/rsaa'), {
      method: 'POST',
      headers: { origin: scene.open.issuer, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ password: PASSWORD }),
    });
    expect(forged.status).toBe(403);
    await prove(person, 'rsaa');
    const { person: elsewhere } = await enter('belova@example.test');
    const tried = await elsewhere.request(at('/cabinet/ways/rsaa/depart'));
    expect(tried.headers.get('location')).toBe('/cabinet/ways/rsaa');
    expect((await person.request(at('/cabinet/ways/rsaa/depart'))).headers.get('location')).toBe(
      '/cabinet/ways/rsaa',
    );
  });

  it('an answer that another account’s session asked for is nobody’s', async () => {
    const { person } = await enter('grishin@example.test');
    const away = await depart(person, 'rsaa');
    const back = await scene.signInAt('rsaa', away, 'orlova_is');
    const { person: other } = await enter('belova@example.test');
    expect(textOf(await other.open(back))).toContain('устарел или уже использован');
    expect(await linksOf('belova@example.test')).toEqual(['esia']);

    // And of her own, when somebody else has signed in to this browser meanwhile.
    const again = await depart(person, 'rsaa');
    const answer = await scene.signInAt('rsaa', again, 'orlova_is');
    const asked = await person.request(at('/cabinet/prove?room=/cabinet/ways'));
    const request = new URL(asked.headers.get('location') ?? '', asked.url);
    expect(request.searchParams.get('idp_hint')).toBe('esia');
    request.searchParams.delete('idp_hint');
    const signIn = await person.open(request);
    await press(person, signIn, /\/password$/, {
      ...{ by: 'email', identifier: 'polyakova@example.test', password: PASSWORD },
    });
    await person.open(answer);
    expect(await linksOf('grishin@example.test')).toEqual(['esia']);
    expect(await linksOf('polyakova@example.test')).toEqual(['esia']);
  });
});

describe('a way out of use', () => {
  const email = 'orlova@example.test';

  it('is removed with a proof; who came in by it is out, and does not come in by it again unproved', async () => {
    const throughEsia = visitor();
    const signIn = await throughEsia.open(at('/cabinet'));
    const link = signIn.html.querySelector('a[data-upstream="esia"]')?.getAttribute('href') ?? '';
    const left = await throughEsia.follow(await throughEsia.request(new URL(link, signIn.url)), isAway);
    await throughEsia.open(await scene.signInAt('esia', left.url, email));
    const { person: byPassword } = await enter(email);
    const { person, page } = await enter(email);

    expect(page.html.querySelectorAll('a[href$="/remove"]')).toHaveLength(2);
    const room = await person.open(at('/cabinet/ways/esia/remove'));
    expect((await person.submit(room, /\/remove$/, { password: '' })).status).toBe(422);
    const done = await press(person, room, /\/remove$/, { password: PASSWORD });
    expect(textOf(done)).toContain('Способ входа убран');
    expect(await linksOf(email)).toEqual(['rsaa']);
    expect((await mail.take(email, /Удалён способ входа/)).text).toContain('Госуслуги');
    const inside = async (one: Visitor) => (await one.request(at('/cabinet/ways'))).status === 200;
    expect(await Promise.all([throughEsia, byPassword, person].map(inside))).toEqual([false, true, true]);

    const again = visitor();
    const page2 = await again.open(at('/cabinet'));
    const link2 = page2.html.querySelector('a[data-upstream="esia"]')?.getAttribute('href') ?? '';
    const left2 = await again.follow(await again.request(new URL(link2, page2.url)), isAway);
    const asked = await again.open(await scene.signInAt('esia', left2.url, email));
    expect(asked.url.pathname).toMatch(/\/link$/);
  });

  it('is not the last: that one stays, whatever is pressed', async () => {
    const { database } = scene.open.house.stores;
    await database.query(
      `delete from password where account_id = (select account_id from identifier where kind = 'email' and value = $1)`,
      [email],
    );
    const person = visitor();
    const signIn = await person.open(at('/cabinet/ways'));
    const link = signIn.html.querySelector('a[data-upstream="rsaa"]')?.getAttribute('href') ?? '';
    const left = await person.follow(await person.request(new URL(link, signIn.url)), isAway);
    const ways = await person.open(await scene.signInAt('rsaa', left.url));
    expect(ways.url.pathname).toBe('/cabinet/ways');
    expect(textOf(ways)).toContain('Это единственный способ входа');
    expect(ways.html.querySelector('a[href$="/remove"]')).toBeNull();
    const room = await person.open(at('/cabinet/ways/rsaa/remove'));
    const refused = await person.submit(room, /\/remove$/);
    expect(refused.status).toBe(422);
    expect(refused.body).toContain('Это единственный способ входа');
    expect(await linksOf(email)).toEqual(['rsaa']);
  });
});

describe('the history of sign-ins', () => {
  it('has pages, and takes no cursor but its own', async () => {
    const { person } = await enter('zaitsev@example.test');
    const { database } = scene.open.house.stores;
    await database.query(
      `insert into audit (event, outcome, actor, account_id, network, detail)
       select 'sign_in', 'failure', 'x', i.account_id, '192.0.2.0/24', '{"method": "password_ticket"}'
         from identifier i, generate_series(1, 45) where i.kind = 'email' and i.value = $1`,
      ['zaitsev@example.test'],
    );
    let page = await person.open(at('/cabinet/sign-ins'));
    const seen: number[] = [];
    for (;;) {
      seen.push(page.html.querySelectorAll('main time').length);
      const older = page.html.querySelector('a[href*="before="]')?.getAttribute('href');
      if (older === undefined) break;
      page = await person.open(at(older));
    }
    expect(seen).toEqual([20, 20, 6]);
    expect(textOf(page)).toContain('Номер ЭПБ и пароль');
    expect(textOf(page)).toContain('Отказано');
    for (const cursor of ["1' or 1=1", '-1', '1e3', '99999999999999999999', '']) {
      expect(
        (await person.request(at(`/cabinet/sign-ins?before=${encodeURIComponent(cursor)}`))).status,
      ).toBe(400);
    }
  });
});
