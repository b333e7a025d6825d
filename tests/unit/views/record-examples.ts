/** A primary organisation's records: passport, structure, members and their lists. */
import { PASSPORT_FIELDS, PASSPORT_TABS } from '../../../adapters/passport-store/passport-store.ts';
import { MEMBERSHIPS } from '../../../provider/records/member-filter.ts';
import { MEMBER_FIELDS, REQUIRED_OF_MEMBER } from '../../../provider/records/read-member.ts';
import { PASSPORT_RULES } from '../../../provider/records/read-passport.ts';
import type { ChairFrame } from '../../../provider/staff/officer.ts';
import { type Example, example } from './example.ts';

const at: ChairFrame['at'] = {
  ...{ id: 'P-01', name: 'МБОУ СОШ № 15 г. Васильевска', kind: 'primary', below: false },
  ...{ register: true, undertaken: true },
};
const above = { ...at, below: true };
const path = '/chair/P-01/members/M-01';
const name = 'Иванова Мария Петровна';
const UNITS = [
  { id: 'u1', kind: 'bureau', name: 'Начальная школа', members: 12, depth: 0 },
  { id: 'u2', kind: 'group', name: 'Кабинет логопеда', members: 1, parentId: 'u1', depth: 1 },
] as const;
const inTree = UNITS.map((unit) => ({ ...unit, path: `/chair/P-01/structure/${unit.id}` }));
const filter = { name: '', membership: '', unit: '', only: '' };
const TICKET_STATES = [
  ...[
    'number_assigned',
    'ordered',
    'in_production',
    'shipped',
    'at_committee',
    'issued',
    'blocked',
    'replaced',
  ],
];

const passport = {
  at,
  tabs: PASSPORT_TABS.map((tab, place) => ({ tab, path: `/chair/P-01/passport/${tab}`, filled: place > 1 })),
  ...{ version: 2, filled: false, problems: [] },
};
const fieldsOf = (tab: (typeof PASSPORT_TABS)[number]) =>
  PASSPORT_FIELDS[tab].map((field) => {
    const { input = 'text', required = false } = PASSPORT_RULES[field];
    return { field, value: '', input, required };
  });
const member = {
  ...{ id: 'M-01', name, path, birthdate: '14.03.1984' },
  ...{ unit: 'Начальная школа', ticket: '•••• •••• •••• 0011' },
};
const nothing = { data: [], tickets: [], isUnnumbered: false, applications: [] } as const;
const card = { at, name, cardPath: path, membership: 'member', ...nothing } as const;
const application = {
  number: '0F6A1B2C',
  state: 'accepted',
  path: '/chair/P-01/applications/0f6a1b2c',
  receivedAt: new Date('2026-11-02T07:30:00Z'),
} as const;
const form = {
  at,
  fields: MEMBER_FIELDS.map((field) => ({ field, value: '', required: REQUIRED_OF_MEMBER.includes(field) })),
  ...{ units: UNITS, hidden: { version: 1 }, problems: [], action: '/chair/P-01/members/new' },
  backPath: '/chair/P-01/members',
};
const uploaded = {
  at,
  listPath: '/chair/P-01/members/list/x',
  ...{ rows: 12, done: 0, counts: { add: 10, change: 2, same: 1, faulty: 1 } },
  faults: [
    {
      ...{ line: 4, name },
      found: [
        { field: 'birthdate', code: 'date_not_in_calendar', params: {} },
        { code: 'row_repeated', params: { line: 2 } },
      ],
    },
  ],
  changes: [
    { line: 2, name, plan: 'add', fields: [], elsewhere: true },
    { line: 3, name, plan: 'change', fields: [{ field: 'phone' }, { field: 'email' }], elsewhere: false },
  ],
  isPart: false,
} as const;
const ENDINGS = [{ membership: 'suspended' }, { membership: 'ended' }] as const;
const standing = { at, name, cardPath: path, version: 1, typed: { reason: '', since: '' }, problems: [] };
const exporting = {
  ...{ at, units: UNITS, most: 5_000, problems: [] },
  typed: { reason: '', format: 'xlsx', membership: 'member', unit: '' },
} as const;

