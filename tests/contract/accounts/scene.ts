/** Members, accounts and an upstream that tells of people: what settling works on. */
import { pino } from 'pino';
import { postgresAccounts } from '../../../adapters/account-store/postgres.ts';
import { withQuarantine } from '../../../adapters/account-store/with-quarantine.ts';
import { postgresAuditLog } from '../../../adapters/audit-log/postgres.ts';
import { postgresCandidates } from '../../../adapters/candidates/postgres.ts';
import { postgresCases } from '../../../adapters/case-store/postgres.ts';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { systemClock } from '../../../adapters/clock.ts';
import type { Database } from '../../../adapters/database/database.ts';
import type { Identity } from '../../../adapters/identity.ts';
import { postgresLinks } from '../../../adapters/link-store/postgres.ts';
import { postgresQuarantine } from '../../../adapters/quarantine/postgres.ts';
import { settling } from '../../../provider/accounts/settle.ts';
import type { Proved, Settlement } from '../../../provider/accounts/settlement.ts';
import { snilsDigester } from '../../../provider/accounts/snils-digest.ts';
import { createEvents } from '../../../provider/events/events.ts';
import type { NewLetter } from '../../../provider/letters/post.ts';
import { createMetrics } from '../../../provider/metrics.ts';
import { tally } from '../../../provider/statistics/tally.ts';
import type { UpstreamOffer } from '../../../provider/upstreams/upstreams.ts';

export const WHERE = { requestId: 'request', network: '203.0.113.0/24' };
export const ESIA: UpstreamOffer = {
  ...{ id: 'esia', kind: 'esia', state: 'up' },
  name: { ru: 'Госуслуги', en: 'Gosuslugi' },
};
export const RSAA: UpstreamOffer = { ...ESIA, id: 'rsaa', kind: 'oidc', name: { ru: 'РСАА', en: 'RSAA' } };

export const SNILS_SALT = Buffer.alloc(32, 7);
const digest = snilsDigester(SNILS_SALT);

export type Person = {
  readonly id: string;
  readonly name: { readonly family: string; readonly given: string; readonly middle?: string };
  readonly birthdate: string;
  readonly email: string;
  readonly snils: string;
  readonly ticket: string;
};

export function openScene(database: Database) {
  let serial = 0;
  const letters: NewLetter[] = [];
  const cases = postgresCases(database);
  const quarantine = postgresQuarantine(database, Buffer.alloc(32, 3));
  const accounts = withQuarantine(postgresAccounts(database), quarantine);
  const links = postgresLinks(database);
  const cipher = aesGcm([{ id: 't', key: Buffer.alloc(32, 1) }]);
  const settle = settling({
    ...{ database, links, accounts, cipher },
    candidates: postgresCandidates(database),
    cases,
    snilsDigest: digest,
    post: {
      async send(letter) {
        letters.push(letter);
      },
    },
    clock: { now: () => new Date(0) },
    events: createEvents(
      postgresAuditLog(database),
      createMetrics(),
      tally(systemClock),
      pino({ level: 'silent' }),
    ),
  });

  return {
    ...{ settle, links, accounts, quarantine, letters, cases, cipher },
    /** Somebody nobody has heard of: of a name and a birthday of her own. */
    person(): Person {
      const number = ++serial;
      const letter = (at: number) => 'абвгдежзиклмнопрстуф'.charAt(Math.floor(number / 20 ** at) % 20);
      return {
        id: `M-${number}`,
        name: { family: `Зимина${letter(0)}${letter(1)}`, given: 'Мария', middle: 'Петровна' },
        birthdate: '1984-03-14',
        email: `person-${number}@example.test`,
        snils: `000000${String(number).padStart(5, '0')}`,
        ticket: `99${String(number).padStart(14, '0')}`,
      };
    },
    async enrol(
      { id, name, birthdate, snils, ticket }: Person,
      known: 'with SNILS' | 'without SNILS' = 'with SNILS',
    ) {
      await database.query(
        `insert into organisation (id, kind, name, short_name, region) values ('P-01', 'primary', 'n', 's', 'r')
         on conflict do nothing`,
      );
      await database.query(
        `insert into member (id, organisation_id, family_name, given_name, middle_name, birthdate, membership, snils_hmac)
         values ($1, 'P-01', $2, $3, $4, $5, 'member', $6)`,
        [
          id,
          name.family,
          name.given,
          name.middle ?? null,
          birthdate,
          known === 'with SNILS' ? digest(snils) : null,
        ],
      );
      await database.query(`insert into ticket (number, member_id, state) values ($1, $2, 'issued')`, [
        ticket,
        id,
      ]);
    },
    /** Her account, with a password; the member's, if she is one. */
    async join({ id, name, email, ticket }: Person, as: 'member' | 'nobody' = 'member'): Promise<string> {
      const accountId = `account-of-${id}`;
      await accounts.create({
        ...{ id: accountId, locale: 'ru', passwordHash: 'hash' },
        email: { key: email, original: email },
      });
      if (as === 'member') await accounts.bindMember(accountId, { id, ticket }, name);
      return accountId;
    },
    async accountsOf(memberId: string): Promise<readonly string[]> {
      const rows = await database.query<{ id: string }>('select id from account where member_id = $1', [
        memberId,
      ]);
      return rows.map(({ id }) => id);
    },
    async eventsOf(accountId: string): Promise<readonly string[]> {
      const rows = await database.query<{ event: string }>(
        'select event from audit where account_id = $1 order by id',
        [accountId],
      );
      return rows.map(({ event }) => event);
    },
  };
}

/** What ЕСИА tells of her, if nothing else is said. */
export function told(
  person: Person,
  {
    upstream = ESIA,
    subject = `oid-of-${person.id}`,
    ...claims
  }: { upstream?: UpstreamOffer; subject?: string } & Record<string, unknown> = {},
): Proved {
  const { name, birthdate, snils, email } = person;
  const all: Record<string, unknown> = {
    ...{ family_name: name.family, given_name: name.given, middle_name: name.middle },
    ...{ birthdate, email, email_verified: true, trusted: upstream.kind === 'esia' },
    ...(upstream.kind === 'esia' && { snils }),
    ...claims,
  };
  const identity: Identity = {
    ...{ issuer: `https://${upstream.id}.example.test`, subject, claims: all },
    ...(all.email_verified === true && { verifiedEmail: String(all.email) }),
  };
  return { identity, upstream, clientId: 'dictation' };
}

/** The account somebody is signed in to; fails when she is not. */
export function accountIn(settlement: Settlement): string {
  if (settlement.kind !== 'signed-in') throw new Error(`not signed in: ${JSON.stringify(settlement)}`);
  return settlement.accountId;
}
