/** An RSA signature instead of a GOST one, for a sandbox whose ESIA is told to take it. */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { KeyPair } from './key-folder.ts';
import { SignerMisconfigured } from './signer.ts';
import { keyOf, type Way } from './way.ts';

export function signWithRsa(): Way {
  const keys = new WeakMap<KeyPair, KeyObject>();
  return async (message, pair) => {
    const key = keys.get(pair) ?? (await read(keyOf(pair)));
    keys.set(pair, key);
    return sign('sha256', message, key);
  };
}

async function read(path: string): Promise<KeyObject> {
  try {
    const key = createPrivateKey(await readFile(path));
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // What a parser says may quote what it was given.
  }
  throw new SignerMisconfigured(`${path}: not an RSA key in unencrypted PEM.`);
}
