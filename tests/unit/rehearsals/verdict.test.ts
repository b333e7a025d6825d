import { describe, expect, test } from 'vitest';
import type { RehearsalCase } from '../../../provider/rehearsals/rehearsal-cases.ts';
import { judge, type Performance } from '../../../provider/rehearsals/verdict.ts';

const signedIn: Performance = {
  ...{ case: 'right', sentNonce: true, look: ['302 /callback', '200 /'], status: 200 },
  ...{ startedAgain: false, redeemed: true, askedUserinfo: true },
};
const saidNo: Performance = {
  ...signedIn,
  ...{ case: 'denied', look: ['302 /callback', '200 /login'], redeemed: false, askedUserinfo: false },
};
const shown = { look: saidNo.look, redeemed: true, askedUserinfo: false };

const verdictOn = (
  name: RehearsalCase,
  seen: Partial<Performance>,
  right: Partial<Performance> = {},
  denied: Partial<Performance> = {},
) =>
  judge([
    { ...signedIn, ...right },
    { ...saidNo, ...denied },
    { ...signedIn, case: name, ...seen },
  ]).at(-1);

describe('the controls', () => {
  test.each<[string, Partial<Performance>, object]>([
    ['signed in', {}, { verdict: 'accepted', evidence: 'looks_signed_in' }],
    ['code left lying', { redeemed: false }, { verdict: 'refused', evidence: 'not_redeemed' }],
    ['error page', { status: 500 }, { verdict: 'refused', evidence: 'not_redeemed' }],
    ['unreachable', { fault: 'unreachable' }, { verdict: 'unclear', evidence: 'unreachable' }],
  ])('%s', (_name, right, expected) => {
    expect(judge([{ ...signedIn, ...right }, saidNo])[0]).toEqual({ case: 'right', ...expected });
  });
  test('«no» is no', () => {
    expect(judge([signedIn, saidNo])[1]).toMatchObject({ verdict: 'refused' });
  });
});

describe('a wrong answer', () => {
  test.each<[string, RehearsalCase, Partial<Performance>, string, string]>([
    ['looks like a sign-in', 'signature', {}, 'accepted', 'looks_signed_in'],
    ['looks like a refusal', 'signature', shown, 'refused', 'looks_refused'],
    ['error page', 'issuer', { status: 401, look: ['401 /callback'] }, 'refused', 'status'],
    ['begins anew', 'expired', { startedAgain: true, look: ['302 /callback'] }, 'refused', 'started_again'],
    ['elsewhere, with the token', 'unsigned', { look: ['200 /callback'] }, 'accepted', 'asked_userinfo'],
    [
      ...(['elsewhere, without it', 'unsigned'] as const),
      ...([{ look: ['200 /callback'], askedUserinfo: false }, 'unclear', 'looks_alike'] as const),
    ],
    ['never fetched', 'audience', { redeemed: false }, 'unclear', 'not_redeemed'],
    ['no nonce was sent', 'nonce', { sentNonce: false }, 'unclear', 'nonce_not_sent'],
    ['foreign state, code redeemed', 'state', {}, 'accepted', 'redeemed'],
    ['foreign state, code left', 'state', { redeemed: false, status: 400 }, 'refused', 'not_redeemed'],
    ['foreign iss, code redeemed', 'iss_parameter', {}, 'accepted', 'redeemed'],
    ['another person at userinfo', 'userinfo_subject', {}, 'accepted', 'looks_signed_in'],
    ['another person, refused', 'userinfo_subject', shown, 'refused', 'looks_refused'],
    ['redirect not registered', 'signature', { fault: 'redirect_uri' }, 'unclear', 'redirect_uri'],
  ])('%s (%s)', (_what, name, seen, verdict, evidence) => {
    expect(verdictOn(name, seen)).toEqual({ case: name, verdict, evidence });
  });

  test('says nothing while the right one is not taken', () => {
    expect(verdictOn('signature', {}, { redeemed: false })).toMatchObject({ evidence: 'control_failed' });
  });
  test('is known by the token alone where all pages look alike', () => {
    const one = { look: ['200 /callback'] };
    expect(verdictOn('signature', one, one, one)).toMatchObject({ evidence: 'asked_userinfo' });
    expect(verdictOn('signature', { ...one, askedUserinfo: false }, one, one)).toMatchObject({
      verdict: 'unclear',
      evidence: 'looks_alike',
    });
  });
  test('at userinfo counts only for who asks there', () => {
    expect(verdictOn('userinfo_subject', {}, { askedUserinfo: false })).toMatchObject({
      evidence: 'userinfo_not_asked',
    });
  });
});