export const recordExamples: readonly Example[] = [
  ...PASSPORT_TABS.map((tab) =>
    example('chair/passport/tab', `of ${tab}`, {
      ...passport,
      tab,
      fields: fieldsOf(tab),
      notice: 'passport_saved',
    }),
  ),
  example('chair/passport/tab', 'saved by somebody else', {
    ...{ ...passport, tab: 'inpo', changedAt: new Date('2026-11-20T09:00:00Z') },
    fields: [{ field: 'inpo', value: '59-01', input: 'text', required: true, saved: '59-02' }],
    problems: [{ field: 'form', code: 'passport_changed' }],
  }),
  example('chair/passport/tab', 'read from above, whole', {
    ...{ ...passport, at: above, tab: 'inpo', filled: true, fields: fieldsOf('inpo') },
  }),
  example('chair/structure/units', 'without any', {
    ...{
      at,
      units: [],
      typed: { kind: 'bureau', name: '', parent: '' },
      problems: [],
      notice: 'unit_closed',
    },
  }),
  example('chair/structure/units', 'with a problem', {
    ...{ at, units: inTree, typed: { kind: 'group', name: '', parent: 'u1' } },
    problems: [{ field: 'name', code: 'unit_missing' }],
  }),
  example('chair/structure/units', 'read from above', {
    ...{ at: above, units: inTree, typed: { kind: 'bureau', name: '', parent: '' }, problems: [] },
  }),
  example('chair/structure/unit', 'in a circle', {
    ...{ at, unit: UNITS[0], above: [], typed: { kind: 'bureau', name: 'x', parent: 'u2' } },
    ...{ problems: [{ field: 'parent', code: 'unit_circle' }], unitPath: '/chair/P-01/structure/u1' },
  }),
  example('chair/members/list', 'with everybody', {
    isPart: false,
    ...{
      at,
      units: UNITS,
      filter,
      problems: [],
      notice: 'member_added',
      morePath: '/chair/P-01/members?after=x',
    },
    members: MEMBERSHIPS.map((membership) => ({ ...member, membership })),
    counts: MEMBERSHIPS.map((membership) => ({ membership, members: 7 })),
  }),
  example('chair/members/list', 'with nobody, from above', {
    isPart: true,
    ...{ at: above, units: [], members: [], counts: [], problems: [] },
    filter: { name: 'Ив', membership: 'member', unit: '', only: 'without_ticket' },
  }),
  example('chair/members/card', 'with little', card),
  example('chair/members/card', 'of an applicant', {
    ...{ ...card, membership: 'under_review', applicationPath: '/chair/P-01/applications/7c1f' },
  }),
  example('chair/members/card', 'with everything', {
    ...{
      ...card,
      membership: 'ended',
      since: '01.11.2026',
      reason: 'По заявлению',
      notice: 'member_corrected',
    },
    data: MEMBER_FIELDS.map((field) => (field === 'snils' ? { field } : { field, value: 'да' })),
    tickets: TICKET_STATES.map((state) => ({ number: '9900 0000 0000 0011', state })),
    applications: [
      { ...application, purpose: 'enrolment' },
      { ...application, purpose: 'joining' },
    ],
  }),
  example('chair/members/card', 'whose number comes later', {
    ...{ ...card, isUnnumbered: true, applications: [{ ...application, purpose: 'joining' }] },
  }),
  example('chair/members/card', 'from above', { ...card, at: above, isUnnumbered: true }),
  example('chair/members/form', 'of somebody new', { ...form, hidden: { card: 'x' } }),
  example('chair/members/form', 'with problems', {
    ...{ ...form, name, units: [] },
    problems: MEMBER_FIELDS.map((field) => ({ field, code: 'field_missing', params: { label: field } })),
  }),
  example('chair/members/form', 'of somebody known', {
    ...{ ...form, namesakes: { here: [{ id: 'M-01', name, path }], elsewhere: true } },
  }),
  example('chair/members/membership', 'of a member', { ...standing, membership: 'member', choices: ENDINGS }),
  example('chair/members/membership', 'without a reason', {
    ...{
      ...standing,
      membership: 'ended',
      choices: [{ membership: 'member' }],
      problems: [{ field: 'reason', code: 'field_missing', params: { label: 'Причина' } }],
    },
    typed: { membership: 'member', reason: '', since: '' },
  }),
  example('chair/members/upload', 'before', {
    at,
    columns: MEMBER_FIELDS.map((field) => ({ field, required: REQUIRED_OF_MEMBER.includes(field) })),
  }),
  example('chair/members/upload', 'of no file', {
    at,
    columns: [],
    problem: { field: 'file', code: 'file_missing' },
  }),
  example('chair/members/uploaded', 'and checked', { ...uploaded, state: 'checked' }),
  example('chair/members/uploaded', 'and checked, further down', {
    ...{ ...uploaded, state: 'checked', isPart: true },
    nextFaults: `${uploaded.listPath}?part=faults&after=4`,
    nextChanges: `${uploaded.listPath}?part=changes&after=3`,
  }),
  example('chair/members/upload', 'of too many lists', {
    ...{ at, columns: [] },
    problem: { field: 'file', code: 'lists_too_many', params: { limit: 30, minutes: 12 } },
  }),
  example('chair/members/uploaded', 'and of no use', {
    ...{ ...uploaded, state: 'checked', changes: [], counts: { add: 0, change: 0, same: 0, faulty: 1 } },
  }),
  example('chair/members/uploaded', 'on its way', {
    ...{ ...uploaded, state: 'confirmed', done: 5, faults: [], changes: [] },
  }),
  example('chair/members/uploaded', 'and put in', { ...uploaded, state: 'done', done: 12, changes: [] }),
  example('chair/members/export', 'asked for', exporting),
  example('chair/members/export', 'without a reason', {
    ...{ ...exporting, units: [], problems: [{ field: 'reason', code: 'export_reason_missing' }] },
  }),
];
