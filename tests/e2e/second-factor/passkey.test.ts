/** Passkeys: made, signed in with, and every way to pretend. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import type { SoftwarePasskey, Told } from '../../support/passkey.ts';
import { enrolPasskey, mayChange, optionsAt, PROTECTION } from '../../support/protection.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { toSignIn } from '../../support/walks.ts';
import { accountOf, postAs } from '../../support/workplace.ts';

const SECRET = 'a secret of a test, long enough to be one';
const EMAIL = 'anna@example.test';

let mail: Mail;
let open: OpenHouse;
let portal: RelyingParty;
let passkey: SoftwarePasskey;
let counter = 0;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
  const redirectUri = 'http://127.0.0.1:7/portal';
  await open.house.clients.save(
    {
      ...{ client_id: 'portal', client_name: 'portal', client_secret: SECRET, first_party: true },
      ...{ redirect_uris: [redirectUri], scope: 'openid', minimum_acr: 'urn:opo:loa:2' },
    },
    'test',
  );
  portal = await relyingParty({ issuer: open.issuer, clientId: 'portal', secret: SECRET, redirectUri });
  const { person, page } = await mayChange(open, mail, EMAIL);
  passkey = (await enrolPasskey(open, person, page, { counter })).passkey;
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const problem = (page: Page) => page.html.querySelector('.summary p')?.text.trim();
const honest = (): Told => {
  counter += 1;
  return { origin: open.issuer, counter };
};
const optionsOf = (person: Visitor, page: Page) =>
  optionsAt(person, page, `${page.url.pathname}/passkey/options`);
const give = (person: Visitor, page: Page, response: string) =>
  person.submit(page, /\/passkey$/, { response });

/** At «Вход», with the answer of her key. */
async function tryWith(told: Partial<Told>, key = passkey): Promise<Page> {
  const person = visitor();
  const { page } = await toSignIn(person, portal);
  return give(person, page, key.answer(await optionsOf(person, page), { ...honest(), ...told }));
}

describe('«Войти с ключом доступа»', () => {
  it('is the whole sign-in: level 2, amr of a key and of whoever was recognised', async () => {
    const person = visitor();
    const { started, page } = await toSignIn(person, portal);
    const form = page.html.querySelector('form[data-passkey]');
    expect(form?.hasAttribute('hidden')).toBe(true);
    const options = await optionsOf(person, page);
    expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required', allowCredentials: [] });
    const answered = await give(person, page, passkey.answer(options, honest()));
    const arrived = await person.follow(answered, portal.isCallback);
    const claims = (await portal.finish(arrived.url, started)).claims();
    expect(claims).toMatchObject({ acr: 'urn:opo:loa:2', amr: ['swk', 'user', 'urn:opo:way:passkey'] });
    const history = await person.open(`${open.issuer}/cabinet/sign-ins`);
    expect(history.body).toContain('Ключ доступа');
  });

  it('knows her by a name that says nothing of her', async () => {
    const accountId = await accountOf(open, EMAIL);
    const handle = Buffer.from(passkey.userHandle, 'base64url');
    expect(handle).toHaveLength(32);
    for (const told of [accountId, EMAIL]) expect(handle.toString()).not.toContain(told);
  });

  it('of parallel answers to one challenge one counts, and none later', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, portal);
    const answer = passkey.answer(await optionsOf(person, page), honest());
    const answers = await Promise.all(Array.from({ length: 5 }, () => give(person, page, answer)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422, 422, 422]);
  });

  it.each<[string, Partial<Told>]>([
    ['another site', { origin: 'https://evil.test' }],
    ['another relying party', { rpId: 'evil.test' }],
    ['a challenge of nobody', { challenge: 'c29tZWJvZHkgZWxzZQ' }],
    ['the making of a key', { type: 'webauthn.create' }],
    ['a touch without a person', { userVerified: false }],
    ['somebody else', { userHandle: 'c29tZWJvZHkgZWxzZQ' }],
    ['a copy whose counter stands still', { counter: 0 }],
  ])('is refused to %s', async (_name, told) => {
    const answer = await tryWith(told);
    expect([answer.status, problem(answer)?.slice(0, 33)]).toEqual([
      422,
      'Ключ доступа не подтвердился: про',
    ]);
  });

  it('takes no challenge of another interaction, nor of another purpose', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, portal);
    const other = visitor();
    const there = await toSignIn(other, portal);
    const answer = passkey.answer(await optionsOf(other, there.page), honest());
    expect((await give(person, page, answer)).status).toBe(422);
    // It is used up by that.
    expect((await give(other, there.page, answer)).status).toBe(422);
  });

  it.each(['', '{}', '[]', '{"id":"x","response":{"clientDataJSON":"e30"}}', 'null', '{"id":1}'])(
    'answers what is no answer with a sentence: %s',
    async (response) => {
      const person = visitor();
      const { page } = await toSignIn(person, portal);
      expect((await give(person, page, response)).status).toBe(422);
    },
  );

  it("says so where the key is nobody's", async () => {
    const { person, page } = await mayChange(open, mail, 'sofia@example.test');
    const stray = (await enrolPasskey(open, person, page)).passkey;
    await open.house.stores.database.query('delete from passkey where credential_id = $1', [stray.id]);
    const answer = await tryWith({ counter: 0 }, stray);
    expect([answer.status, problem(answer)?.slice(0, 26)]).toEqual([422, 'Этот ключ доступа здесь не']);
  });

  it('does not open a locked account', async () => {
    const email = 'alla@example.test';
    const { person, page } = await mayChange(open, mail, email);
    const hers = (await enrolPasskey(open, person, page)).passkey;
    const { database } = open.house.stores;
    await database.query(`update account set status = 'locked' where id = $1`, [
      await accountOf(open, email),
    ]);
    expect((await tryWith({ counter: 0 }, hers)).status).toBe(422);
  });
});

describe('a passkey in the cabinet', () => {
  it('is added once, by the session that asked, on the site that asked', async () => {
    const { person, page } = await mayChange(open, mail, 'petrov1@example.test');
    const elsewhere = await enrolPasskey(open, person, page, { origin: 'https://evil.test' });
    expect(problem(elsewhere.page)).toContain('не добавлен');
    const unrecognised = await enrolPasskey(open, person, page, { userVerified: false });
    expect(problem(unrecognised.page)).toContain('не добавлен');
    const added = await enrolPasskey(open, person, page);
    expect(added.page.body).toContain('Ноутбук');
    const options = await optionsAt(person, page, `${PROTECTION}/passkeys/options`);
    expect(options).toMatchObject({ excludeCredentials: [{ id: added.passkey.id }] });
  });

  it('is her only way in, and so is not removed', async () => {
    const email = 'petrov2@example.test';
    const { person, page } = await mayChange(open, mail, email);
    const { page: listed } = await enrolPasskey(open, person, page);
    await open.house.stores.database.query('delete from password where account_id = $1', [
      await accountOf(open, email),
    ]);
    const remove = listed.html.querySelector('a[href$=remove]')?.getAttribute('href') ?? '';
    const asked = await person.open(new URL(remove, open.issuer));
    const kept = await postAs(person, asked, remove);
    expect([kept.status, problem(kept)?.slice(0, 22)]).toEqual([422, 'Без этого ключа доступ']);
  });
});
