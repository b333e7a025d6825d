/** Every page in every state a person may meet it in, with the people of the sandbox. */
import { CONSENT_TYPES } from '../../../adapters/document-store/document-store.ts';
import type { TicketState } from '../../../adapters/registry/registry.ts';
import type { Screens } from '../../../provider/http/screens/screens.ts';
import {
  type ClaimName,
  catalogues,
  type DataCategory,
  type FaultText,
  type NoticeCode,
  type ProblemCode,
  type SignInMethod,
  type WayRefusalText,
} from '../../../provider/http/texts.ts';
import { applicationExamples } from './application-examples.ts';
import { caseExamples } from './case-examples.ts';
import { type Example, example } from './example.ts';
import { guideExamples } from './guide-examples.ts';
import { onboardingExamples } from './onboarding-examples.ts';
import { operationExamples } from './operation-examples.ts';
import { operatorsExamples } from './operators-examples.ts';
import { orderExamples } from './order-examples.ts';
import { paperConsentExamples } from './paper-consent-examples.ts';
import { protectionExamples } from './protection-examples.ts';
import { recordExamples } from './record-examples.ts';
import { staffExamples } from './staff-examples.ts';
import { upstreamExamples } from './upstream-examples.ts';

const { ru } = catalogues;
const singular = (key: string) => key.replace(/_(one|few|many|other)$/, '');
const PROBLEMS = [...new Set(Object.keys(ru.problem).map(singular))] as ProblemCode[];
const DATA = Object.keys(ru.cabinet.data.category) as DataCategory[];
const NOTICES = Object.keys(ru.notice) as NoticeCode[];
const FAULTS = Object.keys(ru.fault) as FaultText[];
const CLAIMS = Object.keys(ru.claim) as ClaimName[];

const client = { name: 'Профсоюзный диктант' };
const thirdParty = { name: 'Викторина «Акме»', uri: 'https://acme.test', owner: 'ООО «Акме»' };
const organisation = {
  shortName: 'МБОУ СОШ № 15 г. Васильевска',
  region: 'Приозерская Республика',
  phone: '+7 900 000-00-01',
  email: 'p01@example.test',
};
const signIn = {
  client,
  by: 'email',
  identifier: '',
  action: '/interaction/uid/password',
  cancelAction: '/interaction/uid/abort',
  switchTo: { email: '/interaction/uid?by=email', ticket: '/interaction/uid?by=ticket' },
  recoveryPath: '/recovery?from=uid&client=dictation',
  joinPath: '/join?from=uid&client=dictation',
  password: true,
  upstreams: [],
  outages: [],
  confirming: false,
  support: { guides: [] },
} as const;
const { client: _client, ...withoutClient } = signIn;
const recovery = {
  email: 'ivanova@example.test',
  action: '/recovery?from=uid&client=dictation',
  signInPath: '/interaction/uid/return?client=dictation',
};
const home = {
  accountId: 'acc_9f2c41d07be84a55',
  name: { full: 'Иванова Мария Петровна' },
  organisation,
  email: 'ivanova@example.test',
  ticket: '•••• •••• •••• 0011',
  ticketShown: false,
  mailTrouble: false,
} as const;
const { email: _email, ...nameless } = home;
const PROOFS = ['password', 'recent', 'sign-in'] as const;
const deletion = { byCode: true, proof: 'password' } as const;
const way = {
  name: 'Госуслуги',
  kind: 'esia',
  state: 'up',
  room: '/cabinet/ways/esia',
  proof: 'password',
} as const;
const removal = { name: way.name, room: `${way.room}/remove`, proof: 'password' } as const;
const addable = { name: 'РСАА', path: '/cabinet/ways/rsaa', registrationUrl: 'https://rsaa.test/register' };
const METHODS = Object.keys(ru.cabinet['sign-ins'].method) as SignInMethod[];
const WAY_REFUSALS = Object.keys(ru.cabinet.way.refused) as WayRefusalText[];
const day = (number: number) => new Date(Date.UTC(2026, 10, number, 20, 59));
const TICKET_STATES = Object.keys(ru.ticket_state) as TicketState[];
const APPLICATION_STATES = ['signed', 'delivered', 'received', 'accepted', 'returned', 'rejected'] as const;
const document = {
  type: 'finfort_pd',
  state: 'in_force',
  givenAt: day(3),
  path: '/cabinet/documents/7c1f',
  title: 'Согласие на передачу персональных данных ООО «ФИНФОРТ»',
  version: 'v1',
} as const;
const messages = {
  type: 'union_messages',
  title: 'Согласие на получение SMS/PUSH/Email сообщений информационного и рекламного характера',
  channels: [
    { channel: 'email', senders: ['union'], openedAt: day(3) },
    ...(['link', 'withdrawal', 'new_consent', 'paper'] as const).map((by, index) => ({
      channel: index % 2 === 0 ? ('sms' as const) : ('push' as const),
      senders: ['union' as const],
      openedAt: day(3),
      closed: { at: day(4), by },
    })),
  ],
} as const;
const paper = {
  givenAt: day(3),
  path: '/cabinet/documents/7c1f',
  paper: { at: day(3), by: 'Васильева Н. Р., председатель ППО' },
} as const;
const blocks = [
  { kind: 'paragraph', text: 'Я свободно, своей волей и в своём интересе даю согласие.' },
  { kind: 'heading', text: '1. Субъект персональных данных' },
  { kind: 'list', items: ['Фамилия, имя, отчество: Иванова Мария Петровна.', 'Дата рождения: 14.03.1984.'] },
] as const;
const sha256 = 'a3f5'.repeat(16);
const signedDocument = {
  ...document,
  blocks,
  protocol: {
    id: '5b8c2d3e-0f1a-4b6c-8d7e-9f0a1b2c3d4e',
    accountId: home.accountId,
    signer: home.name.full,
    address: home.email,
    signedAt: day(3),
    termsVersion: 'v2',
    network: '203.0.113.0/24',
    device: '',
    digest: sha256,
    sha256,
  },
  checkAction: `${document.path}/check`,
  pdf: `${document.path}.pdf`,
} as const;
const consentText = {
  type: 'finfort_pd',
  title: document.title,
  blocks,
  action: '/cabinet/consents/finfort_pd/5b8c',
  termsVersion: 'v2',
} as const;
const consentCode = {
  title: document.title,
  sent: true,
  address: home.email,
  action: '/cabinet/consents/finfort_pd/5b8c/code',
  againAction: '/cabinet/consents/finfort_pd/5b8c/again',
  textPath: '/cabinet/consents/finfort_pd/5b8c',
} as const;
const signOut = { action: '/session/end/confirm', xsrf: 'xsrf' };
const entryDocument: Screens['interaction/document'] = {
  client: { name: 'PROFCARDS', owner: 'ООО «ФИНФОРТ»' },
  otherwise: 'without_claims',
  withheld: ['ticket_number', 'email'],
  document: { title: consentText.title, blocks: consentText.blocks, sha256: 'f'.repeat(64) },
  termsVersion: 'v2',
  action: '/interaction/uid/document',
  laterAction: '/interaction/uid/document/later',
};
const entryCode: Screens['interaction/document-code'] = {
  client: { name: 'PROFCARDS' },
  ...{ title: consentCode.title, sent: true, address: consentCode.address },
  action: '/interaction/uid/document/s1/code',
  againAction: '/interaction/uid/document/s1/again',
  textPath: '/interaction/uid',
  laterAction: '/interaction/uid/document/later',
};
const refusals = ['applicant', 'under_review', 'suspended', 'ended', 'none'] as const;
/** One of each plural form. */
const COUNTS = [1, 2, 5, 1.5];

