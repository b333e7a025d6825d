/** Signs in this process, in JavaScript: for sandboxes, tests, and systems whose key may lie in a file. Not certified. */
import { readFile } from 'node:fs/promises';
import { signDigest } from './gost/signature.ts';
import { streebog256 } from './gost/streebog.ts';
import type { KeyPair } from './key-folder.ts';
import { type GostPrivateKey, readGostPrivateKey } from './private-key.ts';
import { SignerMisconfigured } from './signer.ts';
import { keyOf, type Way } from './way.ts';

export function signInJavaScript(): Way {
  const keys = new WeakMap<KeyPair, GostPrivateKey>();
  return async (message, pair) => {
    const key = keys.get(pair) ?? (await read(keyOf(pair)));
    keys.set(pair, key);
    return signDigest(key.curve, key.value, streebog256(message));
  };
}

async function read(path: string): Promise<GostPrivateKey> {
  try {
    return readGostPrivateKey(await readFile(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SignerMisconfigured(`${path}: ${code ?? message}.`);
  }
}
