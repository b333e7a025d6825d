/** What is sent of a typed form, where a reproach is shown, and what a verdict means. */
import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  changeOf,
  emptyFields,
  emptyValues,
  linesOf,
  problemsAt,
} from '../../../../clients/developers/applications/application-form.ts';
import { judged } from '../../../../clients/developers/rehearsal/judged.ts';
import { claimLines, takenApart } from '../../../../clients/developers/trial/explained.ts';

const typed = {
  ...emptyValues('web'),
  name: ' Library ',
  redirect_uris: 'https://a.test/1\n\n https://b.test/2 ',
};

describe('the form of an application', () => {
  it('sends addresses line by line, and nothing for what is empty', () => {
    const made = bodyOf(typed);
    expect(made).toMatchObject({
      body: {
        name: 'Library',
        redirect_uris: ['https://a.test/1', 'https://b.test/2'],
        authentication: 'secret',
      },
    });
    expect(JSON.stringify(made)).not.toContain('backchannel_logout_uri');
    expect(linesOf('\r\n \n')).toEqual([]);
  });

  it('sends what a person may decline, and keeps what it has no tick for', () => {
    expect(bodyOf({ ...typed, optional_email: 'yes' })).toMatchObject({
      body: { optional_claims: ['email'] },
    });
    const one = { authentication: 'secret', optional_claims: ['phone_number', 'region'] } as never;
    expect(changeOf(one, { ...typed, optional_name: 'yes' })).toMatchObject({
      body: { optional_claims: ['name', 'region'] },
    });
  });

  it('names everything that was left empty at once', () => {
    const named = (kind: 'web' | 'service') => emptyFields(kind, emptyValues(kind)).map(({ field }) => field);
    expect(named('web')).toEqual(['name', 'owner', 'site', 'redirect_uris']);
    expect(named('service')).toEqual(['name', 'owner', 'site']);
    expect(emptyFields('web', { ...typed, owner: 'A', site: 'https://a.test' })).toEqual([]);
  });

  it('tells itself that keys are no JSON', () => {
    expect(bodyOf({ ...typed, authentication: 'keys', jwks: '{"keys": [' })).toEqual({
      problems: [{ field: 'jwks', key: 'form.problem.no_json' }],
    });
  });

  it('names the line that the API reproaches, and shows what has no field above the form', () => {
    const errors = [
      { pointer: '/redirect_uris/1', code: 'foreign_host', detail: 'another site' },
      { pointer: '/jwks/keys/0', code: 'private', detail: 'a private key' },
      { pointer: '', code: 'metadata', detail: 'does not go together' },
    ];
    expect(problemsAt({ code: 'invalid_input', detail: '', errors }, typed)).toEqual([
      { field: 'redirect_uris', text: 'another site', about: 'https://b.test/2' },
      { field: 'jwks', text: 'a private key', about: undefined },
      { field: 'form', text: 'does not go together', about: undefined },
    ]);
  });
});

it.each([
  ['right', 'accepted', 'good'],
  ['right', 'refused', 'bad'],
  ['signature', 'accepted', 'bad'],
  ['signature', 'refused', 'good'],
  ['nonce', 'unclear', 'unclear'],
])('the case %s %s is %s', (name, verdict, meaning) => {
  expect(judged([{ case: name, verdict }])[0]?.meaning).toBe(meaning);
});

it('a token is taken apart, and what is none is nothing', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const apart = takenApart(`${part({ alg: 'ES256' })}.${part({ sub: 'anna', exp: 0, own: 1 })}.signature`);
  expect(apart?.claims).toEqual([
    { name: 'sub', value: 'anna', words: 'sub' },
    { name: 'exp', value: '0 = 1970-01-01T00:00:00.000Z', words: 'exp' },
    { name: 'own', value: '1' },
  ]);
  expect(takenApart('no token')).toBeUndefined();
  expect(claimLines('<html>')).toBeUndefined();
});
