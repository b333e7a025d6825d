/** The claims of a standard provider, under our names and in our forms. Pure. */
import type { Claims, Identity } from '../identity.ts';
import { type ClaimMap, type KnownClaim, UpstreamFault } from './upstream.ts';

type Received = Readonly<Record<string, unknown>>;

/** Claims of ours that are read from theirs; `subject` and `email_verified` are treated by themselves. */
const COPIED = [
  'family_name',
  'given_name',
  'middle_name',
  'gender',
  'email',
  'phone_number',
  'groups',
] as const satisfies readonly KnownClaim[];

/** Throws UpstreamFault when nothing says who it is. */
export function readIdentity(issuer: string, received: Received, map: ClaimMap): Identity {
  const told = (claim: KnownClaim): unknown => received[map[claim] ?? (claim === 'subject' ? 'sub' : claim)];
  const subject = told('subject');
  if ((typeof subject !== 'string' && typeof subject !== 'number') || subject === '') {
    throw new UpstreamFault('untrusted', 'no_subject', { advice: 'Which claim holds the subject?' });
  }
  const email = textOf(told('email'));
  // Only the boolean: «"true"» and 1 are somebody's mistake.
  const emailVerified = told('email_verified') === true;
  const snils = textOf(told('snils'))?.replace(/\D/g, '');
  const claims: Claims = {
    ...Object.fromEntries(
      COPIED.map((claim) => [claim, told(claim)] as const).filter(([, value]) => isSaid(value)),
    ),
    ...defined({
      birthdate: isoDate(textOf(told('birthdate'))),
      snils: snils?.length === 11 ? snils : undefined,
      email_verified: email === undefined ? undefined : emailVerified,
    }),
  };
  return {
    issuer,
    subject: String(subject),
    claims,
    ...(email !== undefined && emailVerified && { verifiedEmail: email }),
  };
}

const isSaid = (value: unknown): boolean =>
  typeof value === 'string' ? value.trim() !== '' : Array.isArray(value) || typeof value === 'number';

const defined = (values: Claims): Claims =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** yyyy-mm-dd from itself or from dd.MM.yyyy. */
function isoDate(text = ''): string | undefined {
  const [, day, month, year] = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(text) ?? [];
  const iso = year === undefined ? text : `${year}-${month}-${day}`;
  if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return undefined;
  const date = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== iso ? undefined : iso;
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}
