/** The gate of the workplaces: who is let in, how sure we must be, and for how long. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresOffices, postgresVisits } from '../../../adapters/office-store/postgres.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { type AtWorkplace, enterWorkplace } from '../../support/workplace.ts';

const CHAIR = 'vasilyeva@example.test';

let mail: Mail;
let open: OpenHouse;
let chair: AtWorkplace;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
  chair = await enterWorkplace(open, mail, CHAIR);
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const linksOf = (page: Page) =>
  page.html.querySelectorAll('.doorway a').map((link) => link.getAttribute('href'));

describe('«Рабочее место»', () => {
  it('lets a chair in with a password and a mailed code, and shows what she acts for', () => {
    const { page } = chair;
    expect(page.url.pathname).toBe('/staff');
    expect(page.html.querySelector('main')?.structuredText).toContain('МБОУ СОШ № 15 г. Васильевска');
    expect(page.html.querySelector('main')?.structuredText).toContain(
      'Председатель первичной профсоюзной организации',
    );
  });

  it('has nothing for a member, who is told so without a step-up', async () => {
    const person = visitor();
    const door = await person.open(`${open.issuer}/cabinet`);
    const typed = { by: 'email', identifier: 'ivanova@example.test', password: PASSWORD };
    await person.follow(await person.submit(door, /\/password$/, typed));
    const none = await person.open(`${open.issuer}/staff`);
    expect(none.html.querySelector('h1')?.text).toBe('Рабочих мест у Вас нет');
    expect(none.html.querySelector('main a')?.getAttribute('href')).toBe('/cabinet');
    const foreign = await person.open(`${open.issuer}/chair/P-01/members`);
    expect(foreign.status).toBe(404);
    expect(foreign.html.querySelector('main')?.structuredText).toContain('доступ к ней закрыт');
    expect(foreign.html.querySelector('main a')?.getAttribute('href')).toBe('/staff');
    const elsewhere = await person.open(`${open.issuer}/nowhere`);
    expect(elsewhere.html.querySelector('main')?.structuredText).not.toContain('доступ');
    const home = await person.open(`${open.issuer}/cabinet`);
    expect(home.html.querySelector('nav.sections a[href="/staff"]')).toBeNull();
    const start = await person.open(`${open.issuer}/`);
    expect(linksOf(start)).toEqual(['/cabinet']);
  });

  it('is one step from the cabinet of whoever has one, and the cabinet from there; so is the start page', async () => {
    const { person, page } = chair;
    expect(page.html.querySelector('header a[href="/cabinet"]')?.text).toBe('Личный кабинет');
    const records = await person.open(`${open.issuer}/chair/P-01`);
    expect(records.html.querySelector('header a[href="/cabinet"]')).not.toBeNull();
    for (const room of ['/cabinet', '/cabinet/who-looked']) {
      const shown = await person.open(`${open.issuer}${room}`);
      expect(shown.html.querySelector('nav.sections a[href="/staff"]')?.text, room).toBe('Рабочее место');
    }
    expect(linksOf(await person.open(`${open.issuer}/`))).toEqual(['/cabinet', '/staff']);
    expect(linksOf(await visitor().open(`${open.issuer}/`))).toEqual(['/cabinet', '/join']);
  });

  it('says to whoever has lost her office what to one who never had any', async () => {
    const offices = postgresOffices(open.house.stores.database);
    const former = await enterWorkplace(open, mail, 'ershov@example.test');
    const [office] = await offices.at('P-02');
    await offices.revoke(office?.id ?? '', 'test');
    const none = await former.person.open(`${open.issuer}/staff`);
    expect(none.html.querySelector('main')?.structuredText).toContain('вышестоящую организацию');
    expect((await former.person.open(`${open.issuer}/chair/P-02`)).status).toBe(404);
  });

  it('sends whoever has left it for an hour to sign in again, and lets her on then', async () => {
    await open.house.stores.database.query(
      `update workplace_visit set seen_at = now() - interval '61 minutes'`,
    );
    // Signed in just now, she is awake by that alone.
    expect((await chair.person.request(`${open.issuer}/staff`)).status).toBe(200);

    await open.house.stores.database.query('delete from workplace_visit');
    const [session] = await open.house.stores.database.query<{ uid: string }>(
      'select uid from account_session order by signed_in_at desc limit 1',
    );
    expect(
      await postgresVisits(open.house.stores.database).keepAwake(session?.uid ?? '', new Date(0), 3_600),
    ).toBe(false);
  });

  it.each(['//evil.test', 'https://evil.test/', '/cabinet', '/chair/../cabinet', '/operator?x=1'])(
    'comes back from a sign-in to no %s',
    async (state) => {
      const answer = await chair.person.request(
        `${open.issuer}/staff/enter?code=x&state=${encodeURIComponent(state)}`,
      );
      expect(answer.headers.get('location')).toBe('/staff');
    },
  );
});
