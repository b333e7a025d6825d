import { describe, expect, it } from 'vitest';
import {
  ACR,
  AMR_OF_APP,
  AMR_OF_MAILED_CODE,
  AMR_OF_RECOVERY,
  acrRaised,
  amrByPhone,
  amrOfPasskey,
  amrOfUpstream,
  hasOwnDevice,
  hasOwnProof,
  hasSecondProof,
} from '../../../provider/login/assurance.ts';

const pwd = ['pwd'];
const app = ['pwd', ...AMR_OF_APP];
const mailed = ['pwd', ...AMR_OF_MAILED_CODE];
const paper = ['pwd', ...AMR_OF_RECOVERY];
const key = amrOfPasskey(true);
const esia = amrOfUpstream('esia');
const rsaa = amrOfUpstream('rsaa');

describe('what a sign-in says', () => {
  it.each<[string, readonly string[], string, boolean, boolean, boolean, boolean]>([
    // amr, acr, a device, a proof of her own, more than a password, the same where mail counts
    ['a password', pwd, ACR.password, false, false, false, false],
    ['and a mailed code', mailed, ACR.federated, false, false, false, true],
    ['and a code of the application', app, ACR.federated, true, true, true, true],
    ['and a code of the paper', paper, ACR.federated, false, true, true, true],
    ['a passkey', key, ACR.federated, true, true, true, true],
    ['a phone that had a passkey', amrByPhone(key), ACR.federated, false, false, true, true],
    ['and a passkey at the computer', [...amrByPhone(key), ...key], ACR.federated, true, true, true, true],
    ['a phone that had ЕСИА', amrByPhone(esia), ACR.confirmed, false, false, true, true],
    ['РСАА', rsaa, ACR.federated, false, false, true, true],
    ['ЕСИА, confirmed', esia, ACR.confirmed, true, true, true, true],
    ['ЕСИА, not confirmed', esia, ACR.password, false, false, true, true],
  ])('%s', (_name, amr, acr, device, own, second, secondByMail) => {
    expect([
      hasOwnDevice({ acr, amr }),
      hasOwnProof({ acr, amr }),
      hasSecondProof({ amr }, false),
      hasSecondProof({ amr }, true),
    ]).toEqual([device, own, second, secondByMail]);
  });

  it('names the kind of key', () => {
    expect(amrOfPasskey(false)).toEqual(['hwk', 'user', 'urn:opo:way:passkey']);
    expect(AMR_OF_APP).toEqual(['otp', 'mfa', 'urn:opo:way:totp']);
  });
});

it.each([
  [ACR.federated, { acr: ACR.password, amr: pwd }],
  [ACR.federated, { acr: ACR.federated, amr: mailed }],
  [ACR.confirmed, { acr: ACR.confirmed, amr: [...pwd, ...esia] }],
  // What an upstream says of her does not become more sure by what we know.
  [ACR.password, { acr: ACR.password, amr: esia }],
  [ACR.federated, { acr: ACR.federated, amr: rsaa }],
])('another proof raises to %s: %o', (raised, session) => {
  expect(acrRaised(session)).toBe(raised);
});
