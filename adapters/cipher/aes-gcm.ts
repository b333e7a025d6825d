/** AES-256-GCM from Node's own crypto. Value: `keyId.nonce.ciphertext.tag`, each but the first in base64url. */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { type Cipher, CipherError } from './cipher.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;

export type EncryptionKey = { readonly id: string; readonly key: Buffer };

/** The first key seals, all of them open. */
export function aesGcm(keys: readonly [EncryptionKey, ...EncryptionKey[]]): Cipher {
  // Prepared once: a raw key costs four times as much at each use.
  const byId = new Map(keys.map(({ id, key }) => [id, createSecretKey(key)]));
  const sealingId = keys[0].id;
  const sealingKey = createSecretKey(keys[0].key);

  return {
    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, sealingKey, nonce);
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      const parts = [nonce, body, cipher.getAuthTag()].map((part) => part.toString('base64url'));
      return [sealingId, ...parts].join('.');
    },
    open(sealed, context) {
      const [id = '', ...parts] = sealed.split('.');
      const key = byId.get(id);
      const [nonce, body, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
      if (!key || !nonce || !body || !tag) throw new CipherError(`no encryption key «${id}»`);
      try {
        const decipher = createDecipheriv(ALGORITHM, key, nonce);
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(tag);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new CipherError('sealed value was changed or belongs elsewhere', { cause });
      }
    },
  };
}
