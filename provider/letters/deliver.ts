/**
 * Letters leave: the most urgent first, opened, written in the reader's language, handed over; what came of it is
 * recorded. A letter that cannot leave now is postponed; one that is worth nothing any more is dropped.
 */
import { BrokenCircuitError } from 'cockatiel';
import type { Logger } from 'pino';
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Claim, JobDispatcher, Postponement } from '../../adapters/job-queue/job-queue.ts';
import type { LetterRecord } from '../../adapters/letter-record/letter-record.ts';
import { AddressRefused, DeliveryFailed, type Mailer } from '../../adapters/mailer/mailer.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import type { Events } from '../events/events.ts';
import type { Gate } from './gate.ts';
import { type MailService, mailService } from './mail-service.ts';
import type { NewLetter } from './post.ts';
import type { RenderedLetter, RenderLetter } from './render-letter.ts';
import { openLetter } from './sealed-letter.ts';
import { urgencyOf } from './urgency.ts';

/** Shorter than the pause between two probes: the letters that found the server out are there again for the next one. */
const SERVER_PAUSE_SECONDS = 1;
/** RFC 5321 §4.5.4.1 asks for pauses that grow: half of the letter's age. */
const SHORTEST_PAUSE_SECONDS = 15;
const LONGEST_PAUSE_SECONDS = 600;
const LONGEST_AGE_SECONDS = 24 * 3_600;

export type DeliveryNeeds = {
  readonly accounts: AccountStore;
  readonly mailer: Mailer;
  readonly cipher: Cipher;
  readonly record: LetterRecord;
  readonly gate: Gate;
  readonly renderLetter: RenderLetter;
  readonly events: Pick<Events, 'letterHandedOver' | 'letterGivenUp'>;
  readonly clock: Clock;
  readonly log: Logger;
};

export type DeliveryLimits = { readonly atOnce: number; readonly perDomain: number };

export async function deliverLetters(
  jobs: JobDispatcher,
  needs: DeliveryNeeds,
  { atOnce, perDomain }: DeliveryLimits,
): Promise<void> {
  const rules = { atOnce, perGroup: perDomain, turn: needs.gate.turn };
  await jobs.dispatch('letter', rules, async (claim) => {
    try {
      return await deliver(needs, claim);
    } catch (err) {
      needs.log.error({ err, template: claim.data.template, letterId: claim.id }, 'letter not delivered');
      return { againAfterSeconds: pauseAt(ageOf(needs, claim)) };
    }
  });
}

function ageOf({ clock }: DeliveryNeeds, { addedAt }: Claim<'letter'>): number {
  return (clock.now().getTime() - addedAt.getTime()) / 1_000;
}

async function deliver(needs: DeliveryNeeds, claim: Claim<'letter'>): Promise<Postponement | undefined> {
  const { record, gate, cipher, clock, events } = needs;
  const { id: letterId, data, group } = claim;
  const age = ageOf(needs, claim);
  const isWorthless = data.expiresAt !== undefined && new Date(data.expiresAt) <= clock.now();
  if (isWorthless || age > LONGEST_AGE_SECONDS) return giveUp(needs, claim, 'too_late');
  // A worker that was killed after it handed the letter over.
  if (await record.isSettled(letterId)) return undefined;
  const seconds = await gate.wait(group);
  if (seconds !== undefined) return { againAfterSeconds: seconds };

  const letter = await compose(needs, openLetter(cipher, data));
  if (!letter) return giveUp(needs, claim, 'no_address');
  const { address, rendered } = letter;
  const service = mailService(address.key);
  try {
    const receipt = await gate.pass(group, () =>
      needs.mailer.send({ id: letterId, to: address.value, ...rendered, ...priorityHint(data.template) }),
    );
    await record.accepted({ letterId, address: address.key });
    await events.letterHandedOver({ ...about(claim), service, receipt });
    return undefined;
  } catch (error) {
    if (error instanceof BrokenCircuitError) return { againAfterSeconds: SERVER_PAUSE_SECONDS };
    if (error instanceof AddressRefused) return giveUp(needs, claim, 'no_address', service);
    if (!(error instanceof DeliveryFailed)) throw error;
    needs.log.info({ err: error, kind: error.kind, template: data.template, letterId }, 'letter not taken');
    if (error.kind === 'recipient') await record.refused({ letterId, address: address.key });
    if (error.permanent)
      return giveUp(needs, claim, error.kind === 'recipient' ? 'refused' : 'rejected', service);
    const pause = error.kind === 'server' ? SERVER_PAUSE_SECONDS : pauseAt(age);
    return { againAfterSeconds: pause };
  }
}

/** To whom, and what. Undefined when nobody has a confirmed address any more. */
async function compose(
  { accounts, renderLetter }: DeliveryNeeds,
  { template, to, facts }: NewLetter,
): Promise<{ address: { key: string; value: string }; rendered: RenderedLetter } | undefined> {
  const reader = 'address' in to ? to : await readerOf(accounts, to.accountId);
  if (reader?.address === undefined) return undefined;
  const address = parseEmailAddress(reader.address);
  if (!address.ok) return undefined;
  const rendered = renderLetter(template, reader.locale, facts as never, reader.givenName);
  return { address, rendered };
}

async function readerOf(accounts: AccountStore, accountId: string) {
  const account = await accounts.find(accountId);
  return (
    account && { address: account.verifiedEmail, locale: account.locale, givenName: account.name?.given }
  );
}

async function giveUp(
  { events }: DeliveryNeeds,
  claim: Claim<'letter'>,
  reason: LetterEnd,
  service?: MailService,
): Promise<undefined> {
  await events.letterGivenUp({ ...about(claim), reason, ...(service !== undefined && { service }) });
  return undefined;
}

type LetterEnd = 'too_late' | 'no_address' | 'refused' | 'rejected';

function about({ id, data }: Claim<'letter'>) {
  const { template, accountId } = data;
  return { letterId: id, template, ...(accountId !== undefined && { accountId }) };
}

function pauseAt(age: number): number {
  return Math.round(Math.min(LONGEST_PAUSE_SECONDS, Math.max(SHORTEST_PAUSE_SECONDS, age / 2)));
}

function priorityHint(template: string): { priority?: 'high' | 'low' } {
  const urgency = urgencyOf(template as NewLetter['template']);
  if (urgency === 'waiting') return { priority: 'high' };
  return urgency === 'news' ? { priority: 'low' } : {};
}
