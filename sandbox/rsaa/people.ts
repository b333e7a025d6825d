/** Who has an account at the РСАА simulator, and whoever registers there. In memory; all invented. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { birthdateOf, persons } from '../people/register.ts';

const entry = z.strictObject({
  id: z.string().regex(/^[MR]-\d\d[ab]?$/),
  login: z.string(),
  organisation: z.string(),
  family: z.string().optional(),
  given: z.string().optional(),
  middle: z.string().optional(),
  /** yyyy-mm-dd */
  birthdate: z.string().optional(),
  email: z.string().optional(),
  why: z.string().optional(),
});

export type RsaaPerson = {
  /** Absent for people who have registered here. */
  readonly id?: string;
  readonly sub: string;
  readonly login: string;
  readonly family: string;
  readonly given: string;
  readonly middle?: string | undefined;
  readonly birthdate?: string | undefined;
  readonly email: string;
  readonly phone?: string | undefined;
  readonly organisation: string;
  readonly why?: string | undefined;
};

export type NewPerson = Omit<RsaaPerson, 'id' | 'sub' | 'login' | 'why'>;

export type RsaaPeople = {
  all(): readonly RsaaPerson[];
  bySub(sub: string): RsaaPerson | undefined;
  /** By login or e-mail; undefined for a wrong password. */
  signIn(login: string, password: string): RsaaPerson | undefined;
  withEmail(email: string): RsaaPerson | undefined;
  /** Without a password until one is set. */
  register(person: NewPerson): RsaaPerson;
  setPassword(sub: string, password: string): void;
};

export function rsaaPeople(password: string, today: Date = new Date()): RsaaPeople {
  const entries = z
    .array(entry)
    .parse(JSON.parse(readFileSync(new URL('./people.json', import.meta.url), 'utf8')));
  const people = entries.map((each) => complete(each, today));
  const passwords = new Map(people.map(({ sub }) => [sub, password]));
  const same = (one: string, other: string) => one.toLowerCase() === other.trim().toLowerCase();

  return {
    all: () => people,
    bySub: (sub) => people.find((person) => person.sub === sub),
    withEmail: (email) => people.find((person) => same(person.email, email)),
    signIn: (login, typed) =>
      people.find(
        (person) =>
          (same(person.login, login) || same(person.email, login)) && passwords.get(person.sub) === typed,
      ),
    register(person) {
      const sub = randomUUID();
      const registered = { ...person, sub, login: `rsaa_${sub.slice(0, 8)}` };
      people.push(registered);
      return registered;
    },
    setPassword(sub, typed) {
      passwords.set(sub, typed);
    },
  };
}

function complete(each: z.output<typeof entry>, today: Date): RsaaPerson {
  const member = persons.find(({ id }) => id === each.id);
  const family = each.family ?? member?.name?.family;
  const given = each.given ?? member?.name?.given;
  const email = each.email ?? member?.email;
  if (family === undefined || given === undefined || email === undefined) {
    throw new RangeError(`${each.id} has no name or no e-mail`);
  }
  return {
    ...each,
    sub: `rsaa-${each.id.toLowerCase()}`,
    family,
    given,
    email,
    middle: each.middle ?? member?.name?.middle,
    birthdate: each.birthdate ?? (member && birthdateOf(member, today)),
    phone: member?.phone,
    why: each.why ?? member?.why,
  };
}
