/**
 * Reads what happened in the register and lets it happen here: states of applications, memberships, tickets, consents on
 * paper, and the letters about them. A page of the feed, its effects and the new position are one transaction.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../../adapters/database/database.ts';
import type { FeedPosition } from '../../adapters/feed-position/feed-position.ts';
import { type Registry, RegistryUnavailable } from '../../adapters/registry/registry.ts';
import { type ChangeNeeds, takeChange } from './take-change.ts';

export type FollowNeeds = ChangeNeeds & {
  readonly database: Pick<Database, 'transaction'>;
  readonly registry: Pick<Registry, 'changes'>;
  readonly position: FeedPosition;
  readonly log: Logger;
};

export type Following = { stop(): Promise<void> };

/** Every process looks every `seconds`; of all of them one asks. */
export function followChanges(needs: FollowNeeds, seconds: number): Following {
  const { log } = needs;
  const ending = new AbortController();
  let away = false;

  const look = async (): Promise<void> => {
    try {
      await readOn(needs, seconds, ending.signal);
      if (away) log.info('the register answers again');
      away = false;
    } catch (err) {
      // An outage is one line, however long it lasts.
      if (!(err instanceof RegistryUnavailable)) log.error({ err }, 'changes of the register not taken');
      else if (!away) log.warn({ err }, 'the register does not answer');
      away = err instanceof RegistryUnavailable;
    }
  };
  const loop = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await look();
      await sleep(seconds * 1_000, undefined, { signal: ending.signal, ref: false }).catch(() => {});
    }
  };
  const ended = loop();
  return {
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

/** Page after page, until there is no more. */
async function readOn(needs: FollowNeeds, seconds: number, signal: AbortSignal): Promise<void> {
  // A little less than the pause, so that the same process is not too early for its own turn.
  const turn = await needs.position.claim(seconds * 0.9);
  if (!turn) return;
  let { cursor } = turn;
  while (!signal.aborted) {
    const page = await needs.registry.changes(cursor);
    if (page.changes.length === 0 && page.cursor === cursor) return;
    const mine = await takePage(needs, cursor, page);
    if (!mine || page.changes.length === 0) return;
    cursor = page.cursor;
  }
}

type Page = Awaited<ReturnType<Registry['changes']>>;

/** False when another process has read on meanwhile: then this page has had its effects. */
function takePage(needs: FollowNeeds, from: string | undefined, { changes, cursor }: Page): Promise<boolean> {
  return needs.database.transaction(async (tx) => {
    // First, and with a row lock: whoever reads the same page waits here, and finds it taken.
    if (!(await needs.position.advance(from, cursor, tx))) return false;
    for (const change of changes) await takeChange(needs, change, tx);
    return true;
  });
}
