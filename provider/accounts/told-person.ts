/** What an upstream says of a person, put into the forms of our data rules. Whatever breaks them counts as not said. */
import type { Identity } from '../../adapters/identity.ts';
import type { ToldPerson } from '../../adapters/link-store/link-store.ts';
import { parseCalendarDate } from '../data-rules/calendar-date.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { type PersonName, parseNamePart, parsePatronymic } from '../data-rules/person-name.ts';
import { parseSnils } from '../data-rules/snils.ts';

export type Told = {
  /** Surname and given name; half a name is none. */
  readonly name?: PersonName;
  /** yyyy-mm-dd. */
  readonly birthdate?: string;
  /** Eleven digits. */
  readonly snils?: string;
  /** Only an address the upstream vouches for: of any other nothing follows. */
  readonly email?: { readonly key: string; readonly original: string };
  readonly confirmed: boolean;
};

export function toldBy({ claims, verifiedEmail }: Identity): Told {
  const name = nameIn(claims);
  const birthdate = parsed(claims.birthdate, parseCalendarDate);
  const snils = parsed(claims.snils, (text) => parseSnils(text, { trusted: true }));
  const email = verifiedEmail === undefined ? undefined : parseEmailAddress(verifiedEmail);
  return {
    ...(name && { name }),
    ...(birthdate !== undefined && { birthdate }),
    ...(snils !== undefined && { snils }),
    ...(email?.ok && { email: { key: email.key, original: email.value } }),
    confirmed: claims.trusted === true,
  };
}

/** What is remembered of it beside the link. The SNILS is not: it has served its purpose. */
export function toKeep({ name, birthdate, email, confirmed }: Told): ToldPerson {
  return {
    ...name,
    ...(birthdate !== undefined && { birthdate }),
    ...(email && { email: email.original }),
    confirmed,
  };
}

function nameIn(claims: Identity['claims']): PersonName | undefined {
  const family = parsed(claims.family_name, parseNamePart);
  const given = parsed(claims.given_name, parseNamePart);
  const middle = parsed(claims.middle_name, parsePatronymic);
  if (family === undefined || given === undefined) return undefined;
  return { family, given, ...(middle !== undefined && { middle }) };
}

type Parsed = { readonly ok: true; readonly value: string | undefined } | { readonly ok: false };

function parsed(claim: unknown, parse: (text: string) => Parsed): string | undefined {
  const result = typeof claim === 'string' ? parse(claim) : undefined;
  return result?.ok ? result.value : undefined;
}
