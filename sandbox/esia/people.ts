/** Who has an account at the simulator: members of the union as their files have them, and people of ESIA's own. All invented. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { birthdateOf, persons } from '../people/register.ts';

const DATE = /^\d\d\.\d\d\.\d{4}$/;
const contact = z.strictObject({
  value: z.string(),
  verified: z.boolean().default(true),
  /** A change that is not confirmed yet. */
  changingTo: z.string().optional(),
});

const entry = z.strictObject({
  /** Of the union's files, or E-NN. */
  id: z.string().regex(/^[ME]-\d\d[ab]?$/),
  oid: z.int().positive(),
  gender: z.enum(['M', 'F']),
  level: z.enum(['confirmed', 'standard', 'simplified', 'child']).default('confirmed'),
  family: z.string().optional(),
  given: z.string().optional(),
  middle: z.string().optional(),
  birthdate: z.string().regex(DATE).optional(),
  snils: z.string().optional(),
  inn: z.string().optional(),
  email: contact.optional(),
  mobile: contact.optional(),
  citizenship: z.string().length(3).default('RUS'),
  roles: z
    .array(
      z.strictObject({
        oid: z.int(),
        fullName: z.string(),
        ogrn: z.string(),
        type: z.enum(['PRIVATE', 'BUSINESS', 'LEGAL', 'AGENCY']),
        chief: z.boolean().default(false),
      }),
    )
    .default([]),
  why: z.string().optional(),
});

type Entry = z.output<typeof entry>;
export type Contact = z.output<typeof contact>;
export type EsiaPerson = Entry & {
  readonly family: string;
  readonly given: string;
  /** dd.MM.yyyy */
  readonly birthdate: string;
  readonly why: string;
};

export type EsiaPeople = {
  readonly all: readonly EsiaPerson[];
  byOid(oid: string): EsiaPerson | undefined;
  byId(id: string): EsiaPerson | undefined;
  /** By phone, e-mail or SNILS, in any spelling. */
  byLogin(login: string): EsiaPerson | undefined;
};

export function esiaPeople(today: Date = new Date()): EsiaPeople {
  const entries = z
    .array(entry)
    .parse(JSON.parse(readFileSync(new URL('./people.json', import.meta.url), 'utf8')));
  const all = entries.map((each) => complete(each, today));
  return {
    all,
    byOid: (oid) => all.find((person) => String(person.oid) === oid),
    byId: (id) => all.find((person) => person.id === id),
    byLogin(login) {
      const email = login.trim().toLowerCase();
      const digits = login.replace(/\D/g, '');
      return all.find(
        (person) =>
          // An address that was never confirmed opens nothing: it may be anybody's.
          (person.email?.verified && person.email.value.toLowerCase() === email) ||
          (digits.length === 11 && person.snils?.replace(/\D/g, '') === digits) ||
          (digits.length >= 10 && person.mobile?.value.replace(/\D/g, '').slice(-10) === digits.slice(-10)),
      );
    },
  };
}

/** What the entry leaves out is as in the union's files. */
function complete(each: Entry, today: Date): EsiaPerson {
  const member = persons.find(({ id }) => id === each.id);
  const family = each.family ?? member?.name?.family;
  const given = each.given ?? member?.name?.given;
  const birthdate = each.birthdate ?? (member && dotted(birthdateOf(member, today)));
  if (family === undefined || given === undefined || birthdate === undefined) {
    throw new RangeError(`${each.id} has no name or no date of birth`);
  }
  const middle = each.middle ?? member?.name?.middle;
  const snils = each.snils ?? member?.snils;
  const email = each.email ?? (member?.email ? { value: member.email, verified: true } : undefined);
  const mobile =
    each.mobile ?? (member?.phone ? { value: esiaPhone(member.phone), verified: true } : undefined);
  return {
    ...each,
    family,
    given,
    birthdate,
    why: each.why ?? member?.why ?? '',
    ...(middle !== undefined && { middle }),
    ...(snils !== undefined && { snils }),
    ...(email && { email }),
    ...(mobile && { mobile }),
  };
}

const dotted = (iso = ''): string | undefined => iso.split('-').reverse().join('.') || undefined;
/** +79000000001 → +7(900)0000001 */
const esiaPhone = (phone: string): string => phone.replace(/^\+7(\d{3})/, '+7($1)');
