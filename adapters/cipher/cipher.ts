/** Secrets at rest: sealed before they reach a database, opened where they are used. */
export interface Cipher {
  /** AES-256-GCM with a fresh nonce; the result names its key, so that keys can rotate. `context` binds it to a place. */
  seal(plain: string, context: string): string;
  /** Throws CipherError for an unknown key, another context or a changed value. */
  open(sealed: string, context: string): string;
}

export class CipherError extends Error {
  override name = 'CipherError';
}
