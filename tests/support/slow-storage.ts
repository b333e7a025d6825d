/** A storage as far away as one would have it: without latency no race shows. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Artefacts, Storage } from '../../adapters/storage/storage.ts';

/** Every operation takes so many milliseconds longer on the way there, and as many on the way back. */
export function slow(storage: Storage, milliseconds: number): Storage {
  const late = async <T>(operation: () => Promise<T>): Promise<T> => {
    await sleep(milliseconds);
    return operation().finally(() => sleep(milliseconds));
  };
  return (model): Artefacts => {
    const artefacts = storage(model);
    return {
      upsert: (id, payload, expiresIn) => late(() => artefacts.upsert(id, payload, expiresIn)),
      find: (id) => late(() => artefacts.find(id)),
      findByUid: (uid) => late(() => artefacts.findByUid(uid)),
      findByUserCode: (userCode) => late(() => artefacts.findByUserCode(userCode)),
      findReferenced: (reference) => late(() => artefacts.findReferenced(reference)),
      consume: (id) => late(() => artefacts.consume(id)),
      destroy: (id) => late(() => artefacts.destroy(id)),
      revokeByGrantId: (grantId) => late(() => artefacts.revokeByGrantId(grantId)),
    };
  };
}
