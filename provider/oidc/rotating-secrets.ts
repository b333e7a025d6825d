/**
 * The secret that a client proves itself with, while one takes another's place: any of those that count now. When one was
 * used is noted at most once a minute and waits for nobody.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { Client } from 'oidc-provider';
import type { RotatingSecret } from '../../adapters/client-store/client-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { IntegrationSecrets } from '../../adapters/integration-store/integration-store.ts';
import type { ClientDirectory } from './clients.ts';

const NOTED_EVERY_MS = 60_000;
const REMEMBERED_AT_MOST = 1_000;

type Comparing = { compareClientSecret(this: Client, given: string): Promise<boolean> };

export type SecretUse = (secret: RotatingSecret) => void;

/** Never throws and keeps nobody waiting: that a note is lost is no reason to refuse a client. */
export function secretUse(
  secrets: Pick<IntegrationSecrets, 'noteUse'>,
  clock: Clock,
  failed: (error: unknown) => void,
): SecretUse {
  const noted = new Map<string, number>();
  return ({ id }) => {
    const now = clock.now();
    if (now.getTime() - (noted.get(id) ?? 0) < NOTED_EVERY_MS) return;
    if (noted.size >= REMEMBERED_AT_MOST) noted.clear();
    noted.set(id, now.getTime());
    secrets.noteUse(id, now).catch(failed);
  };
}

export function acceptRotatingSecrets(
  provider: Provider,
  clients: Pick<ClientDirectory, 'record'>,
  clock: Clock,
  used: SecretUse,
): void {
  const prototype = provider.Client.prototype as unknown as Comparing;
  const single = prototype.compareClientSecret;
  prototype.compareClientSecret = async function compareClientSecret(given) {
    const record = await clients.record(this.clientId);
    if (!record || record.secrets.length === 0) return single.call(this, given);
    const now = clock.now();
    const wanted = digestOf(given);
    // All of them are looked at: the time says nothing of which it was.
    const equal = record.secrets.filter(
      ({ value, expiresAt }) =>
        timingSafeEqual(digestOf(value), wanted) && (expiresAt === undefined || expiresAt > now),
    );
    const [found] = equal;
    if (found) used(found);
    return found !== undefined;
  };
}

const digestOf = (value: string): Buffer => createHash('sha256').update(value).digest();
