/** Does Redis answer, and does it keep what it is told to keep? Asks every master of a cluster. */
import type { RedisConnection } from '../../../adapters/redis/redis.ts';
import { type Finding, findings, reasonOf } from './finding.ts';

/** `keepsSessions`: losing what is there would sign people out. False as `usable` when it cannot be asked anything. */
export async function checkRedis(
  redis: RedisConnection,
  keepsSessions: boolean,
): Promise<{ usable: boolean; found: readonly Finding[] }> {
  const { found, ok, wrong } = findings('redis');
  try {
    await redis.ping();
    ok('answers');
    for (const node of mastersOf(redis)) {
      const info = readInfo(await node.info());
      const policy = info.get('maxmemory_policy');
      if (policy === 'noeviction') ok('never evicts (maxmemory-policy noeviction)');
      else {
        wrong(
          `throws entries away when memory is short (maxmemory-policy ${policy})`,
          'Set maxmemory-policy noeviction.',
        );
      }
      if (!keepsSessions) continue;
      if (info.get('aof_enabled') === '1') ok('writes its log to disk (appendonly yes)');
      else {
        wrong(
          'would lose every session at a restart (appendonly no)',
          'Set appendonly yes, or SESSION_STORE=database.',
        );
      }
    }
  } catch (error) {
    wrong(
      `cannot be reached: ${reasonOf(error)}`,
      'Is it running? Are the address and the password in REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER right?',
    );
    return { usable: false, found };
  }
  return { usable: true, found };
}

export function mastersOf({ client }: RedisConnection) {
  return 'nodes' in client ? client.nodes('master') : [client];
}

/** INFO is `name:value` lines under `# Section` heads. */
function readInfo(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(/\r?\n/).map((line) => line.split(/:(.*)/s));
  return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}
