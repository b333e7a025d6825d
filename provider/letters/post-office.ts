/**
 * Takes letters in: seals them, gives them their urgency and the group of their receiving domain, commits them to the
 * outbox. Knows nothing of how they leave.
 */
import { createHmac } from 'node:crypto';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { LetterRecord } from '../../adapters/letter-record/letter-record.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import type { AddressTroubles, Post, Recipient } from './post.ts';
import { sealLetter } from './sealed-letter.ts';
import { priorityOf } from './urgency.ts';

export type PostOfficeNeeds = {
  readonly jobs: JobQueue;
  readonly cipher: Cipher;
  readonly record: LetterRecord;
  readonly clock: Clock;
  /** A small domain names a person: in the job table its keyed hash stands for it. */
  readonly groupKey: Buffer;
};

export function postOffice(needs: PostOfficeNeeds): Post & AddressTroubles {
  const { jobs, cipher, record, clock, groupKey } = needs;
  return {
    async send(letter, within) {
      const domain = await domainOf(record, letter.to, within);
      await jobs.add('letter', sealLetter(cipher, letter, clock.now()), within, {
        priority: priorityOf(letter.template),
        group: domainGroup(groupKey, domain),
      });
    },
    troubleWith: (emailKey) => record.troubleWith(emailKey),
  };
}

/** Equal for equal receiving domains; an unknown one is a group of its own. */
function domainGroup(key: Buffer, domain = ''): string {
  return createHmac('sha256', key).update(`domain:${domain}`).digest('base64url').slice(0, 16);
}

async function domainOf(
  record: LetterRecord,
  to: Recipient,
  within: Queryable | undefined,
): Promise<string | undefined> {
  if ('accountId' in to) return record.domainOf(to.accountId, within);
  const address = parseEmailAddress(to.address);
  return address.ok ? address.key.split('@').at(-1) : undefined;
}
