/** The operators' own pages, and what a member sees of them, in their states. */
import type { Screens } from '../../../provider/http/screens/screens.ts';
import { catalogues, type EventName } from '../../../provider/http/texts.ts';
import { ACTS } from '../../../provider/operators/names.ts';
import { REASONS } from '../../../provider/operators/reason.ts';
import { type Example, example } from './example.ts';

const at = new Date(Date.UTC(2026, 10, 21, 17, 59));
const path = '/operator/people/6f1d7e52-1f5d-4c52-9a54-0f2f1d6c8a11';
const NOTHING = { clue: '', family: '', given: '', middle: '', birthdate: '', organisation: '' };
const STATUSES = ['new', 'confirmed', 'locked', 'closed'] as const;
const MEMBERSHIPS = ['applicant', 'under_review', 'member', 'suspended', 'ended'] as const;

const KINDS = Object.keys(
  catalogues.ru.cabinet.who_looked.kind,
) as Screens['cabinet/who-looked']['sights'][number]['fields'];
type Entries = Screens['operator/people/trail']['entries'];
const PER_PAGE = 30;
const told: Entries = (Object.keys(catalogues.ru.event) as EventName[]).map((event) => ({
  ...{ at, event, code: event, outcome: 'success', actor: { by: 'self' } },
  ...{ portal: 'Профсоюзный диктант', more: ['acr: 1', '203.0.113.0/24'] },
}));
const pagesOfTrail = Array.from({ length: Math.ceil(told.length / PER_PAGE) }, (_, page) =>
  told.slice(page * PER_PAGE, (page + 1) * PER_PAGE),
);
const { by: BY } = catalogues.ru.operator.people.trail;
const entries: Entries = (Object.keys(BY) as (keyof typeof BY)[]).map((by) => ({
  ...{ at, code: 'what_is_no_more', outcome: 'failure', actor: { by, name: 'Рябов Олег' } },
  ...{ why: 'Инцидент безопасности', note: 'звонила сама, № 14', more: [] },
}));
const person: Screens['operator/people/person'] = {
  ...{ path, id: '6f1d7e52-1f5d-4c52-9a54-0f2f1d6c8a11', status: 'confirmed', isMember: true },
  ...{ acts: ACTS, heldUntil: at },
  ...{ name: 'Иванова Мария Петровна', membership: 'member', organisation: 'МБОУ СОШ № 15' },
  identifiers: [
    { kind: 'email', value: 'i•••@example.test', masked: true },
    { kind: 'ticket', value: '9900 0000 0000 0011', masked: false },
    { kind: 'phone', value: '+7 ••• •••-••-01', masked: true },
    { kind: 'birthdate', value: '••.••.1984', masked: true },
  ],
  passwordSetAt: at,
  links: [{ name: 'Госуслуги', linkedAt: at, usedAt: at, removePath: `${path}/ways/esia` }],
  protection: {
    passkeys: [
      { name: 'Рабочий компьютер', addedAt: at, usedAt: at, syncable: false },
      { name: 'Телефон', addedAt: at, syncable: true },
    ],
    codeApps: [{ name: 'Телефон', addedAt: at, usedAt: at }],
    ...{ recoveryCodes: 8, alwaysAsked: true, mailCountsAt: at, removePath: `${path}/second-factor` },
  },
  sessions: [
    { device: 'Firefox · Windows', network: '203.0.113.0/24', signedInAt: at, endPath: `${path}/sessions/x` },
  ],
  portals: [{ name: 'Профсоюзный диктант', since: at }],
  documents: (['in_force', 'signed', 'replaced', 'withdrawn'] as const).map((state) => ({
    ...{ type: 'union_pd' as const, title: 'Согласие на обработку персональных данных', version: '2026-01' },
    ...{ state, givenAt: at },
    path: `${path}/documents/1`,
  })),
  applications: (['signed', 'delivered', 'received', 'accepted', 'returned', 'rejected'] as const).map(
    (state) => ({ purpose: 'joining' as const, organisation: 'МБОУ СОШ № 15', state, signedAt: at }),
  ),
  cases: [{ number: '2026-000123', state: 'open', openedAt: at }],
  held: [{ role: 'chair', kind: 'primary', name: 'МБОУ СОШ № 15' }],
  roles: ['union_operator', 'administrator'],
  integrations: [{ clientId: 'quiz', stage: 'test' }],
  merges: [
    ...[true, false].map((isClosed) => ({
      ...{ path: '/operator/merges/1', mergedAt: at, undone: false, canBeUndone: isClosed, isClosed },
    })),
    { path: '/operator/merges/2', mergedAt: at, undone: true, canBeUndone: false, isClosed: false },
  ],
  trouble: { kind: 'bounced', since: at },
};

