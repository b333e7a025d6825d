/**
 * Whether an address answers at all, asked for nothing: that it says something matters, what it says does not. Refusing
 * so empty a question is a good sign.
 */
import type { Answer, HttpClient } from './http-client.ts';
import { UpstreamFault } from './upstream.ts';

/** What stands in front of a service says that there is nobody behind. */
const NOBODY_BEHIND: readonly number[] = [502, 503, 504];

/** Where a browser goes. Throws UpstreamFault. */
export async function lookAtPage(http: HttpClient, url: string | URL): Promise<Answer> {
  const answer = await http(url);
  if (answer.status >= 500) throw new UpstreamFault('outage', `probe_${answer.status}`);
  return something(answer);
}

/** Where programs go; it may stumble over a question that is none of its own. Throws UpstreamFault. */
export async function lookAtService(http: HttpClient, url: string | URL): Promise<Answer> {
  const answer = await http(url);
  if (NOBODY_BEHIND.includes(answer.status)) throw new UpstreamFault('outage', `probe_${answer.status}`);
  return something(answer);
}

function something(answer: Answer): Answer {
  if (answer.status < 300 && answer.body === '') throw new UpstreamFault('outage', 'probe_empty');
  return answer;
}
