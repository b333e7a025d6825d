/** The onboarding of chairs, in its states. */
import { CHECKLIST_ITEMS, itemsFor } from '../../../adapters/onboarding/onboarding.ts';
import type { Screens } from '../../../provider/http/screens/screens.ts';
import { stepsOf } from '../../../provider/onboarding/steps.ts';
import { type Example, example } from './example.ts';

const client = { name: 'АИС «Единый реестр»' };
const when = new Date(Date.UTC(2026, 10, 21, 9, 0));
const primary = {
  ...({ id: 'P-01', name: 'МБОУ СОШ № 15 г. Васильевска', kind: 'primary' } as const),
  ...{ below: false, register: true, undertaken: true },
} as const;
const territorial = { ...primary, id: 'T-01', name: 'Васильевский горком', kind: 'territorial' } as const;
const records = { passport: true, members: 31, unconsented: 2, unnumbered: 3, ordered: 28, issued: 20 };
const begun = { passport: false, members: 0, unconsented: 0, unnumbered: 0, ordered: 0, issued: 0 };
const checklist = itemsFor(true).map((item, place) => ({
  ...{ item, done: place < 2, read: place === 1 },
  ...(place === 0 && { at: when }),
}));
const stepsWith = (undertaken: boolean, known: typeof records | undefined) =>
  stepsOf(undertaken, known).map((one) => ({
    ...one,
    ...(one.state === 'next' && { path: `/chair/P-01/${one.step}` }),
  }));

const officers: Screens['chair/chairs/officers'] = {
  at: { ...primary, below: true },
  people: [
    {
      ...{ id: 'o1', role: 'chair', name: 'Васильева Нина Романовна', email: 'vasilyeva@example.test' },
      ...{ grantedAt: when, undertaken: { at: when, how: 'signed' }, checklist },
      path: '/chair/P-01/officers/o1',
    },
    { id: 'o2', role: 'responsible', grantedAt: when, checklist, path: '/chair/P-01/officers/o2' },
    {
      ...{ id: 'o3', role: 'chair', name: 'Ершов Глеб Тарасович', grantedAt: when, checklist },
      ...{ undertaken: { at: when, how: 'paper' }, path: '/chair/P-01/officers/o3' },
    },
  ],
  waiting: (['sheet', 'letter'] as const).map((way) => ({
    ...{ id: way, name: 'Новикова Алла Юрьевна', email: 'novikova@example.test', role: 'chair', way },
    ...{ issuedAt: when, expiresAt: when, expired: way === 'letter', path: `/chair/P-01/credentials/${way}` },
  })),
  action: '/chair/P-01/officers',
  backPath: '/chair/T-01/chairs',
  typed: { family: '', given: '', middle: '', email: '', role: 'chair', way: 'sheet' },
  problems: [],
};
const issue: Screens['chair/chairs/issue'] = {
  ...{ at: territorial, action: '/chair/T-01/issue', days: 30, chairsPath: '/chair/T-01/chairs' },
  ...{ typed: { list: '', way: 'sheet', second: false }, asksSecond: false, faults: [], faultCount: 0 },
};
const batch: Screens['chair/chairs/batch'] = {
  ...{ at: territorial, way: 'sheet', total: 2, issued: 0, sealed: 0, days: 30, running: false, listed: [] },
  chairsPath: '/chair/T-01/chairs',
};
const undertaking: Screens['chair/undertaking'] = {
  at: { ...primary, undertaken: false },
  document: {
    title: 'Обязательство о неразглашении персональных данных',
    blocks: [
      { kind: 'paragraph', text: 'Я принимаю на себя настоящее обязательство.' },
      { kind: 'heading', text: '1. Кто принимает обязательство' },
      { kind: 'list', items: ['Фамилия, имя, отчество: Ершов Глеб Тарасович.'] },
    ],
    sha256: 'a'.repeat(64),
  },
  ...{ action: '/chair/P-01/undertaking', termsVersion: '2' },
};
const { document: _text, ...withoutText } = undertaking;
const code: Screens['chair/undertaking-code'] = {
  ...{ at: undertaking.at, title: 'Обязательство о неразглашении персональных данных', sent: true },
  ...{ address: 'ershov@example.test', action: '/chair/P-01/undertaking/s/code' },
  ...{ againAction: '/chair/P-01/undertaking/s/again', textPath: '/chair/P-01/undertaking' },
};
const firstPassword: Screens['interaction/first-password'] = {
  ...{ client, email: 'novikova@example.test', organisation: primary.name, shortest: 15, byLetter: false },
  action: '/interaction/uid/first-password',
};
const firstCode: Screens['interaction/first-password-code'] = {
  ...{ client, email: 'novikova@example.test', action: '/interaction/uid/first-password/code' },
  ...{ repeatAction: '/interaction/uid/first-password/again', backPath: '/interaction/uid/first-password' },
};

