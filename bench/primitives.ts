/** A process of its own that measures the CPU of one password hash and of one ES256 signature, as often as asked. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { HashParameters } from './gateway.ts';

const HASHES = 40;
const SIGNATURES = 2_000;

/** CPU milliseconds of one. */
export type Primitives = { readonly hash: number; readonly signature: number };

/** User and system time of all threads: the hash runs on one of the pool. */
async function cpuMilliseconds(times: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / times;
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const message = randomBytes(600);
const salt = randomBytes(16);

process.on('message', async (parameters: HashParameters) => {
  // Argon2id is the package's default.
  const options = { ...parameters, salt };
  const measured: Primitives = {
    hash: await cpuMilliseconds(HASHES, () => hash('ласточка над озером', options)),
    signature: await cpuMilliseconds(SIGNATURES, () =>
      sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    ),
  };
  process.send?.(measured);
});
