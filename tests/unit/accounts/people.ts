/** People in few words, for tables of who an identity belongs to. */
import type { AccountStatus } from '../../../adapters/account-store/account-store.ts';
import type { Candidate, CandidateMember } from '../../../adapters/candidates/candidates.ts';
import type { Identity } from '../../../adapters/identity.ts';
import type { resolve, resolveProved } from '../../../provider/accounts/resolve.ts';
import type { PersonName } from '../../../provider/data-rules/person-name.ts';

/** «Фамилия|Имя|Отчество». */
function named(text: string): PersonName {
  const [family = '', given = '', middle] = text.split('|');
  return { family, given, ...(middle !== undefined && { middle }) };
}

type Words = {
  readonly born?: string | undefined;
  readonly snils?: string;
  /** An address the upstream vouches for. */
  readonly email?: string;
  /** One it does not. */
  readonly unverified?: string;
  readonly trusted?: boolean;
};

export const M = 'Иванова|Мария|Петровна';
/** A Latin «a». */
export const LATIN = 'Ивановa|Мария|Петровна';
export const OURS = 'ivanova@example.test';
export const hers = { email: OURS };
export const OTHER_DAY = '1984-03-15';
const BORN = '1984-03-14';
export const SNILS = '90010010191';

/** An identity as the adapters give it. */
export function identity(name: string, words: Words = {}): Identity {
  const { born, snils, email, unverified, trusted } = { born: BORN, ...words };
  const { family, given, middle } = named(name);
  const address = email ?? unverified;
  const claims = {
    ...{ family_name: family || undefined, given_name: given || undefined, middle_name: middle },
    ...{ birthdate: born, snils, trusted, email: address },
    ...{ email_verified: address === undefined ? undefined : email !== undefined },
  };
  return {
    issuer: 'https://upstream.example.test',
    subject: 'subject',
    claims: Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)),
    ...(email !== undefined && { verifiedEmail: email }),
  };
}

export const esia = (name: string, words: Words = {}): Identity =>
  identity(name, { trusted: true, ...words });

type AccountWords = {
  readonly id?: string;
  readonly status?: AccountStatus;
  readonly email?: string;
  /** Another identity of the same upstream that opens it. */
  readonly subject?: string;
  readonly name?: string;
};

export function account(words: AccountWords = {}): Candidate {
  const { id = 'a1', status = 'confirmed', email, subject, name } = words;
  return {
    account: {
      ...{ id, status, locale: 'ru' },
      ...(name !== undefined && { name: named(name) }),
      ...(email !== undefined && { emailKey: email }),
      ...(subject !== undefined && { subject }),
    },
  };
}

type MemberWords = {
  readonly id?: string;
  readonly born?: string;
  readonly snils?: CandidateMember['snils'];
  readonly account?: AccountWords;
};

export function member(name: string, words: MemberWords = {}): Candidate {
  const { id = 'm1', born = BORN, snils = 'unknown' } = words;
  return {
    member: { id, name: named(name), birthdate: born, snils },
    ...(words.account && account(words.account)),
  };
}

export type Row = readonly [name: string, told: Identity, candidates: readonly Candidate[], outcome: string];

type Outcome = ReturnType<typeof resolve> | ReturnType<typeof resolveProved>;
/** An outcome in a few words. */
export function said(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'sign-in':
      return `sign-in ${outcome.accountId}`;
    case 'link':
      return ['link', outcome.account.id, ...('member' in outcome ? [outcome.member?.id] : [])].join(' ');
    case 'register':
      return `register ${outcome.member.id}`;
    case 'prove':
      return `prove${outcome.mailedCode ? ' or code' : ''}${outcome.mayCreate ? ' or create' : ''}`;
    case 'case':
      return ['case', ...outcome.kinds, '@', outcome.accountId, outcome.memberId].filter(Boolean).join(' ');
    case 'refuse':
      return `refuse ${outcome.reason}`;
  }
}
