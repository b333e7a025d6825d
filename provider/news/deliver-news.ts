/**
 * News to whoever has agreed to them, in small steps and behind everything urgent. Who is on the list was decided when
 * it was written; whether she still agrees is asked again here, and once more before a message leaves.
 */
import type { Logger } from 'pino';
import type { Queryable } from '../../adapters/database/database.ts';
import type { Channel } from '../../adapters/document-store/document-store.ts';
import type { JobQueue, JobWorker } from '../../adapters/job-queue/job-queue.ts';
import { MessageRefused, type Messenger } from '../../adapters/messenger/messenger.ts';
import type { Delivery, DeliveryOutcome, NewsStore } from '../../adapters/news-store/news-store.ts';
import { unsubscribePath } from '../consents/unsubscribe-token.ts';
import type { Post } from '../letters/post.ts';
import { type MobileRefusal, reachableMobile } from './reachable-mobile.ts';

const AT_ONCE = 50;
const EVERY_MINUTE = '* * * * *';

export type NewsNeeds = {
  readonly news: NewsStore;
  readonly jobs: JobQueue;
  readonly post: Post;
  readonly unsubscribeToken: (accountId: string, channel: Channel) => string;
  readonly log: Logger;
};

/** Handed over within the transaction of its outcome: to the post, or to the queue of the messenger. */
export async function deliverNews(worker: JobWorker, needs: NewsNeeds): Promise<void> {
  await worker.work('news', async () => {
    while ((await needs.news.work(AT_ONCE, (delivery, tx) => handOver(needs, delivery, tx))) > 0);
  });
  await worker.repeat('news', EVERY_MINUTE, {});
}

async function handOver(needs: NewsNeeds, delivery: Delivery, tx: Queryable): Promise<DeliveryOutcome> {
  const { post, jobs, unsubscribeToken } = needs;
  const { issue, accountId, agreed } = delivery;
  if (!agreed) return skip(needs, delivery, 'channel_closed');
  if (issue.channel === 'email') {
    const path = unsubscribePath(unsubscribeToken(accountId, 'email'));
    const facts = { subject: issue.subject, text: issue.body, unsubscribePath: path };
    await post.send({ template: 'news', to: { accountId }, facts }, tx);
    return { state: 'handed_over' };
  }
  const mobile = reachableMobile(delivery.phone);
  if (!mobile.ok) return skip(needs, delivery, mobile.reason);
  await jobs.add('message', { issueId: issue.id, accountId }, tx);
  return { state: 'handed_over' };
}

function skip(
  { log }: NewsNeeds,
  { issue, accountId }: Delivery,
  reason: MobileRefusal | 'channel_closed',
): DeliveryOutcome {
  log.info({ accountId, issueId: issue.id, channel: issue.channel, reason }, 'news_skipped');
  return { state: 'skipped', reason };
}

/** SMS and PUSH, one job each: the operator is asked for one message at a time, and again when it was away. */
export async function deliverMessages(
  worker: JobWorker,
  { news, messenger, log }: Pick<NewsNeeds, 'news' | 'log'> & { readonly messenger: Messenger },
): Promise<void> {
  await worker.work('message', async ({ issueId, accountId }) => {
    const delivery = await news.delivery(issueId, accountId);
    const mobile = reachableMobile(delivery?.phone);
    if (!delivery?.agreed || !mobile.ok || delivery.issue.channel === 'email') return;
    const { channel, body } = delivery.issue;
    try {
      await messenger.send({ id: `${issueId}:${accountId}`, channel, to: mobile.number, text: body });
    } catch (err) {
      if (!(err instanceof MessageRefused)) throw err;
      log.warn({ err, accountId, issueId, channel }, 'message given up');
    }
  });
}
