/** The pages of the desk, in every state a case may be in. */
import type { Screens } from '../../../provider/http/screens/screens.ts';
import { type Example, example } from './example.ts';

type CasePage = Screens['cases/case'];

const at = new Date(Date.UTC(2026, 10, 20, 11, 12));
const KINDS = [
  ...(['family_name', 'given_name', 'middle_name', 'birthdate'] as const),
  ...(['email', 'snils', 'identity', 'ambiguous'] as const),
];
const STATES = ['open', 'with_admin', 'changed', 'retry_ok', 'reopened', 'closed'] as const;
const head = {
  number: '2026-000123',
  state: 'open',
  openedAt: at,
  kinds: KINDS,
  upstream: 'Госуслуги',
} as const;
const rows = [
  { field: 'family_name', own: 'Белова', told: 'Ч•••••а', differs: true },
  { field: 'given_name', own: 'Наталья', told: 'Н•••••я', differs: false },
  { field: 'middle_name', own: 'Константиновна', differs: false },
  { field: 'birthdate', own: '14.03.1984', told: '1•.••.•••4', differs: false },
  { field: 'email', told: 'b•••@e•••', differs: false },
] as const;
const atSchool = { seat: { operator: false, administrator: true } } as const;
const atUnion = { seat: { operator: true, administrator: false } } as const;
const school: CasePage = {
  ...atSchool,
  ...head,
  side: 'school',
  person: 'Белова Наталья Константиновна',
  rows,
  recordMissing: false,
};
const decision = {
  kind: 'decide',
  action: '/cases/2026-000123/decision',
  asksAccount: false,
  replaces: false,
  typed: { reason: '', account: '' },
} as const;
const union: CasePage = {
  ...atUnion,
  ...head,
  side: 'union',
  rows,
  recordMissing: false,
  decision,
};
const correction: Screens['cases/correction'] = {
  ...atSchool,
  number: head.number,
  rows,
  typed: {
    family: 'Белова',
    given: 'Наталья',
    middle: 'Константиновна',
    birthdate: '14.03.1984',
    email: 'belova@example.test',
  },
  releases: false,
  problems: [],
  action: '/cases/2026-000123/correction',
  casePath: '/cases/2026-000123',
};

export const caseExamples: readonly Example[] = [
  example('cases/list', '', {
    seat: { operator: true, administrator: true },
    sections: [
      {
        school: 'МБОУ СОШ № 1 г. Камска',
        cases: STATES.map((state) => ({
          ...head,
          state,
          person: 'Белова Наталья Константиновна',
          path: '/cases/2026-000123',
        })),
        morePath: '/cases?of=P-08&before=2026-000123',
      },
      { cases: [{ ...head, path: '/cases/2026-000123' }] },
    ],
  }),
  example('cases/list', 'of an operator', { ...atUnion, sections: [{ cases: [] }] }),
  example('cases/list', 'of a school', {
    ...atSchool,
    sections: [{ school: 'МБОУ СОШ № 1 г. Камска', cases: [] }],
  }),
  ...STATES.flatMap((state) => [
    example('cases/case', `of a school ${state}`, {
      ...school,
      state,
      ...(state === 'changed' && { effectiveAt: at, notice: 'case_changed' as const }),
      ...(state === 'open' && { correctionPath: '/cases/2026-000123/correction' }),
    }),
    example('cases/case', `of the union ${state}`, {
      ...union,
      state,
      ...(state === 'retry_ok' && {
        decision: { ...decision, kind: 'unlink' as const },
        reason: 'Паспорт и свидетельство о браке',
        notice: 'case_decided' as const,
      }),
    }),
  ]),
  example('cases/case', 'whose record is gone', {
    ...atSchool,
    ...head,
    side: 'school',
    recordMissing: true,
  }),
  example('cases/case', 'whose data are destroyed', {
    ...atUnion,
    ...head,
    ...{ side: 'union', state: 'closed', recordMissing: true },
  }),
  example('cases/case', 'with an account to name', {
    ...union,
    ...{ recordMissing: true, decision: { ...decision, asksAccount: true, replaces: true } },
  }),
  ...(['decision', 'reason', 'account', 'form'] as const).map((field) =>
    example('cases/case', `with a problem of ${field}`, {
      ...union,
      decision: {
        ...decision,
        ...{ asksAccount: true, typed: { decision: 'link', reason: 'паспорт', account: '99' } },
      },
      problem: { field, code: 'case_settled' },
    }),
  ),
  example('cases/case', 'that cannot be unlinked', {
    ...union,
    ...{ decision: { ...decision, kind: 'unlink' }, problem: { field: 'form', code: 'case_account_gone' } },
  }),
  example('cases/correction', '', correction),
  example('cases/correction', 'that releases', { ...correction, releases: true }),
  example('cases/correction', 'that was not enough', { ...correction, kinds: KINDS }),
  example('cases/correction', 'with problems', {
    ...correction,
    problems: (['family', 'given', 'middle', 'birthdate', 'email', 'form'] as const).map((field) => ({
      field,
      code: 'case_settled',
    })),
  }),
];
