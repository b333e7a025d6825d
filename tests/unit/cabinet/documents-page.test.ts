import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../adapters/account-store/account-store.ts';
import type { StoredDocument } from '../../../adapters/document-store/document-store.ts';
import {
  checkDocument,
  documentPage,
  documentsPage,
  stateOf,
} from '../../../provider/cabinet/documents-page.ts';

const account: Account = {
  id: 'a',
  status: 'confirmed',
  locale: 'ru',
  updatedAt: new Date(0),
  name: { family: 'Иванова', given: 'Мария' },
};
const body = 'Согласие\n\nТекст.\n';
const signed = (id: string, changes: Partial<StoredDocument> = {}): StoredDocument => ({
  id,
  accountId: 'a',
  type: 'finfort_pd',
  version: '1',
  title: 'Согласие',
  body,
  sha256: createHash('sha256').update(body).digest('hex'),
  renderedAt: new Date(1),
  signing: {
    id: `s-${id}`,
    accountId: 'a',
    signer: 'Иванова Мария',
    address: 'ivanova@example.test',
    signedAt: new Date(2),
    termsVersion: '2',
    network: '203.0.113.0/24',
    device: '',
    digest: '',
  },
  ...changes,
});
const current = () => ({ version: '1', title: 'Согласие' });
const suggested = (documents: readonly StoredDocument[], version = '1') =>
  documentsPage(account, documents, [], [], () => ({ ...current(), version })).suggested.map(
    ({ type, why }) => `${type} ${why}`,
  );

describe('the state of a document', () => {
  it('is that of the latest of its type', () => {
    const newer = signed('2');
    const older = signed('1');
    const gone = signed('0', { withdrawnAt: new Date(3) });
    const all = [newer, older, gone];
    expect(all.map((each) => stateOf(each, all))).toEqual(['in_force', 'replaced', 'withdrawn']);
    expect(stateOf(signed('9', { type: 'application' }), all)).toBe('signed');
  });

  it('lets only a consent in force be withdrawn', () => {
    const consent = signed('1');
    const application = signed('2', { type: 'application' });
    const gone = signed('3', { withdrawnAt: new Date(3) });
    const pages = [consent, application, gone].map((each) => documentPage(each, [each], []));
    expect(pages.map(({ withdrawPath }) => withdrawPath)).toEqual([
      '/cabinet/documents/1/withdraw',
      undefined,
      undefined,
    ]);
  });
});

describe('what is suggested', () => {
  it('is what there is no consent to; other ways of messages; a text that has changed', () => {
    expect(suggested([])).toEqual(['union_pd new', 'finfort_pd new', 'union_messages new']);
    const all = (['union_pd', 'finfort_pd', 'union_messages'] as const).map((type) => signed(type, { type }));
    expect(suggested(all)).toEqual(['union_messages change']);
    expect(suggested(all, '2')).toEqual([
      'union_pd new_version',
      'finfort_pd new_version',
      'union_messages new_version',
    ]);
    const { signing: _, ...paper } = signed('p', { type: 'union_pd' });
    const onPaper = { ...paper, paper: { at: new Date(2), by: 'Председатель' } };
    expect(suggested([onPaper], '2')).not.toContain('union_pd new_version');
  });

  it('is nothing for somebody without a name to sign with', () => {
    const { name: _, ...nameless } = account;
    expect(documentsPage(nameless, [], [], [], current).suggested).toEqual([]);
  });
});

it('a text that is not the signed one has another hash', () => {
  expect(checkDocument(signed('1'))).toBe('same');
  expect(checkDocument(signed('1', { body: `${body} ` }))).toBe('different');
});
