/** A letter in the job table: nothing of it readable, all of it there again. */
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import type { LetterName, NewLetter } from '../../../provider/letters/post.ts';
import { openLetter, sealLetter } from '../../../provider/letters/sealed-letter.ts';
import { letterFacts } from './letters.ts';

const cipher = aesGcm([{ id: 'k', key: randomBytes(32) }]);
const stored = (letter: NewLetter) => JSON.parse(JSON.stringify(sealLetter(cipher, letter, new Date(0))));

it.each(Object.keys(letterFacts) as LetterName[])('%s is opened as it was sealed', (template) => {
  const to = { address: 'ivanova@example.test', locale: 'ru', givenName: 'Мария' };
  const letter = { template, to, facts: letterFacts[template] } as NewLetter;
  expect(openLetter(cipher, stored(letter))).toEqual(letter);
});

it('shows whose it is, what it is and how long it is worth anything', () => {
  const letter = {
    template: 'signing-code',
    to: { accountId: 'a-1' },
    facts: letterFacts['signing-code'],
  } as const;
  expect(stored(letter)).toEqual({
    template: 'signing-code',
    accountId: 'a-1',
    sealed: expect.stringMatching(/^k\./),
    expiresAt: '1970-01-01T00:10:00.000Z',
  });
});
