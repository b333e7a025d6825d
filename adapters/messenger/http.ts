/**
 * Short messages through an operator's HTTP gateway: `POST {url}` with JSON and a bearer token, any 2xx is «taken». The
 * id goes along as `Idempotency-Key`. An operator with another dialect gets a file beside this one.
 */
import { MessageRefused, type Messenger, MessengerUnavailable, type ShortMessage } from './messenger.ts';

const TIMEOUT_MS = 5_000;
/** «Later», although they are 4xx; 401 and 403 are a matter of our settings. */
const LATER = new Set([401, 403, 408, 429]);

export function httpMessenger({ url, token }: { readonly url: string; readonly token: string }): Messenger {
  return {
    async send(message) {
      const response = await post(url, token, message);
      await response.body?.cancel();
      if (response.ok) return;
      // Numbers alone: what gateways answer in words holds the phone, and this gets logged.
      if (response.status < 500 && !LATER.has(response.status))
        throw new MessageRefused(`${response.status}`);
      throw new MessengerUnavailable(`${response.status}`);
    },
  };
}

async function post(url: string, token: string, message: ShortMessage): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': message.id,
      },
      body: JSON.stringify(message),
    });
  } catch (cause) {
    throw new MessengerUnavailable('no answer', { cause });
  }
}
