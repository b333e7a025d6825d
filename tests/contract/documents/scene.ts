/** A house for signing: real stores, letters that are kept instead of sent, and a person with a confirmed address. */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Account } from '../../../adapters/account-store/account-store.ts';
import { postgresAuditLog } from '../../../adapters/audit-log/postgres.ts';
import { type Clock, systemClock } from '../../../adapters/clock.ts';
import type { Database } from '../../../adapters/database/database.ts';
import type { NewDocument } from '../../../adapters/document-store/document-store.ts';
import { postgresDocuments } from '../../../adapters/document-store/postgres.ts';
import { postgresOneTimeSecrets } from '../../../adapters/one-time-secrets/postgres.ts';
import { SIGNING_LIMITS, type SigningLimits, signings } from '../../../provider/documents/signing.ts';
import { readTemplates } from '../../../provider/documents/templates.ts';
import { documentWriter } from '../../../provider/documents/write-documents.ts';
import { createEvents } from '../../../provider/events/events.ts';
import type { NewLetter } from '../../../provider/letters/post.ts';
import { createMetrics } from '../../../provider/metrics.ts';
import { tally } from '../../../provider/statistics/tally.ts';

export const ORIGIN = {
  requestId: 'r',
  network: '203.0.113.0/24',
  source: '203.0.113.7',
  userAgent: 'Firefox/130 Windows',
};

const silent = Object.fromEntries(
  ['info', 'warn', 'error'].map((level) => [level, () => {}]),
) as unknown as Logger;

export function signingScene(database: Database, settings: { limits?: SigningLimits; clock?: Clock } = {}) {
  const letters: NewLetter[] = [];
  const audit = postgresAuditLog(database);
  const documents = postgresDocuments(database);
  const secrets = postgresOneTimeSecrets(database, randomBytes(32));
  const templates = documentWriter(readTemplates());
  const signing = signings({
    database,
    documents,
    templates,
    secrets,
    post: {
      async send(letter) {
        letters.push(letter);
      },
    },
    counts: audit,
    events: createEvents(audit, createMetrics(), tally(systemClock), silent),
    clock: settings.clock ?? systemClock,
    limits: settings.limits ?? SIGNING_LIMITS,
  });
  let people = 0;

  return {
    audit,
    documents,
    secrets,
    templates,
    signings: signing,
    letters,
    /** The last code that was mailed. */
    code(): string {
      const letter = letters.at(-1);
      if (letter?.template !== 'signing-code') throw new Error('no code was mailed');
      return letter.facts.code;
    },
    person(): Account {
      people += 1;
      const id = `account-${randomBytes(4).toString('hex')}-${people}`;
      return {
        id,
        status: 'confirmed',
        locale: 'ru',
        updatedAt: new Date(),
        name: { family: 'Иванова', given: 'Мария', middle: 'Петровна' },
        verifiedEmail: 'ivanova@example.test',
      };
    },
    consents(account: Account): readonly NewDocument[] {
      const declarant = {
        name: account.name ?? never(),
        email: account.verifiedEmail ?? never(),
        birthdate: '1984-03-14',
      };
      return [
        templates.unionConsent(declarant),
        templates.messagesConsent(declarant, { channels: ['email'], senders: ['union'] }),
      ];
    },
    /** Ready for the code: terms accepted, documents opened. */
    async ready(account: Account) {
      await signing.acceptTerms(account, templates.currentTerms().version, ORIGIN);
      const prepared = await signing.prepare(account, 'membership', this.consents(account));
      for (const { id } of prepared.documents) await signing.open(account, id, ORIGIN);
      return prepared;
    },
    async signed(account: Account) {
      const { id } = await this.ready(account);
      await signing.sendCode(account, id, ORIGIN);
      const outcome = await signing.sign(account, id, this.code(), ORIGIN, async () => {});
      if (outcome.kind !== 'signed') throw new Error(`not signed: ${outcome.kind}`);
      return outcome.signing;
    },
  };
}

function never(): never {
  throw new Error('the person of the scene has everything');
}
