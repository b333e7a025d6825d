/** «Нормативно-справочная информация» without a sign-in: every guide in both languages, and where its links lead. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUIDES } from '../../provider/guides/guides.ts';
import { guideIn } from '../../provider/guides/read-guide.ts';
import { LOCALES } from '../../provider/http/texts.ts';
import { type OpenHouse, openHouse } from '../support/house.ts';
import { type Mail, openMail } from '../support/mail.ts';
import { testStores } from '../support/stores.ts';
import { type Page, visitor } from '../support/visitor.ts';
import { accountOf, enterWorkplace, postAs } from '../support/workplace.ts';

let mail: Mail;
let open: OpenHouse;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const localLinks = (page: Page) =>
  page.html
    .querySelectorAll('main a')
    .map((link) => link.getAttribute('href') ?? '')
    .filter((href) => href.startsWith('/'));

describe.each(LOCALES)('the guides in «%s»', (locale) => {
  const person = visitor({ 'accept-language': locale });

  it('are listed, shown, and each leads only where something is', async () => {
    const contents = await person.open(`${open.issuer}/guides`);
    expect(contents.html.querySelector('html')?.getAttribute('lang')).toBe(locale);
    expect(localLinks(contents)).toEqual(GUIDES.map((id) => `/guides/${id}`));
    const met = new Set<string>();
    for (const id of GUIDES) {
      const page = await person.open(`${open.issuer}/guides/${id}`);
      expect(page.status, id).toBe(200);
      expect(page.html.querySelector('h1')?.text).toBe(guideIn(locale, id).title);
      for (const href of localLinks(page)) met.add(href);
    }
    for (const href of met) {
      expect((await visitor().open(new URL(href, open.issuer))).status, href).toBe(200);
    }
  });
});

it('has a print view without the way around it, and nothing for an unknown guide', async () => {
  const person = visitor();
  const page = await person.open(`${open.issuer}/guides/email?print`);
  expect(page.html.querySelector('[data-print]')).not.toBeNull();
  expect(page.html.querySelector('.guide-turn')).toBeNull();
  for (const id of ['constructor', 'email.ru', '..%2femail']) {
    expect((await person.open(`${open.issuer}/guides/${id}`)).status, id).toBe(404);
  }
});

it('is a link in a new tab on every page that signs in, recovers or joins', async () => {
  const person = visitor();
  const signIn = await person.open(`${open.issuer}/cabinet`);
  const guides = (page: Page) =>
    page.html.querySelectorAll('.guide-links a').map((link) => ({
      href: link.getAttribute('href'),
      apart: link.getAttribute('target') === '_blank' && link.getAttribute('rel') === 'noopener',
    }));
  expect(guides(signIn)).toContainEqual({ href: '/guides/email', apart: true });
  const byTicket = signIn.html.querySelector('a[href$="by=ticket"]')?.getAttribute('href') ?? '';
  expect(guides(await person.open(new URL(byTicket, signIn.url)))).toContainEqual({
    ...{ href: '/guides/ticket', apart: true },
  });
  expect(guides(await person.open(`${open.issuer}/recovery`))).toEqual([
    { href: '/guides/recovery', apart: true },
  ]);
  expect(guides(await person.open(`${open.issuer}/join`))).toEqual([
    { href: '/guides/joining', apart: true },
  ]);
});

it('keeps the ticks of a chair, before she has given the undertaking, and of her alone', async () => {
  const { person, page } = await enterWorkplace(open, mail, 'ershov@example.test', '/chair/P-02/guides');
  expect(page.url.pathname).toBe('/chair/P-02/guides');
  expect(page.html.querySelectorAll('main .badge')).toHaveLength(0);
  const marked = await person.follow(await person.submit(page, /\/guides\/one-c\/read$/));
  expect(marked.html.querySelectorAll('main .badge')).toHaveLength(1);
  expect((await postAs(person, marked, '/chair/P-02/guides/one-c/read')).status).toBe(303);
  expect((await postAs(person, marked, '/chair/P-02/guides/email/read')).status).toBe(404);
  expect((await postAs(person, marked, '/chair/P-01/guides/one-c/read')).status).toBe(404);
  const rows = await open.house.stores.database.query('select account_id, guide from guide_read');
  expect(rows).toEqual([{ account_id: await accountOf(open, 'ershov@example.test'), guide: 'one-c' }]);
});
