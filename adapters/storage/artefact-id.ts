/**
 * How ids reach a store: only as their SHA-256, so that whoever reads the store holds no session, code or token
 * (OWASP ASVS 7.2). One rule for every store; knows nothing of keys and rows.
 */
import { hash } from 'node:crypto';
import type { Payload } from './storage.ts';

const REFERENCE = /^#[\w-]{43}$/;
/** Stands for the artefact's own id within its JSON, where a raw control character cannot occur otherwise. */
const OWN_ID = '\u0001';

/** The name of an id, uid, user code or grant id in the store. A reference has no special meaning here. */
export function digest(id: string): string {
  return hash('sha256', id, 'base64url');
}

/** What stands for the id of an artefact found another way: accepted by `keyOf`, and never by `find`. */
export function reference(key: string): string {
  return `#${key}`;
}

/** The key a reference stands for; undefined for anything else. */
export function referencedKey(given: string): string | undefined {
  return REFERENCE.test(given) ? given.slice(1) : undefined;
}

/** For writing and removing, where the caller may hold a reference instead of the id. */
export function keyOf(id: string): string {
  return referencedKey(id) ?? digest(id);
}

/** JSON in which the artefact's own id occurs nowhere: not as `jti`, not inside an address to return to. */
export function seal(id: string, payload: Payload): string {
  return JSON.stringify(payload).replaceAll(id, OWN_ID);
}

/** The payload with its id put back wherever it had been, and its mark; `id` may be a reference. */
export function unseal(id: string, sealed: string, consumed: number | undefined): Payload {
  const payload = JSON.parse(sealed.replaceAll(OWN_ID, () => id));
  payload.jti = id;
  if (consumed !== undefined) payload.consumed = consumed;
  return payload;
}
