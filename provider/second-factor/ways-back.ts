/** Where one of the staff was going who had to add a device first: kept beside her session while she does. */
import type { Storage } from '../../adapters/storage/storage.ts';

const KEPT_SECONDS = 3_600;
const WORKPLACE = /^\/(staff|chair|operator|cases)(\/\w[\w.:-]{0,63}){0,6}$/;

export type WaysBack = {
  /** Does nothing for what is no page of a workplace. */
  note(sessionUid: string, path: unknown): Promise<void>;
  of(sessionUid: string): Promise<string | undefined>;
};

export function waysBack(storage: Storage): WaysBack {
  const artefacts = storage('WayBack');
  return {
    async note(sessionUid, path) {
      if (typeof path !== 'string' || !WORKPLACE.test(path)) return;
      await artefacts.upsert(sessionUid, { path }, KEPT_SECONDS);
    },
    async of(sessionUid) {
      const noted = await artefacts.find(sessionUid);
      return typeof noted?.path === 'string' ? noted.path : undefined;
    },
  };
}
