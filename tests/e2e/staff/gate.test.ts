/** The gate of the workplaces: who is let in, how sure we must be, and for how long. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresVisits } from '../../../adapters/office-store/postgres.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { testStores } from '../../support/stores.ts';
import { visitor } from '../../support/visitor.ts';
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

describe('«Рабочее место»', () => {
  it('lets a chair in with a password and a mailed code, and shows what she acts for', () => {
    const { page } = chair;
    expect(page.url.pathname).toBe('/staff');
    expect(page.html.querySelector('main')?.structuredText).toContain('МБОУ СОШ № 15 г. Васильевска');
    expect(page.html.querySelector('main')?.structuredText).toContain(
      'Председатель первичной профсоюзной организации',
    );
  });

  it('is not there for a member, who is told so without a step-up', async () => {
    const person = visitor();
    const door = await person.open(`${open.issuer}/cabinet`);
    const typed = { by: 'email', identifier: 'ivanova@example.test', password: PASSWORD };
    await person.follow(await person.submit(door, /\/password$/, typed));
    expect((await person.open(`${open.issuer}/staff`)).status).toBe(404);
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
