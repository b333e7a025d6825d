/** «Не сейчас»: a document a person did not want to sign today is not shown again while the session lasts. */
import type { ConsentType } from '../../adapters/document-store/document-store.ts';
import type { Storage } from '../../adapters/storage/storage.ts';
import { SESSION_SECONDS } from '../oidc/lifetimes.ts';

export type PutOffDocuments = {
  isPutOff(sessionUid: string, accountId: string, type: ConsentType): Promise<boolean>;
  putOff(sessionUid: string, accountId: string, type: ConsentType): Promise<void>;
};

export function putOffDocuments(storage: Storage): PutOffDocuments {
  const artefacts = storage('PutOffDocument');
  const id = (sessionUid: string, type: ConsentType) => `${sessionUid}:${type}`;
  return {
    async isPutOff(sessionUid, accountId, type) {
      return (await artefacts.find(id(sessionUid, type)))?.accountId === accountId;
    },
    putOff: (sessionUid, accountId, type) =>
      artefacts.upsert(id(sessionUid, type), { accountId }, SESSION_SECONDS),
  };
}
