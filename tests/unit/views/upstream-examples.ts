/** The pages of signing in through somebody else, in every state. */
import type { Screens } from '../../../provider/http/screens/screens.ts';
import { type Example, example } from './example.ts';

type SignIn = Screens['interaction/sign-in'];

const client = { name: 'Профсоюзный диктант' };
const esia = {
  id: 'esia',
  name: 'Госуслуги',
  path: '/interaction/uid/upstream/esia',
  guide: 'gosuslugi' as const,
};
const rsaa = {
  id: 'rsaa',
  name: 'РСАА',
  path: '/interaction/uid/upstream/rsaa',
  registrationUrl: 'https://rsaa.example.test/register',
};
const KINDS = ['esia', 'other'] as const;
const LEFT = ['any', 'password', 'upstream', 'nothing'] as const;
const REFUSALS = [
  ...(['cancelled', 'start_again', 'unconfirmed', 'child', 'not_a_person'] as const),
  ...(['second_factor_missing', 'account_unavailable'] as const),
];
const MISMATCHES = [
  ...(['family_name', 'given_name', 'middle_name', 'birthdate'] as const),
  ...(['email', 'snils', 'identity', 'ambiguous'] as const),
];
const link: Screens['interaction/link'] = {
  client,
  upstream: 'Госуслуги',
  by: 'email',
  identifier: '',
  action: '/interaction/uid/link/password',
  cancelAction: '/interaction/uid/link/cancel',
  switchTo: { email: '/interaction/uid/link?by=email', ticket: '/interaction/uid/link?by=ticket' },
};
const linkCode: Screens['interaction/link-code'] = {
  client,
  upstream: 'Госуслуги',
  email: 'i•••@example.test',
  action: '/interaction/uid/link/code/check',
  repeatAction: '/interaction/uid/link/code',
  backPath: '/interaction/uid/link',
};
const stepUp: Screens['interaction/step-up'] = {
  client: { name: 'Обращения о несовпадении данных' },
  demand: 'level',
  upstreams: [esia, rsaa],
  outages: [],
  mail: { action: '/interaction/uid/step-up/send', email: 'i•••@example.test' },
  cancelAction: '/interaction/uid/abort',
};
const stepUpCode: Screens['interaction/step-up-code'] = {
  client: stepUp.client,
  email: 'i•••@example.test',
  action: '/interaction/uid/step-up/code',
  repeatAction: '/interaction/uid/step-up/send',
  backPath: '/interaction/uid',
};
const qr: Screens['interaction/qr'] = {
  ...{ client, number: 47, code: 'BDFG-HJKL', minutes: 3, address: 'id.example.test/qr' },
  ...{ picture: '/interaction/uid/qr.svg', statePath: '/interaction/uid/qr/state' },
  ...{ againSeconds: 4, backPath: '/interaction/uid' },
};
const qrOver = { client, againAction: '/interaction/uid/qr', backPath: '/interaction/uid' };
const qrQuestion: Screens['qr/question'] = {
  ...{ client, device: 'Firefox · Windows', network: '192.0.2.0/24', choices: [12, 47, 83] },
  ...{ question: 'which', action: '/qr' },
};
const mismatch: Screens['interaction/mismatch'] = {
  side: 'school',
  number: '2026-000123',
  kinds: ['family_name'],
  upstream: { kind: 'esia', name: 'Госуслуги' },
  backAction: '/interaction/uid/abort',
};

