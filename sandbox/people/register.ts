/** The organisations and persons of the sandbox, read from their files and checked against the data rules. All invented. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseCalendarDate } from '../../provider/data-rules/calendar-date.ts';
import { parseEmailAddress } from '../../provider/data-rules/email-address.ts';
import { parseInn } from '../../provider/data-rules/inn.ts';
import { parseNamePart } from '../../provider/data-rules/person-name.ts';
import { parsePhoneNumber } from '../../provider/data-rules/phone-number.ts';
import { parseSnils } from '../../provider/data-rules/snils.ts';
import { parseTicketNumber } from '../../provider/data-rules/ticket-number.ts';

const valid = (parse: (text: string) => { ok: boolean }) =>
  z.string().refine((text) => parse(text).ok, { message: 'breaks the data rules' });

const contact = {
  email: valid(parseEmailAddress).optional(),
  phone: valid(parsePhoneNumber).optional(),
};

const organisation = z.strictObject({
  id: z.string().regex(/^[RTPO]-\d\d[ab]?$/),
  /** `without_primary`: known to the search, but nobody can be its member (O-09). */
  kind: z.enum(['regional', 'territorial', 'primary', 'without_primary']),
  parent: z.string().optional(),
  name: z.string().min(1),
  shortName: z.string().min(1),
  town: z.string().min(1),
  region: z.string().min(1),
  inn: valid(parseInn),
  ...contact,
  units: z.array(z.string()).optional(),
  closed: z.literal(true).optional(),
});

const name = z.strictObject({
  family: valid(parseNamePart),
  given: valid(parseNamePart),
  middle: valid(parseNamePart).optional(),
});

const person = z.strictObject({
  id: z.string().regex(/^M-\d\d[ab]?$/),
  name: name.optional(),
  /** Where the register spells it otherwise, as it stands there. */
  registry: z.strictObject({ family: z.string().optional(), given: z.string().optional() }).optional(),
  birthdate: z.union([valid(parseCalendarDate), z.strictObject({ yearsAgo: z.int() })]).optional(),
  organisation: z.string().optional(),
  /** Absent: the register of members does not have this person. */
  membership: z.enum(['applicant', 'under_review', 'member', 'suspended', 'ended']).optional(),
  tickets: z
    .array(
      z.strictObject({
        number: valid(parseTicketNumber),
        state: z.enum(['number_assigned', 'in_production', 'issued', 'blocked', 'replaced']),
      }),
    )
    .default([]),
  snils: valid(parseSnils).optional(),
  ...contact,
  /** Absent: no account yet; `new`: the address was never confirmed. */
  account: z.enum(['new', 'confirmed']).optional(),
  /** What this person is good for, to show to somebody who tries the sandbox. */
  why: z.string().min(1),
});

export type Organisation = z.output<typeof organisation>;
export type Person = z.output<typeof person>;

export const organisations: readonly Organisation[] = z
  .array(organisation)
  .parse(contentOf('./organisations.json'));
export const persons: readonly Person[] = z.array(person).parse(contentOf('./persons.json'));

/** yyyy-mm-dd; a computed one follows the calendar, so that a person of fifteen stays fifteen. */
export function birthdateOf({ birthdate }: Person, today: Date): string | undefined {
  if (typeof birthdate !== 'object') return birthdate;
  const born = new Date(today);
  born.setUTCFullYear(born.getUTCFullYear() - birthdate.yearsAgo);
  // 29 February becomes 1 March in a common year, which would be a day too young.
  if (born.getUTCDate() !== today.getUTCDate()) born.setUTCDate(0);
  return born.toISOString().slice(0, 10);
}

/** The ticket that signs in: assigned and not blocked or replaced. */
export function activeTicketOf({ tickets }: Person): string | undefined {
  return tickets.find(({ state }) => state !== 'blocked' && state !== 'replaced')?.number;
}

function contentOf(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}
