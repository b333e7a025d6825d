/** Second factors: where they are added, and where they are asked for. */
import type { Screens } from '../../../provider/http/screens/screens.ts';
import { type Example, example } from './example.ts';

type Protection = Screens['cabinet/protection'];

const client = { name: 'Профсоюзный диктант' };
const email = 'i•••@example.test';
const at = new Date(0);
const room = '/cabinet/protection';
const device = { name: 'Телефон', addedAt: at, removePath: `${room}/code_app/id/remove` };
const passkey = { action: `${room}/prove/passkey`, optionsAction: `${room}/prove/passkey/options` };

const nothing: Protection = {
  ...{ passkeys: [], codeApps: [], recoveryCodes: 0, alwaysAsked: false, mayAskAlways: false, typedName: '' },
  addPasskey: { action: `${room}/passkeys`, optionsAction: `${room}/passkeys/options` },
};
const everything: Protection = {
  ...nothing,
  passkeys: [true, false].map((syncable) => ({ ...device, usedAt: at, syncable })),
  codeApps: [device],
  ...{ recoveryCodes: 9, alwaysAsked: true, mayAskAlways: true },
};
const stepUp: Screens['interaction/step-up'] = {
  ...{ client, demand: 'second_proof', upstreams: [], outages: [], cancelAction: '/interaction/uid/abort' },
};
const everyProof = {
  ...{
    passkey,
    appAction: '/interaction/uid/step-up/app',
    recoveryPath: '/interaction/uid/step-up/recovery',
  },
};
const lost = { email, sendAction: `${room}/lost` };
const codeProblems = ['code_missing', 'app_code_wrong', 'app_code_used', 'code_wrong'] as const;

const signIn: Screens['interaction/sign-in'] = {
  ...{ client, by: 'email', identifier: '', password: true, upstreams: [], outages: [], confirming: false },
  ...{ action: '/interaction/uid/password', cancelAction: '/interaction/uid/abort' },
  ...{ recoveryPath: '/recovery', joinPath: '/join', support: { guides: [] } },
  switchTo: { email: '/interaction/uid?by=email', ticket: '/interaction/uid?by=ticket' },
};

export const protectionExamples: readonly Example[] = [
  example('interaction/sign-in', 'by a passkey', {
    ...signIn,
    passkey: { action: '/interaction/uid/passkey', optionsAction: '/interaction/uid/passkey/options' },
    problem: { field: 'form', code: 'passkey_refused' },
  }),
  example('cabinet/protection', 'with nothing yet', nothing),
  example('cabinet/protection', 'with everything', {
    ...everything,
    mailCountsAt: at,
    staff: 'ready',
    workPath: '/operator',
  }),
  example('cabinet/protection', 'that may be made stricter', { ...nothing, mayAskAlways: true }),
  example('cabinet/protection', 'of staff, before the mailed code', {
    ...{ ...nothing, staff: 'lacking', workPath: '/operator' },
    proof: { mail: { email, sendAction: `${room}/prove/send` } },
    problem: { field: 'form', code: 'throttled', params: { minutes: 15 } },
  }),
  example('cabinet/protection', 'with a mailed code', {
    ...nothing,
    proof: { mail: { email, sendAction: `${room}/prove/send`, codeAction: `${room}/prove/mailed` } },
    problem: { field: 'mailed', code: 'code_wrong' },
  }),
  example('cabinet/protection', 'to be proved by a sign-in', {
    ...nothing,
    proof: { signInPath: '/cabinet/prove?room=%2Fcabinet%2Fprotection' },
  }),
  example('cabinet/protection', 'to be proved by what is there', {
    ...everything,
    proof: {
      ...{ passkey, appAction: `${room}/prove/app`, recoveryAction: `${room}/prove/recovery` },
      lostPath: `${room}/lost`,
    },
    problem: { field: 'recovery', code: 'recovery_code_wrong' },
  }),
  example('cabinet/protection', 'with a key without a name', {
    ...everything,
    problem: { field: 'name', code: 'factor_name_missing' },
  }),
  example('cabinet/code-app', '', {
    ...{
      picture: '/cabinet/protection/app.svg',
      secret: 'ABCD EFGH IJKL',
      typedName: '',
      action: `${room}/app`,
    },
  }),
  example('cabinet/code-app', 'with a wrong code', {
    ...{ picture: '/cabinet/protection/app.svg', secret: 'ABCD EFGH IJKL', typedName: 'Телефон' },
    ...{ action: `${room}/app`, problem: { field: 'code', code: 'app_code_wrong' } },
  }),
  example('cabinet/recovery-codes', '', {
    ...{ codes: ['7K2QX-M4T9B', '0123A-BCDEF'], email: 'ivanova@example.test', host: 'id.example.test' },
    ...{ madeAt: at, file: 'data:text/plain;charset=utf-8,7K2QX-M4T9B' },
  }),
  ...(['code_app', 'passkey'] as const).flatMap((kind) => [
    example('cabinet/remove-factor', kind, { kind, name: 'Телефон', action: device.removePath }),
    example('cabinet/remove-factor', `${kind}, the last`, {
      ...{ kind, name: 'Телефон', action: device.removePath },
      problem: { field: 'form', code: kind === 'passkey' ? 'factor_last_way' : 'factor_last' },
    }),
  ]),
  example('cabinet/lost-factor', '', lost),
  example('cabinet/lost-factor', 'with a code', {
    ...{ ...lost, codeAction: `${room}/lost/code`, problem: { field: 'code', code: 'code_wrong' } },
  }),
  example('cabinet/lost-factor', 'asked for', { ...lost, mailCountsAt: at }),
  example('interaction/lost-factor', '', { ...lost, client, backPath: '/interaction/uid' }),
  example('interaction/lost-factor', 'with a code', {
    ...{ ...lost, client, backPath: '/interaction/uid', codeAction: '/interaction/uid/step-up/lost/code' },
    problem: { field: 'code', code: 'code_wrong' },
  }),
  example('interaction/lost-factor', 'asked for', {
    ...{ ...lost, client, backPath: '/interaction/uid', mailCountsAt: at },
  }),
  ...[1, 3, 10].map((left) =>
    example('interaction/recovery-code', `${left} left`, {
      ...{ client, left, action: '/interaction/uid/step-up/recovery', backPath: '/interaction/uid' },
      ...(left === 1 && { problem: { field: 'code', code: 'recovery_code_wrong' } }),
    }),
  ),
  ...(['level', 'second_proof'] as const).map((demand) =>
    example('interaction/step-up', `${demand}, by all that she has`, {
      ...{ ...stepUp, ...everyProof, demand },
      ...(demand === 'second_proof' && { lostPath: '/interaction/uid/step-up/lost' }),
      ...(demand === 'level' && { mail: { email, action: '/interaction/uid/step-up/send' } }),
    }),
  ),
  example('interaction/step-up', 'by a device, which may be lost', {
    ...{ ...stepUp, demand: 'own_device', passkey, appAction: everyProof.appAction },
    newDevice: { action: '/interaction/uid/step-up/device', paper: true },
  }),
  example('interaction/step-up', 'by nothing that she has', {
    ...{ ...stepUp, demand: 'own_device' },
    newDevice: { action: '/interaction/uid/step-up/device', paper: false },
  }),
  ...codeProblems.map((code) =>
    example('interaction/step-up', code, { ...stepUp, ...everyProof, problem: { field: 'code', code } }),
  ),
];
