/**
 * What ESIA's REST services say about a person, put into the claims of OpenID Connect. Whatever no scope covers is
 * absent, and so it stays; nothing is guessed.
 */
import type { Claims } from '../../identity.ts';
import type { HttpClient } from '../http-client.ts';
import { UpstreamFault } from '../upstream.ts';
import { judgeError } from './errors.ts';
import { isObject, type Payload } from './tokens.ts';

export type EsiaPerson = {
  readonly claims: Claims;
  readonly verifiedEmail: string | undefined;
  /** Undefined where the answer does not say. */
  readonly trusted: boolean | undefined;
};

/** Nobody has more kinds of contacts; a longer list is nonsense. */
const MOST_CONTACTS = 10;
const GENDERS: Readonly<Record<string, string>> = { M: 'male', F: 'female' };

/** Throws UpstreamFault. */
export async function fetchPerson(
  http: HttpClient,
  url: string,
  oid: string,
  accessToken: string,
): Promise<EsiaPerson> {
  const get = async (address: URL): Promise<Payload> => {
    const { status, body } = await http(address, {
      headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
    });
    return objectOf(status, body);
  };
  const record = await get(new URL(`/rs/prns/${oid}?embed=(contacts.elements)`, url));
  const elements = isObject(record.contacts) ? record.contacts.elements : undefined;
  const listed = Array.isArray(elements) ? elements.slice(0, MOST_CONTACTS) : [];
  const contacts = await Promise.all(
    listed.map((element) => {
      if (isObject(element)) return element;
      const address = linkTo(element, url, oid);
      return address ? get(address) : undefined;
    }),
  );
  return readPerson(record, contacts.filter(isObject));
}

/** A collection may hold addresses instead of what is there: only ESIA's own, about this person, are followed. */
function linkTo(element: unknown, url: string, oid: string): URL | undefined {
  const address = typeof element === 'string' ? URL.parse(element) : null;
  const own = address?.origin === new URL(url).origin && address.pathname.startsWith(`/rs/prns/${oid}/ctts/`);
  return own ? address : undefined;
}

/** Pure. */
export function readPerson(record: Payload, contacts: readonly Payload[]): EsiaPerson {
  const email = best(contacts, 'EML');
  const phone = best(contacts, 'MBT');
  const snils = textOf(record.snils)?.replace(/\D/g, '');
  const claims = {
    family_name: textOf(record.lastName),
    given_name: textOf(record.firstName),
    middle_name: textOf(record.middleName),
    birthdate: birthdateOf(textOf(record.birthDate)),
    gender: GENDERS[textOf(record.gender) ?? ''],
    snils: snils?.length === 11 ? snils : undefined,
    email: email?.value,
    email_verified: email?.verified,
    phone_number: phone?.value?.replace(/[^+\d]/g, ''),
    phone_number_verified: phone?.verified,
  };
  const { trusted } = record;
  return {
    claims: Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)),
    verifiedEmail: email?.verified ? email.value : undefined,
    trusted: typeof trusted === 'boolean' ? trusted : undefined,
  };
}

/** The verified one of a kind before the others. A pending change (`verifyingValue`) is nobody's address yet. */
function best(contacts: readonly Payload[], type: string) {
  const found = contacts
    .filter((contact) => contact.type === type)
    .map(({ value, vrfStu }) => ({ value: textOf(value), verified: vrfStu === 'VERIFIED' }))
    .filter(({ value }) => value !== undefined);
  return found.find(({ verified }) => verified) ?? found[0];
}

/** dd.MM.yyyy → yyyy-mm-dd, if there is such a day. */
function birthdateOf(text = ''): string | undefined {
  const [, day, month, year] = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) return undefined;
  return `${year}-${month}-${day}`;
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

/** Errors are an object or a list with one. Throws UpstreamFault. */
function objectOf(status: number, body: string): Payload {
  const content = parsed(body);
  if (status === 200 && isObject(content)) return content;
  const fault: unknown = Array.isArray(content) ? content[0] : content;
  const code = isObject(fault) ? textOf(fault.code) : undefined;
  if (status !== 200 && code !== undefined) judgeError('', code);
  throw new UpstreamFault('outage', `person_${status === 200 ? 'unreadable' : status}`);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
