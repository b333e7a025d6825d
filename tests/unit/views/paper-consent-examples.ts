/** Consents at the workplace of a chair: a card, the list, forms for a meeting. */
import { CONSENT_TYPES } from '../../../adapters/document-store/document-store.ts';
import type { CardConsent, ConsentTick } from '../../../adapters/member-consents/member-consents.ts';
import type { ChairFrame } from '../../../provider/staff/officer.ts';
import { type Example, example } from './example.ts';

const at: ChairFrame['at'] = {
  ...{ id: 'P-01', name: 'МБОУ СОШ № 15 г. Васильевска', kind: 'primary' },
  ...{ below: false, register: true, undertaken: true },
};
const day = (number: number) => new Date(Date.UTC(2026, 10, number, 20, 59));
const LONG = 'Абдурахмангаджиева-Константинопольская Александра-Виктория Константиновна';
const path = '/chair/P-01/members/1/consents';
const listPath = '/chair/P-01/consents';
const formsPath = `${listPath}/forms`;

const tick: ConsentTick = {
  ...{ given: true, dated: '2026-03-12', at: day(3) },
  by: 'Васильева Нина Романовна, председатель первичной профсоюзной организации',
};
const signed = { at: day(2), version: '2' };
const none: readonly CardConsent[] = CONSENT_TYPES.map((type) => ({ type, state: 'none' }));
const mixed: readonly CardConsent[] = [
  { type: 'union_pd', state: 'given', signed },
  { type: 'finfort_pd', state: 'given', tick },
  { type: 'union_messages', state: 'withdrawn', tick, withdrawnAt: day(5) },
];
const refused: readonly CardConsent[] = CONSENT_TYPES.map((type) => ({
  ...{ type, state: 'refused' },
  tick: { ...tick, given: false },
}));
const card = { at, name: LONG, cardPath: '/chair/P-01/members/1', typed: {} };
const history = CONSENT_TYPES.map((type, index) => ({ ...tick, type, given: index !== 1 }));
const rows = [none, mixed, refused].map((consents, index) => ({
  ...{ id: `M-${index}`, name: LONG, path, consents },
}));
const counts = { members: 28, lacking: { any: 3, union_pd: 1, finfort_pd: 2, union_messages: 3 } };
const list = { ...{ at, ...counts, rows, listPath }, ticking: { action: listPath, typed: {}, formsPath } };
const people = [{ id: 'M-1', name: LONG, lacking: CONSENT_TYPES }];
const forms = {
  ...{ at, people, listPath, formsPath, action: formsPath, typed: { type_union_pd: 'yes' } },
  ...{ only: 'any' as const, lacking: counts.lacking },
};
const form = {
  title: 'Согласие на обработку персональных данных Профсоюзом',
  blocks: [
    { kind: 'heading' as const, text: '1. Субъект персональных данных' },
    { kind: 'list' as const, items: ['Фамилия, имя, отчество: Иванова Мария Петровна.'] },
    { kind: 'paragraph' as const, text: 'Подпись: ____________________ / Иванова Мария Петровна /' },
  ],
};
const print = { at, organisation: at.name, types: CONSENT_TYPES, formsPath };

export const paperConsentExamples: readonly Example[] = [
  example('chair/consents/card', 'of nobody asked', { ...card, consents: none, history: [], action: path }),
  example('chair/consents/card', 'with every kind of answer', {
    ...{ ...card, consents: mixed, history, action: path },
    notice: 'paper_consents_ticked',
  }),
  example('chair/consents/card', 'refused', { ...card, consents: refused, history, action: path }),
  example('chair/consents/card', 'all signed', {
    ...{ ...card, history: [], action: path },
    consents: CONSENT_TYPES.map((type) => ({ type, state: 'given' as const, signed })),
  }),
  example('chair/consents/card', 'from above', { ...card, consents: mixed, history }),
  example('chair/consents/card', 'without a day', {
    ...{ ...card, consents: none, history: [], action: path, typed: { dated: '', union_pd: 'yes' } },
    problem: { field: 'dated', code: 'paper_day_missing' },
  }),
  example('chair/consents/card', 'with nothing chosen', {
    ...{ ...card, consents: none, history: [], action: path, typed: { dated: '12.03.2026' } },
    problem: { field: 'form', code: 'paper_consents_nothing_chosen' },
  }),
  example('chair/consents/card', 'withdrawn later', {
    ...{ ...card, consents: mixed, history, action: path },
    typed: { dated: '12.03.2026', union_messages: 'yes' },
    problem: { field: 'union_messages', code: 'paper_consent_withdrawn_later' },
  }),
  example('chair/consents/list', '', {
    ...{ ...list, morePath: `${listPath}?after=M-2` },
    ticking: { ...list.ticking, next: 'M-2' },
  }),
  example('chair/consents/list', 'with nothing chosen', {
    ...list,
    ticking: { ...list.ticking, typed: { dated: '12.03.2026' } },
    problem: { field: 'form', code: 'paper_consents_nothing_chosen' },
  }),
  example('chair/consents/list', 'of those without one', { ...list, only: 'finfort_pd' }),
  example('chair/consents/list', 'empty', {
    ...{ ...list, rows: [], only: 'any', notice: 'paper_consents_in_part' },
    ...{ members: 0, lacking: { any: 0, union_pd: 0, finfort_pd: 0, union_messages: 0 } },
  }),
  example('chair/consents/list', 'from above', {
    ...{ at, ...counts, rows, listPath, morePath: `${listPath}?after=M-2` },
  }),
  example('chair/consents/list', 'with a day to come', {
    ...list,
    ticking: { ...list.ticking, typed: { dated: '01.01.2999', 'union_pd:M-0': 'yes' } },
    problem: { field: 'dated', code: 'paper_day_in_future' },
  }),
  example('chair/consents/forms', '', { ...forms, morePath: `${formsPath}?after=M-1` }),
  example('chair/consents/forms', 'for nobody', { ...forms, people: [] }),
  example('chair/consents/forms', 'of those without one', { ...forms, only: 'union_pd' }),
  example('chair/consents/forms', 'nobody chosen', {
    ...forms,
    problem: { field: 'all', code: 'consent_forms_nobody' },
  }),
  example('chair/consents/forms', 'nothing chosen', {
    ...{ ...forms, typed: { all: 'yes' } },
    problem: { field: 'type_union_pd', code: 'consent_forms_no_type' },
  }),
  example('chair/consents/print', '', {
    ...print,
    people: [
      { name: LONG, lacking: CONSENT_TYPES, forms: [form, form, form] },
      { name: 'Иванова Мария Петровна', lacking: ['union_pd'], forms: [form] },
    ],
  }),
  example('chair/consents/print', 'nothing', { ...print, people: [] }),
];