/** `signIn`: the page without any upstream. */
export function upstreamExamples(signIn: SignIn, retryAt: Date): readonly Example[] {
  const both: SignIn = { ...signIn, upstreams: [esia, rsaa], qrAction: '/interaction/uid/qr' };
  const toEpos: SignIn = {
    ...both,
    client: { name: 'Портал ЭПОС' },
    password: false,
    only: 'Госуслуги или РСАА',
    support: {
      uri: 'mailto:support@epos.example.test',
      guides: (['staff', 'parent', 'learner'] as const).map((role) => ({
        for: role,
        uri: `https://epos.example.test/guide/${role}`,
      })),
    },
  };
  return [
    example('interaction/sign-in', 'with upstreams', both),
    ...KINDS.flatMap((kind) =>
      LEFT.map((left) =>
        example('interaction/sign-in', `while ${kind} is down, left: ${left}`, {
          ...signIn,
          password: left === 'any' || left === 'password',
          upstreams: kind === 'esia' ? [rsaa, esia] : [esia, rsaa],
          outages: [
            kind === 'esia'
              ? { code: `esia_${left}`, name: 'Госуслуги', instead: 'РСАА' }
              : { code: `other_${left}`, name: 'РСАА', instead: 'Госуслуги' },
          ],
        }),
      ),
    ),
    ...REFUSALS.map((code) =>
      example('interaction/sign-in', `refused: ${code}`, { ...both, refusal: { code, name: 'Госуслуги' } }),
    ),
    example('interaction/sign-in', 'to ЭПОС', toEpos),
    example('interaction/sign-in', 'to ЭПОС, of somebody signed in', { ...toEpos, confirming: true }),
    example('interaction/link', 'by e-mail', { ...link, createAction: '/interaction/uid/link/create' }),
    example('interaction/link', 'by ticket, or by a code', {
      ...link,
      by: 'ticket',
      codeAction: '/interaction/uid/link/code',
    }),
    example('interaction/link', 'after a wrong password', {
      ...link,
      identifier: 'ivanova@example.test',
      problem: { field: 'form', code: 'wrong_email_or_password' },
    }),
    example('interaction/step-up', '', stepUp),
    example('interaction/step-up', 'a wish, refused by an upstream', {
      ...{ ...stepUp, upstreams: [esia], laterAction: '/interaction/uid/step-up/later' },
      refusal: { code: 'cancelled', name: 'РСАА' },
    }),
    example('interaction/step-up', 'after too many codes', {
      ...stepUp,
      problem: { field: 'form', code: 'throttled', params: { minutes: 12 } },
    }),
    example('interaction/step-up-code', '', stepUpCode),
    example('interaction/step-up-code', 'after a wrong code', {
      ...stepUpCode,
      problem: { field: 'code', code: 'code_wrong' },
    }),
    example('interaction/qr', '', qr),
    ...(['expired', 'refused', 'wrong_number'] as const).map((why) =>
      example('interaction/qr-over', why, { ...qrOver, why }),
    ),
    example('qr/code', '', { action: '/qr/code' }),
    example('qr/code', 'unknown', {
      action: '/qr/code',
      problem: { field: 'code', code: 'qr_code_unknown' },
    }),
    example('qr/question', '', qrQuestion),
    example('qr/question', 'a computer nobody recognises', { ...qrQuestion, device: '' }),
    ...(['confirmed', 'refused', 'wrong_number'] as const).map((kind) =>
      example('qr/answered', kind, { kind }),
    ),
    example('qr/gone', '', {}),
    example('interaction/staff-role', '', { client, backAction: '/interaction/uid/abort' }),
    example('interaction/sign-in', 'too long ago', { ...signIn, tooOld: true }),
    example('interaction/link-code', '', linkCode),
    example('interaction/link-code', 'after a wrong code', {
      ...linkCode,
      problem: { field: 'code', code: 'code_wrong' },
    }),
    example('interaction/mismatch', 'in ЭПОС', { ...mismatch, kinds: MISMATCHES }),
    example('interaction/mismatch', 'in ЭПОС, through РСАА', {
      ...mismatch,
      upstream: { kind: 'oidc', name: 'РСАА' },
    }),
    example('interaction/mismatch', 'in ЭПОС, corrected', { ...mismatch, retryAt }),
    example('interaction/mismatch', 'in the register', {
      ...mismatch,
      side: 'union',
      signInPath: '/interaction/uid',
    }),
    example('interaction/mismatch', 'in the register, through РСАА', {
      ...mismatch,
      side: 'union',
      upstream: { kind: 'oidc', name: 'РСАА' },
    }),
  ];
}