const secondFactor: Screens['operator/people/second-factor'] = {
  ...{ action: `${path}/second-factor`, backPath: path, alwaysAsked: true, problems: [] },
  factors: [
    { field: 'factor_0', value: 'passkey:1', kind: 'passkey', name: 'Рабочий компьютер' },
    { field: 'factor_1', value: 'code_app:1', kind: 'code_app', name: 'Телефон' },
    { field: 'factor_2', value: 'recovery_codes:all', kind: 'recovery_codes', left: 8 },
  ],
  typed: { note: 'звонила', chosen: ['code_app:1'] },
};

const side: Screens['operator/merge/preview']['survivor'] = {
  ...{ id: 'a-1', status: 'confirmed', createdAt: at, documents: 3, applications: 1, integrations: 0 },
  ...{ name: 'Иванова Мария', email: 'i•••@example.test', furtherEmails: 0 },
  ...{ ticket: '•••• •••• •••• 0011', birthdate: '••.••.1984', isMember: true, hasPassword: true },
  ...{ ways: ['Госуслуги'], portals: ['Профсоюзный диктант'], path },
  protection: { codeApps: 1, passkeys: 2, recoveryCodes: 8, alwaysAsked: true },
};
const { email: _, ...withoutEmail } = side;
const preview: Screens['operator/merge/preview'] = {
  ...{ action: '/operator/merges/new/1', survivorAction: '/operator/merges/new/1/survivor', digest: 'x' },
  ...{ backPath: path, differences: [] },
  survivor: side,
  closed: {
    ...{ id: 'a-2', status: 'confirmed', createdAt: at, documents: 0, applications: 0, integrations: 0 },
    ...{ furtherEmails: 0, isMember: false, hasPassword: true, ways: [], portals: [], path },
    protection: { codeApps: 0, passkeys: 0, recoveryCodes: 0, alwaysAsked: false },
  },
  conflicts: [],
  moves: {
    emailAs: 'further',
    member: true,
    password: true,
    ways: ['РСАА'],
    devices: true,
    asksAlways: true,
  },
  ...{ waysGoOver: true, secondFactor: { alwaysAsked: true, devices: 3, closedDevices: 2, closedCodes: 8 } },
  ending: ['Госуслуги'],
  consents: [
    { type: 'union_pd', survivor: 'given', closed: 'withdrawn', after: 'withdrawn' },
    { type: 'finfort_pd', survivor: 'none', closed: 'given', after: 'given' },
    { type: 'union_messages', survivor: 'given', closed: 'none', after: 'given' },
  ],
  strangers: ['Профсоюзный компас'],
  ...{ days: 30, changed: false, typed: { note: '', samePerson: false } },
};
const merged = {
  ...{ id: '1', mergedAt: at },
  survivor: { path, whose: 'Иванова Мария Петровна' },
  closed: { path },
};
const CONFLICTS = [
  ...(['same', 'not_open', 'two_members', 'two_applications', 'office', 'open_case'] as const),
  ...(['deletion', 'two_school_records', 'merged_lately', 'factors_lost', 'no_second_factor'] as const),
];
const FAULTS = [
  ...(['not_open', 'no_address', 'last_way', 'no_member', 'no_way'] as const),
  ...(['letters_return', 'last_passkey', 'no_factor'] as const),
  ...(['is_new', 'is_locked', 'is_closed', 'not_held', 'address_returns'] as const),
  ...(['own_account', 'staff_account'] as const),
];

const PERSON_NOTICES = [
  ...(['person_unlocked', 'person_locked', 'person_signed_out', 'person_session_ended'] as const),
  ...(['person_reset_sent', 'person_released', 'person_way_removed', 'person_factors_removed'] as const),
];

const span = { from: '2026-11-21T18:00', until: '2026-11-21T19:00', network: '', client: '' };
const incident: Screens['operator/incident/home'] = {
  ...{ typed: { word: '', leaked: false }, span, entries, problems: [], lastSignOut: at },
  resets: [
    { id: 'r-1', begunAt: at, accounts: 12, done: 3, unreachable: 1 },
    { id: 'r-2', begunAt: at, accounts: 12, done: 12, unreachable: 0, endedAt: at },
  ],
};
const affected: Screens['operator/incident/affected'] = {
  span: { from: at, until: at, network: '203.0.113.0/24', client: 'Профсоюзный диктант' },
  ...{ count: 50_000, isMost: true, includesHer: true },
  ...{ path: '/operator/incident/affected/1', typed: { note: '', word: '' } },
};

