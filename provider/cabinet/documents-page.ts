/** «Мои документы» and one document, as their pages are told of them. Pure: knows neither stores nor requests. */
import { createHash } from 'node:crypto';
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Application } from '../../adapters/application-store/application-store.ts';
import {
  CONSENT_TYPES,
  type ConsentType,
  type StoredDocument,
} from '../../adapters/document-store/document-store.ts';
import type { MessageChannel } from '../../adapters/message-channels/message-channels.ts';
import { paragraphsOf } from '../documents/paragraphs.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { DocumentState } from '../http/screens/shared.ts';

/** What a person can be asked to sign by itself, and why. */
type Suggestion = Screens['cabinet/documents']['suggested'][number];

export function documentsPage(
  account: Account,
  documents: readonly StoredDocument[],
  applications: readonly Application[],
  channels: readonly MessageChannel[],
  current: (type: ConsentType) => { readonly version: string; readonly title: string },
): Screens['cabinet/documents'] {
  return {
    applications: applications.map(({ id, purpose, organisation, state, reason, signedAt, stateSince }) => ({
      purpose,
      organisation,
      state,
      signedAt,
      stateSince,
      ...(reason !== undefined && { reason }),
      ...linkTo(documents.find(({ type, signing }) => type === 'application' && signing?.id === id)),
    })),
    documents: documents.map((document) => summary(document, documents, channels)),
    suggested: account.name ? suggest(documents, current) : [],
  };
}

/** `check`: whether the text that is kept still has the hash it was signed with. */
export function documentPage(
  document: StoredDocument,
  all: readonly StoredDocument[],
  channels: readonly MessageChannel[],
  check?: 'same' | 'different',
): Screens['cabinet/document'] {
  const { id, signing, paper, sha256, type } = document;
  const path = `/cabinet/documents/${id}`;
  const shown = summary(document, all, channels);
  return {
    ...shown,
    // Its title is the heading of the page.
    blocks: paragraphsOf(document.body).filter(({ kind }) => kind !== 'title'),
    ...(signing && { protocol: { ...signing, sha256 }, checkAction: `${path}/check`, pdf: `${path}.pdf` }),
    ...(paper && { paper }),
    ...(check && { check }),
    ...(isConsent(type) && shown.state === 'in_force' && { withdrawPath: `${path}/withdraw` }),
  };
}

export function checkDocument({ body, sha256 }: StoredDocument): 'same' | 'different' {
  return createHash('sha256').update(body).digest('hex') === sha256 ? 'same' : 'different';
}

/** Of several signed one after another the latest holds. */
export function stateOf(document: StoredDocument, all: readonly StoredDocument[]): DocumentState {
  if (document.withdrawnAt) return 'withdrawn';
  if (!isConsent(document.type)) return 'signed';
  return inForce(all, document.type)?.id === document.id ? 'in_force' : 'replaced';
}

/** `all`: the latest first. */
function inForce(all: readonly StoredDocument[], type: ConsentType): StoredDocument | undefined {
  return all.find((other) => other.type === type && !other.withdrawnAt && !other.outlived);
}

function summary(
  document: StoredDocument,
  all: readonly StoredDocument[],
  channels: readonly MessageChannel[],
): Screens['cabinet/documents']['documents'][number] {
  const { type, title, version, signing, paper, withdrawnAt } = document;
  const state = stateOf(document, all);
  return {
    type,
    state,
    givenAt: signing?.signedAt ?? paper?.at ?? document.renderedAt,
    ...linkTo(document),
    ...(signing && { title, version }),
    ...(paper && { paper }),
    ...(withdrawnAt && { withdrawnAt }),
    ...(type === 'union_messages' && state === 'in_force' && { channels }),
  };
}

function linkTo(document: StoredDocument | undefined): { readonly path?: string } {
  return document ? { path: `/cabinet/documents/${document.id}` } : {};
}

function suggest(
  all: readonly StoredDocument[],
  current: (type: ConsentType) => { readonly version: string; readonly title: string },
): Suggestion[] {
  return CONSENT_TYPES.flatMap((type) => {
    const held = inForce(all, type);
    const { version, title } = current(type);
    const why =
      held === undefined
        ? 'new'
        : held.signing && held.version !== version
          ? 'new_version'
          : type === 'union_messages'
            ? 'change'
            : undefined;
    return why ? [{ type, title, why, path: `/cabinet/consents/${type}` }] : [];
  });
}

/** What its person may withdraw. */
export function isConsent(type: StoredDocument['type']): type is ConsentType {
  return CONSENT_TYPES.some((consent) => consent === type);
}