/** Whatever a text of a problem may name. */
const params = {
  minutes: 15,
  count: 15,
  limit: 5,
  label: 'Фамилия',
  line: 7,
  columns: '«Фамилия»',
  most: 5_000,
  values: 'Мужской, Женский',
};
const emailRoom = (stage: 'code' | 'link' | undefined) => ({
  email: home.email,
  troubled: false,
  proof: 'password' as const,
  typed: stage ? '' : 'new@example.test',
  ...(stage && { pending: { address: 'new@example.test', stage } }),
});
/** Only a field that stands on the page in this state. */
const roomField = (code: ProblemCode, fields: readonly ('email' | 'password' | 'code')[]) =>
  fields.find((field) => new RegExp(`^${field}_|_${field}_|_${field}$`).test(code)) ?? 'form';
const passwordField = (code: ProblemCode) =>
  /^current/.test(code)
    ? 'current'
    : /differ/.test(code)
      ? 'repeated'
      : /password/.test(code)
        ? 'fresh'
        : 'form';

const typedPerson = {
  family: 'Мамедов',
  given: 'Рашад',
  middle: 'Али оглы',
  birthdate: '30.11.1980',
} as const;
const school = {
  id: 'P-01',
  shortName: 'МБОУ СОШ № 15 г. Васильевска',
  name: 'Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 15»',
  town: 'г. Васильевск',
  region: 'Приозерская Республика',
  inn: '0059000018',
};
const typedApplication = {
  ...typedPerson,
  purpose: 'joining',
  phone: '8 900 000 00 01',
  organisation_query: 'сош 15',
  unit: '',
} as const;
const reviewed = {
  ...{ purpose: 'joining', ...typedPerson, sex: 'male', phone: '+79000000001' },
  ...{ organisation: school, employment: 'worker' },
} as const;
const toSign = {
  documents: [
    { id: 'd1', type: 'application', title: 'Заявление о приёме в Профсоюз', opened: true },
    { id: 'd2', type: 'union_pd', title: 'Согласие на обработку персональных данных', opened: false },
    { id: 'd3', type: 'union_messages', title: 'Согласие на получение сообщений', opened: false },
  ],
} as const;
const fieldOf = (code: ProblemCode) =>
  (
    [
      [/^family/, 'family'],
      [/^given/, 'given'],
      [/^middle/, 'middle'],
      [/^(date|birthdate)/, 'birthdate'],
      [/^union_pd/, 'union_pd'],
    ] as const
  ).find(([mark]) => mark.test(code))?.[1] ?? 'form';

