/** A thread that computes sha512-crypt, one after the other as they come. */
import { parentPort } from 'node:worker_threads';
import { sha512Crypt } from './foreign-sha512-crypt.ts';

export type Task = {
  readonly id: number;
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly rounds: number;
};
export type Done = { readonly id: number; readonly digest: string };

parentPort?.on('message', ({ id, password, salt, rounds }: Task) => {
  const digest = sha512Crypt(Buffer.from(password), Buffer.from(salt), rounds);
  parentPort?.postMessage({ id, digest } satisfies Done);
});