export const onboardingExamples: readonly Example[] = [
  example('chair/home', 'of a chair who begins', {
    ...{ at: { ...primary, undertaken: false }, steps: stepsWith(false, begun), records: begun },
    ...{ canIssue: true, checklist, checklistAction: '/chair/P-01/checklist', notice: 'checklist_kept' },
  }),
  example('chair/home', 'of a chair who hands out', {
    ...{ at: primary, steps: stepsWith(true, records), records, canIssue: true },
    unnumberedPath: '/chair/P-01/members?membership=member&only=without_ticket',
    ...{ checklist, checklistAction: '/chair/P-01/checklist' },
  }),
  example('chair/home', 'where the АИС keeps the register', {
    ...{ at: { ...primary, register: false }, steps: stepsWith(true, undefined), canIssue: true },
    checklist: CHECKLIST_ITEMS.map((item) => ({ item, done: false, read: false })),
    checklistAction: '/chair/P-01/checklist',
  }),
  example('chair/home', 'from above', {
    ...{ at: { ...primary, below: true }, steps: stepsWith(true, records), records, canIssue: false },
    officersPath: '/chair/P-01/officers',
  }),
  example('chair/home', 'of a territorial chair', {
    ...{ at: { ...territorial, undertaken: false }, steps: [], progress: { all: 40, finished: 12 } },
    ...{ canIssue: true, checklist, checklistAction: '/chair/T-01/checklist' },
  }),
  ...[true, false].flatMap((unfinished) => [
    example('chair/chairs/list', unfinished ? 'unfinished' : 'all', {
      ...{ at: territorial, unfinished, progress: { all: 2, finished: 1 }, issuePath: '/chair/T-01/issue' },
      paths: { all: '/chair/T-01/chairs', unfinished: '/chair/T-01/chairs?unfinished=yes' },
      organisations: [0, 1, 2].map((count) => ({
        ...{
          id: `P-0${count}`,
          name: primary.name,
          path: `/chair/P-0${count}/officers`,
          waiting: 2 - count,
        },
        ...(count > 0 && { passport: count === 1, inn: '0059000018' }),
        people: (['chair', 'responsible'] as const).slice(0, count).map((role) => ({
          ...{ role, undertaken: role === 'chair' },
          ...(role === 'chair' && { name: 'Васильева Нина Романовна' }),
          items: checklist.map(({ item, done }) => ({ item, done })),
        })),
      })),
      morePath: '/chair/T-01/chairs?after=P-02%2F',
    }),
    example(
      'chair/chairs/list',
      unfinished ? 'of nobody unfinished' : 'of a responsible without organisations',
      {
        ...{ at: territorial, unfinished, progress: { all: 0, finished: 0 }, organisations: [] },
        paths: { all: '/chair/T-01/chairs', unfinished: '/chair/T-01/chairs?unfinished=yes' },
      },
    ),
  ]),
  example('chair/chairs/list', 'before the undertaking', {
    ...{ at: { ...territorial, undertaken: false }, unfinished: false, progress: { all: 1, finished: 0 } },
    paths: { all: '/chair/T-01/chairs', unfinished: '/chair/T-01/chairs?unfinished=yes' },
    organisations: [
      {
        ...{ id: 'P-01', name: primary.name, waiting: 0, passport: false },
        people: [
          { role: 'chair', undertaken: true, items: checklist.map(({ item, done }) => ({ item, done })) },
        ],
      },
    ],
    issuePath: '/chair/T-01/issue',
  }),
  example('chair/chairs/officers', 'of everybody', officers),
  example('chair/chairs/officers', 'of nobody', {
    ...officers,
    people: [],
    waiting: [],
    notice: 'office_ended',
  }),
  example('chair/chairs/officers', 'after problems', {
    ...officers,
    problems: [
      { field: 'email', code: 'email_malformed' },
      { field: 'date-o2', code: 'undertaking_date_ahead' },
    ],
    paperOf: { id: 'o2', date: '31.12.2999' },
  }),
  example('chair/chairs/officers', 'after many letters', {
    ...officers,
    problems: [
      { field: 'waiting-letter', code: 'credential_letters_too_many', params: { limit: 5, minutes: 31 } },
      { field: 'form', code: 'credentials_too_many', params: { limit: 8_000, count: 3 } },
    ],
  }),
  example('chair/chairs/issue', '', issue),
  example('chair/chairs/issue', 'with faults', {
    ...issue,
    typed: { list: 'Орлова; никуда; P-99', way: 'letter', second: false },
    asksSecond: true,
    faults: [
      { line: 1, code: 'email_malformed' },
      { line: 1, code: 'issue_repeated', params: { line: 4 } },
      { line: 2, code: 'issue_second_chair' },
    ],
    faultCount: 12,
  }),
  example('chair/chairs/issue', 'with a file nobody can read', {
    ...issue,
    problem: { field: 'list', code: 'issue_list_empty' },
  }),
  example('chair/chairs/issue', 'after many lists', {
    ...issue,
    problem: { field: 'list', code: 'lists_too_many', params: { limit: 30, minutes: 41 } },
  }),
  ...(['sheet', 'letter'] as const).flatMap((way) => [
    example('chair/chairs/batch', `to be issued by ${way}`, {
      ...{ ...batch, way, startAction: '/chair/T-01/issues/b/start' },
      listed: [{ name: 'Новикова Алла Юрьевна', email: 'novikova@example.test', organisation: primary.name }],
    }),
    example('chair/chairs/batch', `issued by ${way}`, { ...batch, way, issued: 2 }),
  ]),
  example('chair/chairs/batch', 'after many letters', {
    ...{ ...batch, way: 'letter', startAction: '/chair/T-01/issues/b/start' },
    problem: {
      ...{ code: 'list_letters_too_many', params: { limit: 5, minutes: 21 } },
      emails: ['novikova@example.test'],
    },
  }),
  example('chair/chairs/batch', 'under way', { ...batch, issued: 1, running: true }),
  example('chair/chairs/batch', 'with sheets', {
    ...{ ...batch, issued: 2, sealed: 2, sheetsAction: '/chair/T-01/issues/b/sheets' },
  }),
  example('chair/chairs/sheets', '', {
    ...{
      at: territorial,
      address: 'https://id.eseur.ru/staff',
      chairsPath: '/chair/T-01/chairs',
      shortest: 15,
    },
    guides: (['one-c', 'video', 'algorithm'] as const).map((id) => ({
      ...{ title: 'Инструкция', address: `https://id.eseur.ru/guides/${id}` },
    })),
    sheets: (['chair', 'responsible'] as const).map((role) => ({
      ...{ name: 'Новикова Алла Юрьевна', email: 'novikova@example.test', organisation: primary.name },
      ...{ password: '7K3M-QX9B-2HFT-WN6P', role, expiresAt: when },
    })),
  }),
  example('chair/undertaking', '', undertaking),
  example('chair/undertaking', 'under terms not accepted', {
    ...undertaking,
    terms: '/join/terms/2',
    problem: { field: 'terms', code: 'signing_terms' },
  }),
  example('chair/undertaking', 'of somebody without a name', withoutText),
  ...(['signed', 'paper'] as const).map((how) =>
    example('chair/undertaking', `given: ${how}`, { ...withoutText, given: { at: when, how } }),
  ),
  example('chair/undertaking-code', '', code),
  example('chair/undertaking-code', 'not sent', { ...code, sent: false }),
  example('chair/undertaking-code', 'after a wrong code', {
    ...code,
    problem: { field: 'code', code: 'signing_code_wrong' },
  }),
  example('interaction/first-password', '', firstPassword),
  example('interaction/first-password', 'by letter, too short', {
    ...{ ...firstPassword, byLetter: true },
    problem: { field: 'fresh', code: 'staff_password_too_short' },
  }),
  example('interaction/first-password-code', '', firstCode),
  example('interaction/first-password-code', 'after a wrong code', {
    ...firstCode,
    problem: { field: 'code', code: 'code_wrong' },
  }),
  example('interaction/already-known', '', { client, signInPath: '/interaction/uid' }),
  example('interaction/office', 'of nobody', {
    ...{ client, missing: 'office', backAction: '/interaction/uid/abort' },
  }),
  example('interaction/office', 'without the undertaking', {
    ...{ client, missing: 'undertaking', organisation: primary.name, backAction: '/interaction/uid/abort' },
    undertakingPath: '/chair/P-01/undertaking?from=uid&client=ais',
  }),
];