const creation = {
  typed: { email: 'ivanova@example.test' },
  wrongLayout: false,
  herePath: '/join?from=uid&client=dictation',
  signInPath: '/interaction/uid/return?client=dictation',
  recoveryPath: '/recovery?from=uid&client=dictation',
} as const;
const letter = { email: 'ivanova@example.test', typed: 'ivanova@example.test', foreign: false } as const;
const confirmation = {
  email: 'i•••@example.test',
  at: new Date(Date.UTC(2026, 10, 21, 20, 59)),
  device: 'Firefox · Windows',
  network: '203.0.113.0/24',
  elsewhere: false,
  registration: '0d5f6a0c-7a0e-4a38-9c52-9a2f6f1b7a11',
  action: '/join/confirm/link',
  disownAction: '/join/confirm/link/disown',
} as const;
const termsText = [
  { kind: 'title', text: 'Условия использования аналога собственноручной подписи' },
  { kind: 'heading', text: '1. Как определяется подписавший' },
  { kind: 'paragraph', text: 'Подписавшего определяет оператор.' },
  { kind: 'list', items: ['код подтверждения;', 'адрес электронной почты.'] },
] as const;

export const examples: readonly Example[] = [
  example('join/create', '', { ...creation, typed: { email: '' } }),
  example('join/create', 'on the way to a portal', {
    ...creation,
    wayBack: { from: 'uid', client: 'dictation' },
  }),
  example('join/create', 'address taken', {
    ...creation,
    typed: { email: 'ivanova@example.test', terms: 'yes' },
    problems: [{ field: 'email', code: 'email_taken' }],
  }),
  example('join/create', 'everything wrong', {
    ...creation,
    wrongLayout: true,
    problems: [
      { field: 'email', code: 'email_malformed' },
      { field: 'password', code: 'password_too_short' },
      { field: 'terms', code: 'terms_unaccepted' },
    ],
  }),
  example('join/create', 'overloaded', { ...creation, problems: [{ field: 'form', code: 'overloaded' }] }),
  example('join/terms', 'in force', { version: '2', current: true, blocks: termsText }),
  example('join/terms', 'former', { version: '1', current: false, blocks: termsText }),
  example('join/letter', '', letter),
  example('join/letter', 'abroad', { ...letter, foreign: true, notice: 'letter_repeated' }),
  example('join/letter', 'refused', { ...letter, trouble: 'refused' }),
  example('join/letter', 'bounced', {
    ...letter,
    trouble: 'bounced',
    typed: 'ivanova@',
    problems: [{ field: 'email', code: 'email_malformed' }],
  }),
  ...COUNTS.map((count) =>
    example('join/letter', `too soon, ${count}`, {
      ...letter,
      problems: [{ field: 'form', code: 'letter_too_soon', params: { count } }],
    }),
  ),
  example('join/confirm', 'here', confirmation),
  example('join/confirm', 'elsewhere', { ...confirmation, elsewhere: true, device: '' }),
  example('join/disowned', '', {}),
  example('join/gone', 'with a registration', { letterPath: '/join/letter' }),
  example('join/gone', '', {}),
  example('join/question', '', { email: 'ivanova@example.test' }),
  example('join/question', 'begun', { email: 'ivanova@example.test', draftPath: '/join/ticket' }),
  example('start', '', {}),
  example('start', 'upstreams', { upstreams: 'Госуслуги или РСАА' }),
  ...[true, false].map((isSeated) =>
    example('start', `signed in, seated ${isSeated}`, { visitor: { isSeated } }),
  ),
  example('start', 'developers', { developers: 'https://developers.example.org' }),
  example('about/ways', '', {}),
  example('rehearsal', '', {}),
  example('unsubscribe', '', { action: '/unsubscribe/token' }),
  example('unsubscribe', 'done', { done: true }),
  example('interaction/not-yet-open', '', { client, backAction: '/interaction/uid/abort' }),
  example('interaction/services-ended', '', { client, backAction: '/interaction/uid/abort' }),
  ...FAULTS.map((code) =>
    example('error', code, { code, requestId: '0d5f6a0c-7a0e-4a38-9c52-9a2f6f1b7a11' }),
  ),
  example('error', 'of staff', { code: 'not_found', workplace: '/operator' }),
  example('error', 'of a blocked client', { code: 'client_blocked', client: { name: 'Викторина «Акме»' } }),
  example('error', 'of a client', {
    code: 'authorization_request',
    requestId: '0d5f6a0c-7a0e-4a38-9c52-9a2f6f1b7a11',
    client: thirdParty,
    oauth: {
      error: 'invalid_redirect_uri',
      description: "redirect_uri did not match any of the client's redirect_uris",
    },
  }),
  example('interaction/sign-in', 'by e-mail', signIn),
  ...upstreamExamples(signIn, day(4)),
  ...applicationExamples,
  ...paperConsentExamples,
  ...caseExamples,
  ...guideExamples,
  ...orderExamples,
  ...operationExamples,
  ...operatorsExamples,
  ...recordExamples,
  ...protectionExamples,
  ...onboardingExamples,
  ...staffExamples,
  example('interaction/sign-in', 'by ticket', { ...signIn, by: 'ticket' }),
  example('interaction/sign-in', 'without a client', {
    ...withoutClient,
    recoveryPath: '/recovery?from=uid&client=cabinet',
    joinPath: '/join?from=uid&client=cabinet',
  }),
  ...PROBLEMS.flatMap((code) =>
    (['email', 'ticket'] as const).map((by) =>
      example('interaction/sign-in', `by ${by}, ${code}`, {
        ...signIn,
        by,
        identifier: by === 'email' ? 'ivanova@example.test' : '9900 0000 0000 001',
        foreignComputer: true,
        problem: {
          field:
            code === 'password_missing' ? 'password' : /^(email|ticket)_/.test(code) ? 'identifier' : 'form',
          code,
          params,
        },
      }),
    ),
  ),
  ...COUNTS.map((minutes) =>
    example('interaction/sign-in', `throttled for ${minutes}`, {
      ...signIn,
      problem: { field: 'form', code: 'throttled', params: { minutes } },
    }),
  ),
  example('interaction/consent', 'everything', {
    client: { ...thirdParty, test: true },
    isOurs: false,
    items: CLAIMS.map((claim, at) => ({ claim, ...(at % 2 === 0 && { ticked: at % 4 === 0 }) })),
    known: ['given_name', 'locale'],
    resources: [{ uri: 'https://api.example.test', scopes: ['books:read', 'books:write'] }],
    offlineDays: 90,
    optional: 'email',
    problem: { field: 'form', code: 'consent_changed' },
    action: '/interaction/uid/consent',
    cancelAction: '/interaction/uid/abort',
  }),
  example('interaction/consent', 'values', {
    client: thirdParty,
    ...{ isOurs: false, known: [], resources: [], optional: 'email' },
    items: [
      { claim: 'name', value: 'Кузнецов-Ёлкин Пётр Ильич' },
      { claim: 'membership', word: 'membership.member' },
      { claim: 'locale', word: 'language.ru' },
      { claim: 'email', value: 'petr@example.test', ticked: true },
    ],
    action: '/interaction/uid/consent',
    cancelAction: '/interaction/uid/abort',
  }),
  ...(['membership.applicant', 'membership.none', 'language.en'] as const).map((word) =>
    example('interaction/consent', word, {
      client: thirdParty,
      ...{ isOurs: false, known: [], resources: [], optional: '' },
      items: [{ claim: word.startsWith('membership') ? 'membership' : 'locale', word }],
      action: '/interaction/uid/consent',
      cancelAction: '/interaction/uid/abort',
    }),
  ),
  example('interaction/consent', 'an application of ours', {
    client: { name: 'PROFCARDS' },
    ...{ isOurs: true, known: [], resources: [], optional: '' },
    items: [{ claim: 'given_name' }],
    action: '/interaction/uid/consent',
    cancelAction: '/interaction/uid/abort',
  }),
  example('interaction/document', '', entryDocument),
  example('interaction/document', 'with terms to accept', {
    ...{ ...entryDocument, otherwise: 'refuse', withheld: [], terms: '/join/terms/v2' },
    problem: { field: 'terms', code: 'signing_terms' },
  }),
  example('interaction/document', 'without an address', {
    ...{ client, otherwise: 'without_claims', withheld: ['email'], termsVersion: 'v2' },
    action: '/interaction/uid/document',
    laterAction: '/interaction/uid/document/later',
  }),
  example('interaction/document-code', '', entryCode),
  example('interaction/document-code', 'without a code', { ...entryCode, sent: false }),
  example('interaction/document-code', 'wrong', {
    ...entryCode,
    problem: { field: 'code', code: 'signing_code_wrong' },
  }),
  example('interaction/document-needed', '', {
    ...{ client, title: consentCode.title },
    textPath: '/interaction/uid',
    backAction: '/interaction/uid/abort',
  }),
  ...refusals.flatMap((membership) => [
    example('interaction/refused', `${membership} with an organisation`, {
      client,
      membership,
      organisation,
      backAction: '/interaction/uid/abort',
      joinAction: '/interaction/uid/join',
    }),
    example('interaction/refused', membership, {
      client,
      membership,
      backAction: '/interaction/uid/abort',
      joinAction: '/interaction/uid/join',
    }),
  ]),
  example('contingent/people', '', {
    seat: { operator: false, administrator: true },
    notice: 'school_role_taken',
    sections: [
      {
        school: 'МБОУ СОШ № 1 г. Камска',
        people: [
          { name: 'Фомина Раиса Карповна', roles: [{ role: 'staff' }] },
          {
            name: 'Орлова Ирина Сергеевна',
            roles: [
              { role: 'staff', takePath: '/contingent/role?school=P-08&person=K-13&role=staff' },
              { role: 'parent', takePath: '/contingent/role?school=P-08&person=K-13&role=parent' },
            ],
          },
        ],
      },
    ],
  }),
  example('contingent/take-role', '', {
    name: 'Орлова Ирина Сергеевна',
    school: 'МБОУ СОШ № 1 г. Камска',
    role: 'staff',
    fields: { school: 'P-08', person: 'K-13', role: 'staff' },
    action: '/contingent/role',
    backPath: '/contingent',
  }),
  ...(
    [
      ['three roles', { roles: ['staff', 'parent', 'learner'] }],
      ['another role than the chosen one', { roles: ['parent'], elsewhere: 'staff' }],
    ] as const
  ).map(([name, locals]) =>
    example('interaction/role', name, {
      client,
      ...locals,
      action: '/interaction/uid/role',
      cancelAction: '/interaction/uid/abort',
    }),
  ),
  ...(['unknown', 'not_permitted'] as const).map((why) =>
    example('interaction/education-refused', why, {
      client,
      why,
      backAction: '/interaction/uid/abort',
    }),
  ),
  example('device/code', '', { action: '/device', code: '' }),
  example('device/code', 'unknown', {
    action: '/device',
    code: 'BDFG-HJKL',
    problem: { field: 'user_code', code: 'device_code_unknown' },
  }),
  example('device/confirm', '', {
    action: '/device',
    xsrf: 'secret',
    client,
    code: 'BDFG-HJKL',
    network: '192.0.2.0/24',
    device: 'Chrome · Linux',
  }),
  example('device/confirm', 'with a name', {
    ...{ action: '/device', xsrf: 'secret', client, code: 'BDFG-HJKL', network: '192.0.2.0/24', device: '' },
    name: 'Учительская, 2 этаж',
  }),
  example('device/done', '', { client }),
  example('device/done', 'of nobody known', {}),
  example('device/refused', '', {}),
  example('interaction/expired', '', {}),
  example('interaction/expired', 'with a way back', {
    client,
    resume: { action: '/interaction/uid/again' },
  }),
  ...COUNTS.map((retryAfter) =>
    example('interaction/busy', `for ${retryAfter}`, {
      client,
      retryAfter,
      action: '/interaction/uid/password',
      by: retryAfter > 1 ? 'ticket' : 'email',
      identifier: '9900 0000 0000 0011',
      foreignComputer: retryAfter > 1,
    }),
  ),
  ...NOTICES.map((notice) => example('interaction/sign-in', `after ${notice}`, { ...signIn, notice })),
  example('recovery/ask', '', { ...recovery, email: '' }),
  ...PROBLEMS.map((code) =>
    example('recovery/ask', code, {
      ...recovery,
      problem: { field: /^email_/.test(code) ? 'email' : 'form', code, params },
    }),
  ),
  ...COUNTS.map((minutes) =>
    example('recovery/sent', `for ${minutes}`, {
      email: recovery.email,
      minutes,
      againPath: recovery.action,
      signInPath: recovery.signInPath,
    }),
  ),
  example('recovery/new-password', '', { action: '/recovery/link', email: recovery.email }),
  ...PROBLEMS.map((code) =>
    example('recovery/new-password', code, {
      action: '/recovery/link',
      email: recovery.email,
      problem: { field: code === 'passwords_differ' ? 'repeated' : 'fresh', code, params },
    }),
  ),
  example('recovery/gone', '', { againPath: recovery.action }),
  ...([undefined, 'code', 'link'] as const).flatMap((stage) => [
    example('cabinet/email', stage ?? '', emailRoom(stage)),
    ...PROBLEMS.map((code) =>
      example('cabinet/email', `${stage ?? ''} ${code}`, {
        ...emailRoom(stage),
        problem: {
          field: roomField(code, stage === 'code' ? ['code'] : stage ? [] : ['email', 'password']),
          code,
          params,
        },
      }),
    ),
  ]),
  example('cabinet/email', 'with trouble', { ...emailRoom(undefined), troubled: true }),
  ...(['effects', 'code'] as const).flatMap((stage) => [
    example('cabinet/delete', stage, { ...deletion, stage }),
    ...PROBLEMS.map((code) =>
      example('cabinet/delete', `${stage} ${code}`, {
        ...deletion,
        stage,
        problem: { field: roomField(code, stage === 'code' ? ['code'] : ['password']), code, params },
      }),
    ),
  ]),
  ...PROOFS.flatMap((proof) => [
    example('cabinet/delete', `without an address, ${proof}`, { stage: 'effects', byCode: false, proof }),
    example('cabinet/email', `without an address, ${proof}`, { troubled: false, typed: '', proof }),
    example('cabinet/data', proof, { categories: [], proof }),
    example('cabinet/way', proof, { ...way, proof }),
    example('cabinet/way', `${proof}, and it is over`, {
      ...way,
      proof,
      problem: { field: 'form', code: 'proof_missing' },
    }),
    example('cabinet/remove-way', proof, { ...removal, proof }),
  ]),
  example('cabinet/email', 'of whom none was known, on its way', {
    troubled: false,
    typed: '',
    proof: 'recent',
    pending: { address: home.email, stage: 'link' },
  }),
  example('cabinet/delete', 'waiting', {
    ...deletion,
    stage: 'waiting',
    due: new Date(Date.UTC(2026, 10, 28)),
  }),
  example('cabinet/home', 'to be deleted', {
    ...home,
    membership: 'member',
    deletionDue: new Date(Date.UTC(2026, 10, 28)),
  }),
  example('cabinet/data', '', { categories: DATA.map((key, count) => ({ key, count })), proof: 'password' }),
  ...PROBLEMS.map((code) =>
    example('cabinet/data', code, {
      categories: [],
      proof: 'password',
      problem: { field: roomField(code, ['password']), code, params },
    }),
  ),
  example('email/confirm', '', { action: '/email/confirm/link', email: home.email }),
  example('email/confirmed', '', { kind: 'changed' }),
  example('email/confirmed', 'the first', { kind: 'added' }),
  ...[true, false].map((unfinished) =>
    example('email/confirmed', `on the way into the union, ${unfinished}`, {
      kind: 'added',
      join: { path: '/join/question', unfinished },
    }),
  ),
  example('cabinet/ways', 'of a new one', { links: [], addable: [], passkeys: 0 }),
  ...(['up', 'degraded', 'off'] as const).flatMap((state) =>
    [true, false].map((last) =>
      example('cabinet/ways', `${state}${last ? ', the only one' : ''}`, {
        ...(!last && { email: home.email, ticket: '•••• •••• •••• 0011', passwordSetAt: new Date(0) }),
        links: [
          {
            name: 'Госуслуги',
            linkedAt: new Date(0),
            usedAt: new Date(1),
            state,
            ...(!last && { removePath: `${way.room}/remove` }),
          },
        ],
        addable: state === 'off' ? [] : [{ ...addable, state }],
        passkeys: last ? 0 : 2,
        notice: last ? 'way_removed' : 'way_added',
      }),
    ),
  ),
  example('cabinet/way', 'proved', { ...way, departPath: `${way.room}/depart` }),
  example('cabinet/way', 'in trouble', {
    ...way,
    state: 'degraded',
    registrationUrl: addable.registrationUrl,
  }),
  ...WAY_REFUSALS.map((refused) => example('cabinet/way', refused, { ...way, refused })),
  ...(['esia', 'oidc'] as const).map((kind) =>
    example('cabinet/way', `with a case of ${kind}`, {
      ...way,
      kind,
      opened: { number: '2026-000123', kinds: ['family_name', 'birthdate'] },
    }),
  ),
  example('cabinet/remove-way', 'refused', { ...removal, problem: { field: 'form', code: 'way_last' } }),
  example('cabinet/sign-ins', 'none', { hasPassword: false, entries: [] }),
  example('cabinet/sign-ins', '', {
    hasPassword: true,
    entries: [
      ...METHODS.map((method, index) => ({
        at: new Date(0),
        refused: index % 2 === 1,
        way: { method },
        portal: client.name,
        network: '192.0.2.0/24',
        ...(index % 2 === 0 && { device: 'Firefox · Windows' }),
      })),
      { at: new Date(0), refused: false, way: { upstream: 'Госуслуги' } },
    ],
    olderPath: '/cabinet/sign-ins?before=7',
    latestPath: '/cabinet/sign-ins',
  }),
  ...(['recent', 'sign-in'] as const).flatMap((proof) =>
    [true, false].map((useful) =>
      example('cabinet/set-password', `${proof}${useful ? '' : ', of no use'}`, {
        ...{ action: '/cabinet/password', proof, useful },
        problem: { field: 'form', code: useful ? 'proof_missing' : 'password_useless' },
      }),
    ),
  ),
  example('cabinet/home', 'without an address', { ...nameless, membership: 'none' }),
  example('email/undo', '', { action: '/email/undo/link', email: home.email }),
  example('email/gone', '', {}),
  example('sign-out/confirm', '', signOut),
  example('sign-out/confirm', 'from a portal', { ...signOut, client }),
  example('sign-out/confirm', 'through Gosuslugi', {
    ...signOut,
    remote: { name: 'Госуслуги', url: 'https://esia.example.test/idp/ext/Logout' },
  }),
  example('sign-out/nobody', '', signOut),
  example('sign-out/done', '', {}),
  example('sign-out/done', 'of a portal', { client }),
  ...TICKET_STATES.map((ticketState) =>
    example('cabinet/home', `member, ticket ${ticketState}`, { ...home, membership: 'member', ticketState }),
  ),
  example('cabinet/home', 'kept after all', { ...home, membership: 'member', notice: 'deletion_cancelled' }),
  example('cabinet/home', 'ticket shown', {
    ...home,
    membership: 'member',
    ticket: '9900 0000 0000 0011',
    ticketShown: true,
  }),
  ...refusals.map((membership) =>
    example('cabinet/home', membership, {
      accountId: home.accountId,
      membership,
      ticketShown: false,
      mailTrouble: false,
      ...(membership === 'none' && { join: { path: '/join/question', unfinished: false } }),
    }),
  ),
  example('cabinet/home', 'half way into the union', {
    accountId: home.accountId,
    membership: 'none',
    ticketShown: false,
    mailTrouble: true,
    join: { path: '/join/application', unfinished: true },
  }),
  ...(['none', 'ended'] as const).map((membership) =>
    example('cabinet/home', `to correct an application, ${membership}`, {
      ...{ accountId: home.accountId, membership, ticketShown: false, mailTrouble: false },
      returned: {
        organisation: 'МБОУ СОШ № 15 г. Васильевска',
        ...(membership === 'none' && { reason: 'В данных есть ошибка. Укажите телефон' }),
      },
    }),
  ),
  example('cabinet/home', 'with a long name', {
    ...home,
    membership: 'member',
    name: { full: 'Абдурахмангаджиева-Константинопольская Александра-Виктория Константиновна' },
    email: 'a-very-long-address-of-a-very-patient-teacher@subdomain.school.example.test',
  }),
  example('cabinet/sessions', '', {
    sessions: [
      { device: 'Firefox · Windows', network: '203.0.113.0/24', current: true },
      { device: 'Яндекс Браузер · Android', network: '2001:db8:7::/48', current: false },
      { device: '', network: '198.51.100.0/24', current: false },
    ].map((session, index) => ({
      ...session,
      signedInAt: new Date(Date.UTC(2026, 10, 21 - index, 20, 59)),
      action: `/cabinet/sessions/s${index}/end`,
    })),
    endOthersAction: '/cabinet/sessions/end-others',
  }),
  example('cabinet/sessions', 'the only one', {
    sessions: [
      {
        device: 'Firefox · Windows',
        network: '203.0.113.0/24',
        signedInAt: new Date(0),
        current: true,
        action: '/cabinet/sessions/s0/end',
      },
    ],
    endOthersAction: '/cabinet/sessions/end-others',
  }),
  example('cabinet/password', '', { action: '/cabinet/password' }),
  example('cabinet/password', 'done', { action: '/cabinet/password', done: 'changed' }),
  example('cabinet/password', 'set', { action: '/cabinet/password', done: 'set' }),
  ...PROBLEMS.map((code) =>
    example('cabinet/password', code, {
      action: '/cabinet/password',
      problem: { field: passwordField(code), code, params },
    }),
  ),
  example('cabinet/documents', 'none', { applications: [], documents: [], suggested: [] }),
  example('cabinet/documents', '', {
    notice: 'consent_withdrawn',
    applications: APPLICATION_STATES.map((state, index) => ({
      purpose: index % 2 === 0 ? ('joining' as const) : ('enrolment' as const),
      organisation: organisation.shortName,
      state,
      ...(state === 'returned' && { reason: 'не указан телефон' }),
      signedAt: day(1),
      stateSince: day(2),
      ...(index === 0 && { path: '/cabinet/documents/a' }),
    })),
    documents: [
      { ...document, ...messages },
      { ...document, type: 'finfort_pd', state: 'withdrawn', withdrawnAt: day(4) },
      { ...document, type: 'union_pd', state: 'replaced' },
      { ...document, type: 'application', state: 'signed' },
      { type: 'undertaking', state: 'signed', ...paper },
      ...CONSENT_TYPES.map((type) => ({ type, state: 'in_force' as const, ...paper })),
    ],
    suggested: CONSENT_TYPES.map((type, index) => ({
      type,
      title: 'Согласие',
      why: (['new', 'new_version', 'change'] as const)[index] ?? 'new',
      path: `/cabinet/consents/${type}`,
    })),
  }),
  example('cabinet/document', 'signed', { ...signedDocument, withdrawPath: `${document.path}/withdraw` }),
  ...(['same', 'different'] as const).map((check) =>
    example('cabinet/document', `checked: ${check}`, { ...signedDocument, check }),
  ),
  ...(['union_pd', 'application'] as const).map((type) =>
    example('cabinet/document', `on paper: ${type}`, {
      ...{ type, state: 'in_force', ...paper, blocks: [] },
      ...(type === 'union_pd' && { paper: { ...paper.paper, dated: '2026-03-12' } }),
    }),
  ),
  ...CONSENT_TYPES.flatMap((type) => [
    example('cabinet/withdraw', type, {
      type,
      documentPath: document.path,
      action: `${document.path}/withdraw`,
    }),
    example('cabinet/consent', type, { type, action: `/cabinet/consents/${type}`, ticked: {} }),
  ]),
  ...(['channels_missing', 'senders_missing'] as const).map((code) =>
    example('cabinet/consent', code, {
      type: 'union_messages',
      action: '/cabinet/consents/union_messages',
      ticked: { sms: true },
      problem: { field: code === 'channels_missing' ? 'email' : 'union', code },
    }),
  ),
  example('cabinet/consent-text', '', consentText),
  example('cabinet/consent-text', 'with terms to accept', {
    ...consentText,
    terms: '/join/terms/v2',
    problem: { field: 'terms', code: 'signing_terms' },
  }),
  example('cabinet/consent-code', '', consentCode),
  example('cabinet/consent-code', 'without a code', { ...consentCode, sent: false }),
  example('cabinet/consent-code', 'wrong', {
    ...consentCode,
    problem: { field: 'code', code: 'signing_code_wrong' },
  }),
  example('cabinet/portals', '', {
    portals: [
      {
        ...client,
        uri: 'https://dictation.test',
        receives: [
          { claim: 'given_name', told: true, optional: false },
          { claim: 'email', told: true, optional: true },
          { claim: 'phone_number', told: false, optional: true },
          { claim: 'region', told: false, optional: false },
        ],
        offline: true,
        since: new Date(Date.UTC(2026, 10, 1)),
        claimsAction: '/cabinet/portals/dictation/claims',
        action: '/cabinet/portals/dictation/disconnect',
      },
      {
        ...{ ...thirdParty, test: true as const, receives: [], offline: false, since: new Date(0) },
        claimsAction: '/cabinet/portals/acme/claims',
        action: '/cabinet/portals/acme/disconnect',
      },
    ],
  }),
  example('cabinet/portals', 'none', { portals: [] }),
  example('join/ticket', '', {
    typed: { family: '', given: '', middle: '', birthdate: '', ticket: '' },
  }),
  ...PROBLEMS.map((code) =>
    example('join/ticket', code, {
      typed: { ...typedPerson, ticket: '9900 0000 0000 0052', union_pd: 'yes' },
      problems: [
        { field: fieldOf(code), code, params },
        { field: 'ticket', code: 'ticket_length' },
      ],
    }),
  ),
  example('join/matched', '', { ...typedPerson, ticket: '9900 0000 0000 0052' }),
  example('join/matched', 'without a patronymic', {
    ...{ family: 'Ахметов', given: 'Тимур', birthdate: '07.07.1992', ticket: '9900 0000 0000 0045' },
  }),
  example('join/application', '', {
    typed: { ...typedApplication, ...{ family: '', given: '', middle: '', birthdate: '', phone: '' } },
  }),
  ...[1, 2, 5].map((count) =>
    example('join/application', `${count} found`, {
      typed: typedApplication,
      found: Array.from({ length: count }, (_, at) => ({ ...school, id: `P-${at}`, admits: at !== 1 })),
      problems: [
        { field: 'sex', code: 'sex_missing' },
        { field: 'employment', code: 'employment_missing' },
        { field: 'organisation_query', code: 'organisation_missing' },
      ],
    }),
  ),
  example('join/application', 'chosen', {
    typed: { ...typedApplication, sex: 'male', employment: 'worker', union_pd: 'yes', union_messages: 'yes' },
    organisation: { ...school, units: ['Детский сад № 3', 'Детский сад № 4'] },
  }),
  example('join/application', 'returned', {
    typed: { ...typedApplication, sex: 'male', employment: 'worker' },
    organisation: { ...school, units: [] },
    returned: { organisation: school.shortName, reason: 'Не то структурное подразделение.' },
  }),
  ...(['joining', 'enrolment'] as const).flatMap((purpose) =>
    (['worker', 'student', 'pensioner', 'other'] as const).map((employment) =>
      example('join/review', `${purpose} ${employment}`, {
        ...toSign,
        application: { ...reviewed, purpose, employment, sex: purpose === 'joining' ? 'male' : 'female' },
        messages: purpose === 'joining',
      }),
    ),
  ),
  example('join/review', 'of little, with a problem', {
    ...toSign,
    application: {
      ...{ purpose: 'joining', family: 'Ахметов', given: 'Тимур', birthdate: '07.07.1992', sex: 'male' },
      ...{ phone: '+79000000001', employment: 'worker', unit: 'Факультет физики' },
      organisation: { id: 'P-01', shortName: school.shortName, name: school.name, region: school.region },
    },
    messages: false,
    terms: { version: '2' },
    problem: { field: 'form', code: 'signing_unopened' },
  }),
  example('join/documents', '', toSign),
  example('join/documents', 'under new terms', {
    ...toSign,
    terms: { version: '2' },
    problem: { field: 'terms', code: 'signing_terms' },
  }),
  ...[undefined, '/join/documents'].map((back) =>
    example('join/document', back ?? 'as a form', {
      blocks: [
        { kind: 'title', text: 'Согласие на обработку персональных данных' },
        { kind: 'heading', text: 'Цель' },
        { kind: 'paragraph', text: 'Я, Мамедов Рашад Али оглы, даю согласие.' },
        { kind: 'list', items: ['фамилия', 'имя'] },
      ],
      version: '2',
      ...(back !== undefined && { back }),
    }),
  ),
  ...COUNTS.map((wait) =>
    example('join/code', `wait ${wait}`, {
      ...{ variant: wait > 1 ? 'ticket' : 'application', address: 'rashad@example.test', sent: true, wait },
      documents: toSign.documents.map(({ title }) => title),
    }),
  ),
  ...COUNTS.map((count) =>
    example('join/code', `wrong, ${count} left`, {
      ...{ variant: 'ticket', address: 'rashad@example.test', sent: true, wait: 0 },
      documents: ['Согласие на обработку персональных данных'],
      problem: { field: 'code', code: 'signing_code_wrong' },
      triesLeft: count,
    }),
  ),
  example('join/code', 'none stands', {
    ...{ variant: 'ticket', address: 'rashad@example.test', sent: false, wait: 0 },
    documents: ['Согласие на обработку персональных данных'],
  }),
  example('join/done', 'variant 1', { variant: 'ticket' }),
  example('join/done', 'variant 1, from a portal', { variant: 'ticket', portal: client.name }),
  ...(['here', 'waiting', 'delivered'] as const).map((kept) =>
    example('join/done', `variant 2, ${kept}`, {
      ...{ variant: 'application', organisation: school.shortName, kept },
      ...(kept !== 'waiting' && { portal: client.name }),
    }),
  ),
];
