/**
 * Tells a recipient what has happened to consents, in order: at once, and again every minute as long as something is
 * left. Knows neither the transport nor the people.
 */
import type { Logger } from 'pino';
import type { ConsentEvents } from '../../adapters/consent-events/consent-events.ts';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import { EventRefused, type Recipient } from '../../adapters/recipient/recipient.ts';

const AT_ONCE = 100;
const EVERY_MINUTE = '* * * * *';

export type ConsentEventNeeds = {
  readonly consentEvents: ConsentEvents;
  readonly name: string;
  readonly recipient: Recipient;
  readonly log: Logger;
};

export async function deliverConsentEvents(worker: JobWorker, needs: ConsentEventNeeds): Promise<void> {
  await worker.work('consent-events', () => tellAll(needs));
  await worker.repeat('consent-events', EVERY_MINUTE, {});
}

/** Ends with the first event the recipient cannot take now: what comes later must not overtake it. */
export async function tellAll({ consentEvents, name, recipient, log }: ConsentEventNeeds): Promise<void> {
  const stuck = new Set<string>();
  for (;;) {
    const events = await consentEvents.undelivered(name, [...stuck], AT_ONCE);
    if (events.length === 0) return;
    for (const event of events) {
      if (stuck.has(event.subject)) continue;
      try {
        await recipient.tell(event);
        await consentEvents.markDelivered(event.id);
      } catch (err) {
        if (!(err instanceof EventRefused)) throw err;
        // An event nobody takes must not keep the others' withdrawals waiting.
        log.error({ err, eventId: event.id }, 'the recipient refuses a consent event');
        stuck.add(event.subject);
      }
    }
  }
}
