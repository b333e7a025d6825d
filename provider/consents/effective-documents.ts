/**
 * The document store with the effects of consents: whoever signs, withdraws or ticks, by whatever page, feed or
 * command, what follows is part of the same transaction. Knows no effect itself.
 */
import {
  CONSENT_TYPES,
  type ConsentType,
  type DocumentStore,
  type DocumentType,
} from '../../adapters/document-store/document-store.ts';
import type { ConsentEffects } from './consent-effects.ts';

export function effectiveDocuments<Store extends DocumentStore>(
  store: Store,
  effects: ConsentEffects,
): Store {
  return {
    ...store,
    async sign(protocol, within) {
      const signing = await store.sign(protocol, within);
      const { accountId, signedAt: at } = protocol;
      for (const document of signing.documents) {
        const { type } = document;
        if (isConsent(type))
          await effects({ accountId, type, at, inForce: document, onPaper: false }, within);
      }
      return signing;
    },
    async withdraw(accountId, documentId, within) {
      const type = await store.withdraw(accountId, documentId, within);
      if (type)
        await effects({ accountId, type, at: new Date(), inForce: undefined, onPaper: false }, within);
      return type;
    },
    async recordPaper(accountId, type, given, paper, within) {
      const before = await store.consent(accountId, type, within);
      await store.recordPaper(accountId, type, given, paper, within);
      const inForce = await store.consent(accountId, type, within);
      // Told again, or overruled by what the person herself has signed.
      if (inForce?.id === before?.id) return;
      await effects({ accountId, type, at: paper.at, inForce, onPaper: true }, within);
    },
  };
}

function isConsent(type: DocumentType): type is ConsentType {
  return CONSENT_TYPES.some((consent) => consent === type);
}
