/** Passwords of the sandbox's people: easy to read out and to type, and good enough for the rules. */
import { randomInt } from 'node:crypto';
import { judgePassword } from '../../provider/login/password-rules.ts';
import { type Person, persons } from './register.ts';

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';

/** Person id → password of everybody who has an account. `fixed`: the same one for all. */
export function generatePasswords(fixed?: string): Record<string, string> {
  return Object.fromEntries(
    persons
      .filter(({ account }) => account !== undefined)
      .map((person) => [person.id, fixed ?? acceptablePassword(person)]),
  );
}

export const readablePassword = (): string => `${word()}-${word()}-${randomInt(1_000, 10_000)}`;

function acceptablePassword({ email, name }: Person): string {
  const own = { ...(email !== undefined && { email }), names: name ? Object.values(name) : [] };
  for (;;) {
    const password = readablePassword();
    if (judgePassword(password, own) === undefined) return password;
  }
}

function word(): string {
  const oneOf = (letters: string): string => letters.charAt(randomInt(letters.length));
  return Array.from({ length: 3 }, () => oneOf(CONSONANTS) + oneOf(VOWELS)).join('');
}
