/** Can the gateway sign, now and after the next rotation, and is it time to rotate? */
import { CipherError } from '../../../adapters/cipher/cipher.ts';
import {
  SIGNING_ALGS,
  type SigningKey,
  type SigningKeys,
} from '../../../adapters/signing-keys/signing-keys.ts';
import { type Finding, findings } from './finding.ts';

const OLDEST_DAYS = 180;
const DAY_MS = 24 * 3_600 * 1_000;

export async function checkKeys(keys: SigningKeys, now: Date): Promise<readonly Finding[]> {
  const { found, ok, warning, wrong } = findings('keys');
  let listed: readonly SigningKey[];
  try {
    listed = await keys.list();
  } catch (error) {
    if (!(error instanceof CipherError)) throw error;
    wrong(
      `cannot be opened: ${error.message}`,
      'ENCRYPTION_KEYS must still hold the key they were sealed with.',
    );
    return found;
  }
  if (listed.length === 0) {
    warning('there are none yet', 'The gateway makes them when it first starts.');
    return found;
  }
  for (const alg of SIGNING_ALGS) {
    const missing = (['current', 'next'] as const).filter(
      (state) => !listed.some((key) => key.alg === alg && key.state === state),
    );
    if (missing.length > 0) {
      wrong(`${alg}: no ${missing.join(' and no ')} key`, 'Start the gateway: it makes what is missing.');
      continue;
    }
    const current = listed.find((key) => key.alg === alg && key.state === 'current');
    const days = Math.floor((now.getTime() - (current?.stateSince ?? now).getTime()) / DAY_MS);
    if (days > OLDEST_DAYS) {
      warning(
        `${alg}: the current key has signed for ${days} days`,
        `Run «union-id keys rotate --alg ${alg}».`,
      );
    } else {
      ok(`${alg}: current key ${days} day(s) old, the next one is published`);
    }
  }
  return found;
}
