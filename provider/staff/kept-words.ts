/**
 * Words of a search, kept on our side: the form posts them, the page that shows what was found has only a random id in
 * its address. So no name, number or address of a person comes into an address, a history, a log or a referrer; and the
 * id opens nothing to anybody but whoever searched.
 */
import { randomBytes } from 'node:crypto';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Storage } from '../../adapters/storage/storage.ts';

const SECONDS = 60 * 60;
const ID = /^[\da-f]{32}$/;

export type KeptWords = {
  /** `room`: which search it is. Returns the id for the address. */
  keep(accountId: string, room: string, words: Readonly<Record<string, string>>): Promise<string>;
  /** Undefined when they are forgotten, or are another person's or another search's. */
  find(accountId: string, room: string, id: string): Promise<Readonly<Record<string, string>> | undefined>;
};

export function keptWords(storage: Storage, cipher: Cipher): KeptWords {
  const artefacts = storage('StaffSearch');
  const contextOf = (accountId: string, room: string, id: string): string =>
    `staff-search:${room}:${accountId}:${id}`;

  return {
    async keep(accountId, room, words) {
      const id = randomBytes(16).toString('hex');
      const sealed = cipher.seal(JSON.stringify(words), contextOf(accountId, room, id));
      await artefacts.upsert(id, { accountId, room, sealed }, SECONDS);
      return id;
    },
    async find(accountId, room, id) {
      const kept = ID.test(id) ? await artefacts.find(id) : undefined;
      if (kept?.accountId !== accountId || kept.room !== room) return undefined;
      return JSON.parse(cipher.open(String(kept.sealed), contextOf(accountId, room, id)));
    },
  };
}
