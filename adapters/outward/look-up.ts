/** Names to addresses. A stranger's name server must not be able to hold up what the whole process needs. */
import { lookup, Resolver } from 'node:dns/promises';
import type { Destination } from './permission.ts';

const PATIENCE_MILLISECONDS = 1_500;
const TRIES = 2;

/** All addresses; throws when there is none. */
export type LookUp = (destination: Pick<Destination, 'host' | 'named'>) => Promise<readonly string[]>;

export const lookUp: LookUp = async ({ host, named }) => {
  if (named) return (await lookup(host, { all: true })).map(({ address }) => address);
  // `lookup` waits in one of four threads that passwords are hashed in, too: a slow name server would stop sign-ins.
  const resolver = new Resolver({ timeout: PATIENCE_MILLISECONDS, tries: TRIES });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length > 0) return addresses;
  const [{ reason }] = answers as [PromiseRejectedResult, PromiseRejectedResult];
  throw reason;
};
