/** A federation for one test file or one test, on servers: what happens there happens to nobody else. */
import { createDatabase, createRedis } from '../../support/services/given.ts';
import { startSandbox } from './sandbox.ts';

type Wishes = {
  /** `own`: kept by the gateway. */
  readonly register?: 'ais' | 'own';
  /** They are half of what a start takes. */
  readonly portals?: boolean;
};

export async function startOwnSandbox({ register = 'ais', portals = false }: Wishes = {}) {
  const [database, redis] = await Promise.all([createDatabase(), createRedis()]);
  return startSandbox({
    SANDBOX_DATABASE_URL: database.url,
    SANDBOX_REDIS_URL: redis.url,
    SANDBOX_REGISTER: register,
    SANDBOX_PORTALS: portals ? 'on' : 'off',
  });
}
