/**
 * Consent events by HTTP: `POST {url}` with JSON and a bearer token, one event a request, any 2xx is «taken». The id goes
 * along as `Idempotency-Key`, by which a recipient knows an event that comes a second time.
 */
import type { ConsentEvent } from '../consent-events/consent-events.ts';
import { EventRefused, type Recipient, RecipientUnavailable } from './recipient.ts';

const TIMEOUT_MS = 5_000;
/** «Later», although they are 4xx: RFC 9110 §15.5.9, RFC 6585 §4; 401 and 403 are a matter of our settings. */
const LATER = new Set([401, 403, 408, 429]);

export function httpRecipient({ url, token }: { readonly url: string; readonly token: string }): Recipient {
  return {
    async tell(event) {
      const response = await post(url, token, event);
      await response.body?.cancel();
      if (response.ok) return;
      if (response.status < 500 && !LATER.has(response.status)) throw new EventRefused(`${response.status}`);
      throw new RecipientUnavailable(`${response.status}`);
    },
  };
}

async function post(
  url: string,
  token: string,
  { id, type, subject, at, version }: ConsentEvent,
): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': id,
      },
      body: JSON.stringify({ id, type, subject, at: at.toISOString(), document_version: version ?? null }),
    });
  } catch (cause) {
    throw new RecipientUnavailable('no answer', { cause });
  }
}
