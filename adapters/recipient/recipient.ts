/** Somebody outside who holds members' data by their consent, and has to hear when it is given and withdrawn. */
import type { ConsentEvent } from '../consent-events/consent-events.ts';

export interface Recipient {
  /**
   * Resolves when the recipient has taken the event; the same one may come again. Throws RecipientUnavailable when
   * trying later makes sense, EventRefused when the recipient will not take this one.
   */
  tell(event: ConsentEvent): Promise<void>;
}

export class RecipientUnavailable extends Error {
  override name = 'RecipientUnavailable';
}

export class EventRefused extends Error {
  override name = 'EventRefused';
}
