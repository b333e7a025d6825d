/** Ways of a client to one of several processes: the address stays the issuer's, as behind a balancer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, buildConnector } from 'undici';

export type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

/** Every request goes to this port, whatever the address says. */
export function fetchAt(port: number): Fetch {
  const connector = buildConnector({});
  const dispatcher = new Agent({
    connect: (options, callback) => connector({ ...options, port: String(port) }, callback),
  });
  return (input, init) => fetch(input, { ...init, dispatcher } as object);
}

/** As a browser goes from page to page; fetch() itself says that a script asks. */
export function fetchPages(): Fetch {
  const page = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const dispatcher = new Agent().compose(
    (dispatch) => (options, handler) =>
      dispatch({ ...options, headers: { ...(options.headers as Record<string, string>), ...page } }, handler),
  );
  return (input, init) => fetch(input, { ...init, dispatcher } as object);
}

const PATIENCE = 20;

/** Does what a 503 asks for: the same again, when it says. A busy machine is no fault of what is tested. */
export function patient(reach: Fetch): Fetch {
  return async (input, init) => {
    for (let asked = 1; ; asked += 1) {
      const answer = await reach(input, init);
      const wait = answer.headers.get('retry-after');
      if (answer.status !== 503 || wait === null || asked === PATIENCE) return answer;
      await answer.arrayBuffer();
      await sleep(Math.min(Number(wait) * 1_000, 1_000));
    }
  };
}
