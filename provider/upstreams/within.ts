/** A limit for all of something, however many calls it makes: a person waits for the whole. */
import { TaskCancelledError, TimeoutStrategy, timeout } from 'cockatiel';
import { UpstreamFault } from '../../adapters/upstream/upstream.ts';

/** What was begun ends by its own limits, and nobody hears of it. Throws UpstreamFault. */
export async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  try {
    return await timeout(milliseconds, TimeoutStrategy.Aggressive).execute(work);
  } catch (error) {
    if (error instanceof TaskCancelledError) throw new UpstreamFault('outage', 'timeout');
    throw error;
  }
}