export const operatorsExamples: readonly Example[] = [
  example('operator/people/search', 'before anything was typed', { typed: NOTHING }),
  example('operator/people/search', 'with a problem', {
    typed: { ...NOTHING, family: 'Ив' },
    problem: { field: 'family', code: 'search_too_short' },
  }),
  ...(['clue', 'name'] as const).map((by) =>
    example('operator/people/search', `nobody found by ${by}`, {
      typed: NOTHING,
      found: { by, hasMore: false, people: [] },
    }),
  ),
  example('operator/people/search', 'more than a page', {
    typed: { ...NOTHING, family: 'Иванова' },
    found: {
      by: 'name',
      hasMore: true,
      people: [
        ...STATUSES.map((status) => ({ status, path })),
        ...MEMBERSHIPS.map((membership) => ({
          ...{ membership, name: 'Иванова Мария Петровна', birthYear: '1984' },
          ...{ organisation: 'МБОУ СОШ № 15', path: '/operator/members/M-01' },
        })),
      ],
    },
  }),
  example('operator/people/reason', 'asked for', {
    action: `${path}/reason`,
    minutes: 30,
    typed: { note: '' },
  }),
  example('operator/people/reason', 'missing', {
    ...{ action: `${path}/reason`, minutes: 30, typed: { reason: 'other', note: '' } },
    problem: { field: 'note', code: 'staff_note_missing' },
  }),
  example('operator/people/person', 'a member with everything', person),
  ...PERSON_NOTICES.map((notice) => example('operator/people/person', notice, { ...person, notice })),
  example('operator/people/person', 'an account with nothing', {
    ...{
      path,
      id: 'a-1',
      status: 'locked',
      acts: ['unlock'],
      isMember: false,
      identifiers: [],
      links: [],
      sessions: [],
    },
    ...{ portals: [], documents: [], applications: [], cases: [], held: [], roles: [], integrations: [] },
    ...{ merges: [], trouble: { kind: 'refused', since: at } },
    protection: { passkeys: [], codeApps: [], recoveryCodes: 0, alwaysAsked: false },
  }),
  ...(['new', 'closed'] as const).map((status) =>
    example('operator/people/person', `an account that is ${status}`, { ...person, status, acts: [] }),
  ),
  ...(['own_account', 'staff_account'] as const).map((barred) =>
    example('operator/people/person', `not hers to serve: ${barred}`, { ...person, acts: [], barred }),
  ),
  example('operator/people/member', 'without an account', {
    ...{
      name: 'Иванова Мария',
      birthdate: '14.03.1984',
      organisation: 'МБОУ СОШ № 15',
      membership: 'member',
    },
  }),
  example('operator/people/document', 'a consent on paper', {
    type: 'union_messages',
    paper: { by: 'Васильева Нина Романовна' },
    blocks: [],
    backPath: path,
  }),
  example('operator/people/document', 'a consent', {
    type: 'union_pd',
    title: 'Согласие на обработку персональных данных',
    blocks: [{ kind: 'paragraph', text: 'Я, Иванова Мария Петровна, даю согласие.' }],
    backPath: path,
  }),
  example('operator/people/trail', 'a page', {
    backPath: path,
    entries,
    olderPath: `${path}/trail?before=1`,
  }),
  ...pagesOfTrail.map((page, number) =>
    example('operator/people/trail', `page ${number + 1} of everything`, { backPath: path, entries: page }),
  ),
  example('operator/people/trail', 'empty', { backPath: path, entries: [] }),
  ...[...ACTS, 'end-session' as const, 'remove-way' as const].map((act) =>
    example('operator/people/act', act, {
      ...{ act, action: `${path}/acts/${act}`, backPath: path, isPossible: true, typed: { note: '' } },
      whose: 'Иванова Мария Петровна',
      ...(act === 'remove-way' && { what: 'Госуслуги' }),
    }),
  ),
  ...FAULTS.map((fault) =>
    example('operator/people/act', fault, {
      ...{ act: 'lock', action: `${path}/acts/lock`, backPath: path, typed: { note: 'звонила' }, fault },
      isPossible: fault === 'last_way',
    }),
  ),
  example('operator/people/second-factor', 'of whoever is always asked', secondFactor),
  example('operator/people/second-factor', 'with nothing chosen', {
    ...secondFactor,
    ...{ alwaysAsked: false, typed: { note: '', chosen: [] } },
    problems: [
      { field: 'factor_0', code: 'factor_choice_missing' },
      { field: 'note', code: 'staff_note_missing' },
    ],
  }),
  example('operator/people/second-factor', 'refused', { ...secondFactor, fault: 'no_factor' }),
  example('operator/people/second-factor', 'of whoever has none', { ...secondFactor, factors: [] }),
  example('operator/merge/choose', 'asked for', {
    action: `${path}/merge`,
    backPath: path,
    typed: { other: '' },
  }),
  example('operator/merge/choose', 'unknown', {
    ...{ action: `${path}/merge`, backPath: path, typed: { other: 'x' } },
    problem: { field: 'other', code: 'merge_unknown' },
  }),
  example('operator/merge/preview', 'with all that moves', preview),
  example('operator/merge/preview', 'with little', {
    ...{ ...preview, ending: [] },
    moves: { emailAs: 'main', member: false, password: false, ways: [], devices: false, asksAlways: false },
    secondFactor: { alwaysAsked: false, devices: 0, closedDevices: 0, closedCodes: 0 },
    ...{ strangers: [], changed: true },
  }),
  example('operator/merge/preview', 'into one that is guarded more', {
    ...{ ...preview, waysGoOver: false },
    survivor: { ...withoutEmail, hasPassword: false },
    moves: { ...preview.moves, password: false, ways: [], devices: false, asksAlways: false },
  }),
  example('operator/merge/preview', 'of what looks like two people', {
    ...{ ...preview, differences: ['family', 'given', 'birthdate'] },
    problem: { field: 'same_person', code: 'same_person_missing' },
  }),
  example('operator/merge/preview', 'impossible', { ...preview, conflicts: CONFLICTS }),
  example('operator/merge/merge', 'that can be undone', {
    ...{ ...merged, notice: 'accounts_merged' },
    undo: { action: '/operator/merges/1/undo', until: at, typed: { note: '' } },
    problem: { field: 'note', code: 'staff_note_missing' },
  }),
  ...(['accounts_parted', 'accounts_not_parted'] as const).map((notice) =>
    example('operator/merge/merge', notice, {
      ...{ ...merged, undone: at, notice },
    }),
  ),
  example('operator/incident/home', 'of a quiet week', {
    ...{ ...incident, resets: [], entries: [], administratorOnly: true },
  }),
  example('operator/incident/home', 'under way', { ...incident, notice: 'resets_begun' }),
  example('operator/incident/home', 'with new keys', { ...incident, notice: 'keys_rotated' }),
  example('operator/incident/home', 'with keys after a leak', { ...incident, notice: 'keys_replaced' }),
  ...[1, 5].map((keysAge) =>
    example('operator/incident/home', `with keys ${keysAge} minutes old`, {
      ...{ ...incident, keysAge, typed: { word: 'ключи', leaked: true } },
    }),
  ),
  example('operator/incident/home', 'too early for the keys', { ...incident, readyAt: at }),
  example('operator/incident/home', 'with problems', {
    ...incident,
    problems: [
      { field: 'sign_out_word', code: 'word_wrong' },
      { field: 'until', code: 'span_empty' },
    ],
  }),
  example('operator/incident/home', 'of a busy week', {
    ...{ ...incident, olderPath: '/operator/incident/trail?before=1' },
  }),
  example('operator/incident/signed-out', 'said', { path: '/operator/incident' }),
  example('operator/incident/trail', 'of what was changed', { isAll: false, entries: [] }),
  example('operator/incident/trail', 'of everything', {
    ...{ isAll: true, entries, olderPath: '/operator/incident/trail?all=yes&before=1' },
  }),
  example('operator/incident/affected', 'many', affected),
  example('operator/incident/affected', 'none', {
    ...{ ...affected, count: 0, isMost: false, includesHer: false, span: { from: at, until: at } },
  }),
  example('operator/incident/affected', 'without a reason', {
    ...affected,
    problem: { field: 'note', code: 'staff_note_missing' },
  }),
  example('cabinet/who-looked', 'nobody', { sights: [], lists: [] }),
  example('cabinet/who-looked', 'for every reason', {
    sights: [...REASONS, 'work' as const].map((reason) => ({
      ...{ at, reason, fields: KINDS },
      ...(reason === 'work' && { organisation: 'МБОУ СОШ № 15' }),
      ...(reason === 'case' && { atSchool: true, again: { times: 4, since: at } }),
    })),
    lists: [{ at, organisation: 'МБОУ СОШ № 15', reason: 'сверка перед собранием' }],
    latestPath: '/cabinet/who-looked',
    olderPath: '/cabinet/who-looked?before=1',
  }),
];
