/** Documents opened, signed, withdrawn; the trail itself. */
import type { Seal } from '../../adapters/audit-log/audit-log.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type { Signing, StoredDocument } from '../../adapters/document-store/document-store.ts';
import { CODE_REFUSED, CODE_SENT, DOCUMENTS_SIGNED } from './names.ts';
import type { Recorder, Where } from './recorder.ts';

export function documentEvents({ record, metrics, log }: Recorder) {
  return {
    async termsAccepted(where: Where, accountId: string, version: string, within: Queryable) {
      await record(
        {
          event: 'terms_accepted',
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { version },
          ...where,
        },
        within,
      );
    },
    async documentOpened(where: Where, accountId: string, { id, type, version, sha256 }: StoredDocument) {
      await record({
        event: 'document_opened',
        outcome: 'success',
        actor: accountId,
        accountId,
        detail: { document: id, type, version, sha256 },
        ...where,
      });
    },
    async signingCodeSent(where: Where, accountId: string, { id, digest }: Signing, within: Queryable) {
      await record(
        {
          event: CODE_SENT,
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { signing: id, digest },
          ...where,
        },
        within,
      );
    },
    async signingRefused(
      where: Where,
      accountId: string,
      { id }: Signing,
      reason: string,
      within: Queryable,
    ) {
      await record(
        {
          event: CODE_REFUSED,
          outcome: 'failure',
          actor: accountId,
          accountId,
          reason,
          detail: { signing: id },
          ...where,
        },
        within,
      );
    },
    /** `protocol`: its digest. What happened to the documents is evidence from the commit on. */
    async documentsSigned(
      where: Where,
      { id, accountId, purpose, digest }: Signing,
      { termsVersion, protocol }: { termsVersion: string; protocol: string },
      within: Queryable,
    ) {
      await record(
        {
          event: DOCUMENTS_SIGNED,
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { signing: id, purpose, digest, terms: termsVersion, protocol },
          ...where,
        },
        within,
      );
    },
    /** «Не сейчас», before a relying party that is told of less without it. */
    async documentPutOff(where: Where, accountId: string, clientId: string, type: string) {
      await record({
        event: 'document_put_off',
        outcome: 'success',
        actor: accountId,
        accountId,
        clientId,
        detail: { type },
        ...where,
      });
    },
    async documentWithdrawn(
      where: Where,
      accountId: string,
      { type, documentId }: { type: string; documentId: string },
      within: Queryable,
    ) {
      await record(
        {
          event: 'document_withdrawn',
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { document: documentId, type },
          ...where,
        },
        within,
      );
    },
    /** By the link in a letter: whoever holds it, which need not be the person. */
    async unsubscribed(where: Where, accountId: string, channel: string, within: Queryable) {
      await record(
        {
          event: 'unsubscribe',
          outcome: 'success',
          actor: 'unsubscribe_link',
          accountId,
          detail: { channel },
          ...where,
        },
        within,
      );
    },
    /** Not in the trail it is about, but in the log, which leaves the host. */
    auditSealed({ number, firstId, lastId, rows, digest }: Seal) {
      metrics.event('audit_sealed');
      log.info({ event: 'audit_sealed', seal: `${number}:${digest}`, firstId, lastId, rows }, 'audit_sealed');
    },
  };
}
