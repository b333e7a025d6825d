/** Applications at the workplace of a chair, in their states. */
import { REASONS } from '../../../provider/applications/decide.ts';
import type { Screens } from '../../../provider/http/screens/screens.ts';
import type { ChairFrame } from '../../../provider/staff/officer.ts';
import { type Example, example } from './example.ts';

const at: ChairFrame['at'] = {
  ...{ id: 'P-01', name: 'МБОУ СОШ № 15 г. Васильевска', kind: 'primary' },
  ...{ below: false, register: true, undertaken: true },
};
const above: ChairFrame['at'] = { ...at, id: 'T-01', name: 'Васильевский горком', kind: 'territorial' };
const day = (number: number) => new Date(Date.UTC(2026, 10, number, 20, 59));
const path = '/chair/P-01/applications/7c1f';
const listPath = '/chair/P-01/applications';
const LONG = 'Абдурахмангаджиева-Константинопольская Александра-Виктория Константиновна';

type List = Screens['chair/applications/list'];
type Application = Screens['chair/applications/application'];

const waiting: List['waiting'][number] = {
  ...{ name: LONG, purpose: 'joining', receivedAt: day(3), path },
  ...{ waited: 1, reminded: false, escalated: false },
};
const decided = { number: '3F2A91BC', purpose: 'enrolment' as const, decidedAt: day(4), path };

const applicant: NonNullable<Application['applicant']> = {
  ...{ name: LONG, birthdate: '20.02.2010', age: 16, sex: 'female', phone: '+79000000031' },
  ...{ email: 'long@example.test', employment: 'Работник', unit: 'Детский сад № 3', signedAt: day(2) },
};
const documents: Application['documents'] = [
  {
    ...{ title: 'Заявление о вступлении в Профсоюз', version: '1', sha256: 'a'.repeat(64) },
    blocks: [
      { kind: 'heading', text: '1. Прошу' },
      { kind: 'paragraph', text: 'Прошу принять меня в Профсоюз.' },
      { kind: 'list', items: ['фамилия', 'имя'] },
    ],
  },
];
const review: NonNullable<Application['review']> = {
  ...{ acceptAction: `${path}/accept`, declineAction: `${path}/decline`, reasons: REASONS },
  ...{ cards: [], elsewhere: false, hasNumbers: true, typed: {} },
};
const MEMBERSHIPS = ['applicant', 'under_review', 'member', 'suspended', 'ended'] as const;
const head = {
  ...{ at, number: '3F2A91BC', receivedAt: day(3), path, listPath },
  purpose: 'joining' as const,
};
const open = { ...head, waited: 4, applicant, documents };

export const applicationExamples: readonly Example[] = [
  example('chair/applications/list', 'empty', { at, waiting: [], decided: [] }),
  example('chair/applications/list', 'of a primary organisation', {
    at,
    waiting: [
      waiting,
      { ...waiting, purpose: 'enrolment', waited: 4, reminded: true },
      { ...waiting, waited: 12, reminded: true, escalated: true },
    ],
    morePath: `${listPath}?waiting=7c1f`,
    decided: [
      { ...decided, state: 'accepted', name: LONG },
      { ...decided, state: 'returned', name: 'Возвратная О. И.' },
      { ...decided, state: 'rejected' },
    ],
    moreDecidedPath: `${listPath}?decided=7c1f`,
  }),
  example('chair/applications/list', 'escalated to those above', {
    at: above,
    waiting: [{ ...waiting, waited: 12, reminded: true, escalated: true, organisation: at.name }],
  }),
  example('chair/applications/application', 'to be decided', { ...open, review }),
  example('chair/applications/application', 'of somebody on record', {
    ...open,
    ...{ escalatedAt: day(14), purpose: 'enrolment' as const },
    applicant: { ...applicant, sex: 'male', age: 41 },
    review: {
      ...{ ...review, elsewhere: true, hasNumbers: false },
      cards: MEMBERSHIPS.map((membership, index) => ({
        ...{ id: `M-${index}`, name: LONG, membership, hasTicket: index % 2 === 0 },
      })),
      typed: { card: 'M-1', number: 'typed', typed: '9900' },
    },
    problem: { field: 'typed', code: 'ticket_length' },
  }),
  example('chair/applications/application', 'refused without a reason', {
    ...open,
    review: { ...review, typed: { reason: 'other', words: '' } },
    problem: { field: 'words', code: 'application_words_missing' },
  }),
  example('chair/applications/application', 'read from above', { ...open, at: { ...at, below: true } }),
  ...(['accepted', 'returned', 'rejected'] as const).map((state) =>
    example('chair/applications/application', state, {
      ...{ ...head, documents: [], notice: 'application_decided' as const },
      decision: {
        ...{ state, at: day(5), by: { name: 'Васильева Нина Романовна' } },
        ...(state === 'accepted'
          ? { member: { name: LONG, ticket: '9900 0000 0000 8001', path: '/chair/P-01/members/1' } }
          : { reason: 'В данных есть ошибка. Укажите телефон' }),
        ...(state === 'returned' && { applicant: 'Возвратная О. И.' }),
      },
    }),
  ),
  example('chair/applications/application', 'accepted by an operator', {
    ...{ ...head, documents: [], notice: 'application_settled' as const },
    decision: {
      ...{ state: 'accepted', at: day(5), by: 'operator' },
      member: { name: LONG, path: '/chair/P-01/members/1' },
    },
  }),
];
