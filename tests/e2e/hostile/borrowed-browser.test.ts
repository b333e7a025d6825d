/** Classes 1 and 4: what a browser was once given is worth nothing to it when the account has passed into other hands. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { codeIn, linkIn, type Mail, openMail } from '../../support/mail.ts';
import { press } from '../../support/newcomers.ts';
import { heading, registeringAt } from '../../support/registering.ts';
import { testStores } from '../../support/stores.ts';
import { visitor } from '../../support/visitor.ts';

const MEMBER = {
  ...{ family: 'Мамедов', given: 'Рашад', middle: 'Али-оглы', birthdate: '30.11.1980' },
  ticket: '9900 0000 0000 0052',
};

let mail: Mail;
let open: OpenHouse;
let walk: ReturnType<typeof registeringAt>;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
  walk = registeringAt(open.issuer, mail);
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const at = (path: string) => `${open.issuer}${path}`;

it('who began a registration in another person’s name has nothing of it once the owner has set her own password', async () => {
  const email = 'owner@example.test';
  const stranger = visitor();
  await walk.ask(stranger, { email, password: 'a password of the stranger, long' });
  const owner = visitor();
  await walk.confirm(owner, await walk.linkFor(email));
  await owner.submit(await owner.open(at('/recovery')), /^\/recovery/, { email });
  const link = linkIn(await mail.take(email, /Восстановление пароля/), '/recovery/');
  const fresh = 'a password of the owner herself';
  await owner.submit(await owner.open(link), /^\/recovery\//, { fresh, repeated: fresh });

  // The page that waits for the letter leads whoever began it into the wizard, but not any more.
  expect(heading(await stranger.open(at('/join/letter')))).toBe('Вход');
  expect(heading(await stranger.open(at('/join/ticket')))).toBe('Вход');
});

it('who once confirmed it cannot click again after the owner has set a new password', async () => {
  const email = 'shared-mailbox@example.test';
  const hasty = visitor();
  await walk.ask(visitor(), { email });
  const link = await walk.linkFor(email);
  const asked = await hasty.open(link);
  const click = () => hasty.submit(asked, /\/join\/confirm\/[\w-]+$/);
  for (const clicked of [await click(), await click()]) {
    expect(heading(await hasty.follow(clicked))).toContain('билет');
  }
  const owner = visitor();
  await owner.submit(await owner.open(at('/recovery')), /^\/recovery/, { email });
  const reset = linkIn(await mail.take(email, /Восстановление пароля/), '/recovery/');
  const fresh = 'a password of the owner herself';
  await owner.submit(await owner.open(reset), /^\/recovery\//, { fresh, repeated: fresh });

  await hasty.follow(await click());
  expect(heading(await hasty.open(at('/join/ticket')))).toBe('Вход');
});

it('the end of the wizard leads into the account it was about, whoever was signed in to this browser', async () => {
  const colleague = 'timur@example.test';
  const person = visitor();
  const page = await person.open(at('/cabinet'));
  const door = { by: 'email', identifier: colleague, password: PASSWORD };
  const before = await person.follow(await person.submit(page, /\/password$/, door));
  expect(before.body).toContain(colleague);

  // She has begun elsewhere, and opens the letter at the colleague's computer.
  const email = 'newcomer@example.test';
  await walk.ask(visitor(), { email });
  const question = await person.follow(await walk.confirm(person, await walk.linkFor(email)));
  const form = await press(person, question, /\/join\/question$/, { answer: 'yes' });
  const matched = await press(person, form, /^\/join\/ticket$/, { ...MEMBER, union_pd: 'yes' });
  const documents = await press(person, matched, /continue$/);
  for (const one of documents.html.querySelectorAll('form[action$="/open"]')) {
    await press(person, documents, new RegExp(`^${one.getAttribute('action')}$`));
  }
  await press(person, await person.open(at('/join/documents')), /documents\/sign$/);
  const code = codeIn(await mail.take(email, /код подтверждения/i));
  const coded = await person.open(at('/join/code'));
  const done = await press(person, coded, /\/join\/code$/, { code });
  const cabinet = await press(person, done, /\/done\/cabinet$/);
  expect(cabinet.url.pathname).toBe('/cabinet');
  expect(cabinet.body).toContain(email);
  expect(cabinet.body).not.toContain(colleague);
});
