/** What people do, as receivers hear of it: consents withdrawn and given again, other sessions ended, an account deleted. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EVENT_TYPES, type EventName, SUPPORTED_EVENTS } from '../../../provider/signals/signal.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { codeIn, type Mail, openMail } from '../../support/mail.ts';
import { accountOf } from '../../support/management-api.ts';
import { dictation, profcards, thirdParty } from '../../support/portals.ts';
import type { RelyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Visitor, visitor } from '../../support/visitor.ts';
import { fillIn, signIn, toSignIn } from '../../support/walks.ts';

const PATIENCE = { timeout: 20_000, interval: 100 };
let open: OpenHouse;
let mail: Mail;
let bonus: RelyingParty;
let quiz: RelyingParty;
let acme: RelyingParty;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl, THROTTLE: 'off' });
  [bonus, quiz, acme] = [await profcards(open), await dictation(open), await thirdParty(open)];
  for (const clientId of ['profcards-web', 'dictation', 'acme-quiz']) {
    await open.house.stores.database.query(
      "insert into event_stream (client_id, id, method, events) values ($1, $1, 'poll', $2)",
      [clientId, SUPPORTED_EVENTS],
    );
  }
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const enter = async (identifier: string, room: string): Promise<Visitor> => {
  const person = visitor();
  const page = await person.open(`${open.issuer}${room}`);
  await person.follow(
    await person.submit(page, /\/password$/, { by: 'email', identifier, password: PASSWORD }),
  );
  return person;
};
/** As `[client, detail]`, of the person who is known by these subjects. */
const told = async (name: EventName, subjects: readonly string[]) =>
  open.house.stores.database.query<{ client: string; session: string | null; consent: string | null }>(
    `select client_id as client, session, detail->>'consent' as consent from stream_event
      where type = $1 and subject = any ($2) order by client_id, seq`,
    [EVENT_TYPES[name], subjects],
  );
const subjectAt = (tokens: { claims(): { sub: string } | undefined }) => tokens.claims()?.sub ?? '';
const clients = (events: readonly { client: string }[]) => events.map(({ client }) => client);

async function sign(person: Visitor, email: string, type: string) {
  const choice = await person.open(`${open.issuer}/cabinet/consents/${type}`);
  const text = await person.follow(await person.submit(choice, new RegExp(`/consents/${type}$`)));
  const asked = await person.submit(text, new RegExp(`/consents/${type}/[^/]+$`), { terms: 'yes' });
  const code = codeIn(await mail.take(email, /Код подтверждения/));
  await person.follow(await person.submit(await person.follow(asked), /\/code$/, { code }));
}
async function withdraw(person: Visitor, title: RegExp) {
  const list = await person.open(`${open.issuer}/cabinet/documents`);
  const link = list.html
    .querySelectorAll('a[href$="/withdraw"]')
    .find((each) => title.test(each.getAttribute('aria-label') ?? ''));
  const page = await person.open(new URL(link?.getAttribute('href') ?? '', open.issuer));
  await person.follow(await person.submit(page, /\/withdraw$/));
}

it('a consent withdrawn is told to who lives on it; that to the Union disables and, given again, enables', async () => {
  const email = 'long@example.test';
  const subjects = [
    subjectAt((await signIn(visitor(), bonus, { identifier: email })).tokens),
    subjectAt((await signIn(visitor(), quiz, { identifier: email })).tokens),
  ];
  const person = await enter(email, '/cabinet/documents');
  await sign(person, email, 'finfort_pd');
  await withdraw(person, /ФИНФОРТ/);
  expect(await told('consent-withdrawn', subjects)).toMatchObject([
    { client: 'profcards-web', consent: 'finfort_pd' },
  ]);
  // The job that follows it signs her out of that portal; she comes in once more.
  await vi.waitFor(async () => {
    const left = await open.house.stores.database.query(
      "select from pgboss.job where name = 'consent-ended' and state < 'completed'",
    );
    expect(left).toEqual([]);
  }, PATIENCE);

  await sign(person, email, 'union_pd');
  await withdraw(person, /обработку персональных данных/);
  const ofUnion = (await told('consent-withdrawn', subjects)).filter(({ consent }) => consent === 'union_pd');
  expect(clients(ofUnion)).toEqual(['dictation', 'profcards-web']);
  expect(clients(await told('account-disabled', subjects))).toEqual(['dictation', 'profcards-web']);
  expect(await told('account-enabled', subjects)).toEqual([]);
  await sign(person, email, 'union_pd');
  expect(clients(await told('account-enabled', subjects))).toEqual(['dictation', 'profcards-web']);
});

it('a new password, which ends all the rest, is told to who has only an offline grant of a session long over', async () => {
  const email = 'ivanova@example.test';
  const there = visitor();
  const { started, page } = await toSignIn(there, acme, {
    scope: 'openid offline_access',
    prompt: 'consent',
  });
  const consent = await fillIn(there, acme, page, { identifier: email });
  const arrived = await there.follow(await there.submit(consent, /\/consent$/), acme.isCallback);
  const subject = subjectAt(await acme.finish(arrived.url, started));
  const { database } = open.house.stores;
  await database.query('update account_session set expires_at = now() where account_id = $1', [
    await accountOf(open, email),
  ]);
  // A part in the session that goes on: it hears of none.
  const person = await enter(email, '/cabinet/sessions');
  const again = await quiz.start();
  const kept = await person.follow(await person.request(again.url), quiz.isCallback);
  const keptSubject = subjectAt(await quiz.finish(kept.url, again));
  const form = await person.open(`${open.issuer}/cabinet/password`);
  const fresh = 'тихая гавань 1987';
  await person.submit(form, /\/cabinet\/password$/, { current: PASSWORD, fresh, repeated: fresh });
  expect(await told('session-revoked', [subject, keptSubject])).toEqual([
    { client: 'acme-quiz', session: null, consent: null },
  ]);
});

it('an account that is deleted is purged for whoever knew it', async () => {
  const email = 'sofia@example.test';
  const { database, jobs } = open.house.stores;
  const subject = subjectAt((await signIn(visitor(), quiz, { identifier: email })).tokens);
  const id = await accountOf(open, email);
  await database.query('insert into account_deletion (account_id, due_at) values ($1, now())', [id]);
  await jobs.add('deletions', {});
  await vi.waitFor(
    async () => expect(clients(await told('account-purged', [subject]))).toEqual(['dictation']),
    PATIENCE,
  );
});
