/** The log of the whole run: after everybody has signed in, joined, failed and attacked, it holds ids and nothing else. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { persons } from '../../sandbox/people/register.ts';
import { readRunLog } from '../support/run-log.ts';

let log: ReturnType<typeof readRunLog>;
beforeAll(() => {
  log = readRunLog();
});

/** Shorter ones are words of their own. */
const SHORTEST = 4;
const WORD = /[\p{L}\p{N}_-]+/gu;

type Named = Partial<Record<'family' | 'given' | 'middle', string | undefined>>;
const simulated = (file: string): Record<string, unknown>[] =>
  JSON.parse(readFileSync(new URL(`../../sandbox/${file}/people.json`, import.meta.url), 'utf8'));

/** Every text of a simulator's person that is about the person, however deep it lies. */
const contactOf = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : Object.values((value ?? {}) as Record<string, string>).filter((each) => typeof each === 'string');

function seeded(): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const add = (what: string, ...texts: readonly (string | undefined)[]) => {
    for (const text of texts) if (text && text.length >= SHORTEST) values.set(text.toLowerCase(), what);
  };
  const addName = ({ family, given, middle }: Named) => add('a name', family, given, middle);
  const addNumber = (what: string, text?: string) => add(what, text, text?.replace(/\D/g, ''));
  for (const { name, registry, snils, email, phone, tickets } of persons) {
    addName(name ?? {});
    addName(registry ?? {});
    add('an e-mail address', email);
    addNumber('a SNILS', snils);
    addNumber('a phone', phone);
    for (const { number } of tickets) add('a ticket', number);
  }
  for (const person of [...simulated('esia'), ...simulated('rsaa')]) {
    addName(person as Named);
    addNumber('a SNILS', person.snils as string | undefined);
    for (const contact of [person.email, person.mobile]) {
      for (const text of contactOf(contact)) addNumber('a contact', text);
    }
  }
  return values;
}

/** What leaks is told with its line shortened: the message of a failed test is a log, too. */
function leaks(found: (line: string) => string | undefined): readonly string[] {
  return log.lines.flatMap((line) => {
    const what = found(line);
    return what === undefined ? [] : [`${what}: ${line.slice(0, 600)}`];
  });
}

test('there is a log to look at', () => {
  const events = log.lines.filter((line) => line.includes('"event"') || line.includes('"route"'));
  expect(
    events.length,
    'run this with the project e2e: vitest run --project e2e --project logs',
  ).toBeGreaterThan(500);
  expect(log.secrets.size).toBeGreaterThan(100);
});

test('nothing of a seeded person is in any line of it', () => {
  const values = seeded();
  const phrases = [...values].filter(([text]) => !/^[\p{L}\p{N}_-]+$/u.test(text));
  const found = leaks((line) => {
    const text = line.toLowerCase();
    const word = text.match(WORD)?.find((each) => values.has(each));
    if (word !== undefined) return `${values.get(word)}, «${word}»`;
    const phrase = phrases.find(([each]) => text.includes(each));
    return phrase && `${phrase[1]}, «${phrase[0]}»`;
  });
  expect(found.slice(0, 5)).toEqual([]);
});

test('no code, token, state or verifier that anybody was given is in any line of it', () => {
  const found = leaks(
    (line) => line.match(/[\w.~-]{16,}/g)?.find((word) => log.secrets.has(word)) && 'a secret',
  );
  expect(found.slice(0, 5)).toEqual([]);
});

test.each([
  ['a JWT', /eyJ[\w-]{8,}\.[\w-]{8,}/],
  ['a SNILS', /\b\d{3}-\d{3}-\d{3}[ -]\d\d\b/],
  // Glued to letters it is part of a digest, which may have sixteen digits in a row.
  ['a ticket number', /(?<![\w.-])\d{16}(?![\w.])/],
  ['an e-mail address', /[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/i],
  ['a Russian phone number', /\+7[ (]?\d{3}/],
  [
    'a parameter with a secret',
    /\b(?:code|state|client_secret|code_verifier|id_token|access_token|refresh_token|password)=[^\s"&]/,
  ],
])('nothing in it looks like %s', (what, pattern) => {
  expect(leaks((line) => (pattern.test(line) ? what : undefined)).slice(0, 5)).toEqual([]);
});
