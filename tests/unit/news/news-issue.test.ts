import { expect, it } from 'vitest';
import { type NewsRequest, newsIssue } from '../../../provider/news/news-issue.ts';
import { reachableMobile } from '../../../provider/news/reachable-mobile.ts';

const request: NewsRequest = {
  subject: 'Новости Профсоюза',
  text: 'Первый абзац.\n\nВторой абзац.\n',
  channel: 'email',
  sender: 'union',
  organisation: undefined,
};
const issueOf = (changes: Partial<NewsRequest> = {}) => {
  const read = newsIssue({ ...request, ...changes });
  return 'issue' in read ? read.issue : undefined;
};

it('is the same news when it says the same to the same, and other news otherwise', () => {
  expect(issueOf()?.id).toMatch(/^[0-9a-f]{64}$/);
  expect(issueOf({ subject: ' Новости Профсоюза ' })?.id).toBe(issueOf()?.id);
  const others: Partial<NewsRequest>[] = [
    { subject: 'Другие' },
    { text: 'Другое' },
    { channel: 'sms' },
    { sender: 'organisation', organisation: 'P-01' },
    { sender: 'organisation', organisation: 'P-02' },
  ];
  const ids = [request, ...others].map((changes) => issueOf(changes)?.id);
  expect(new Set(ids).size).toBe(ids.length);
});

it.each<[string, Partial<NewsRequest>, RegExp]>([
  ['an unknown channel', { channel: 'fax' }, /--channel/],
  ['an unknown sender', { sender: 'school' }, /--sender/],
  ['an organisation nobody asked for', { organisation: 'P-01' }, /--organisation/],
  ['no organisation', { sender: 'organisation' }, /--organisation/],
  ['no subject', { subject: ' ' }, /--subject/],
  ['a subject of two lines', { subject: 'a\r\nBcc: b' }, /--subject/],
  ['no text', { text: '\n' }, /text/],
  ['an SMS nobody reads', { channel: 'sms', text: 'а'.repeat(671) }, /670/],
])('refuses %s', (_what, changes, fault) => {
  const read = newsIssue({ ...request, ...changes });
  expect('faults' in read && read.faults.join(' ')).toMatch(fault);
});

it.each([
  ['8 (900) 000-00-01', { ok: true, number: '+79000000001' }],
  ['+375 29 000-00-01', { ok: false, reason: 'not_russian_mobile' }],
  ['+77010000001', { ok: false, reason: 'not_russian_mobile' }],
  ['8 (342) 000-00-01', { ok: false, reason: 'not_russian_mobile' }],
  ['не телефон', { ok: false, reason: 'not_russian_mobile' }],
  [undefined, { ok: false, reason: 'no_phone' }],
])('writes to %s: %o', (phone, outcome) => {
  expect(reachableMobile(phone)).toEqual(outcome);
});
