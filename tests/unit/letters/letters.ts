/** One of every letter, as its senders write it. */
import type { LetterFacts, LetterName } from '../../../provider/letters/post.ts';

const at = new Date(Date.UTC(2026, 10, 21, 20, 59));
const network = '203.0.113.0/24';

export const letterFacts: { readonly [Name in LetterName]: LetterFacts[Name] } = {
  'password-changed': { at, network },
  'new-device': { at, network, device: 'Firefox · Windows' },
  'confirm-registration': { path: '/join/confirm/token', hours: 24 },
  'already-registered': { at, network },
  'signing-code': {
    code: '048213',
    documents: ['Заявление о вступлении в Профсоюз', 'Согласие на обработку персональных данных'],
    minutes: 10,
  },
  'password-reset': { path: '/recovery/token', minutes: 30 },
  enrolled: { ticket: '9900000000000052' },
  'application-returned': { reason: 'Не указано структурное подразделение' },
  'application-rejected': { reason: 'Организация не состоит на учёте' },
  'ticket-replaced': { at },
  'change-email-code': { code: '048213', minutes: 10 },
  'change-email-link': { path: '/cabinet/email/token', hours: 24 },
  'email-changed': { at, path: '/email/undo/token', days: 7 },
  'consent-withdrawn': { document: 'Согласие на обработку персональных данных', at },
  'member-withdrew-consent': { card: '1234567', at },
  'link-code': { code: '048213', minutes: 10 },
  'step-up-code': { code: '048213', minutes: 10 },
  'deletion-code': { code: '048213', minutes: 10 },
  'deletion-requested': { at, due: new Date(Date.UTC(2026, 11, 21, 21, 1)) },
  'deletion-cancelled': { at },
  'account-deleted': { at },
  'way-removed': { at, network, way: 'Госуслуги' },
  'way-added': { at, network, way: 'Госуслуги' },
  'case-linked': { at, way: 'Госуслуги', number: '2026-000123' },
  'case-unlinked': { at, way: 'Госуслуги', number: '2026-000123' },
  'integration-changed': { at, name: 'Викторина', network },
  'integration-approved': { at, name: 'Викторина', note: '' },
  'integration-refused': { at, name: 'Викторина', reason: 'Не сказано, зачем нужен номер билета' },
  'integration-blocked': { at, name: 'Викторина', reason: 'Жалобы на рассылку' },
  'integration-unblocked': { at, name: 'Викторина' },
  'event-stream-paused': { since: at, name: 'Викторина' },
  'integrations-will-stop': { names: ['Викторина', 'Афиша'], due: new Date(Date.UTC(2026, 11, 21, 21, 1)) },
  news: {
    subject: 'Новости Профсоюза',
    text: 'Первый абзац.\n\nВторой абзац.',
    unsubscribePath: '/unsubscribe/token',
  },
};
