/** A row of `union-id passwords import`: whose password it is, and the hash as the other system wrote it. */
import type { IdentifierKind } from '../../../adapters/account-store/account-store.ts';
import type { ForeignHashFault, OfferedHash } from '../../../adapters/password-hasher/password-hasher.ts';
import { parseEmailAddress } from '../../data-rules/email-address.ts';
import { parseTicketNumber } from '../../data-rules/ticket-number.ts';
import type { Cells } from './read-table.ts';

export const PASSWORD_COLUMNS = {
  required: ['hash'],
  optional: ['email', 'ticket_number', 'scheme', 'salt', 'email_confirmed'],
};

/** What the other system says of the address; whoever runs the import says whether that counts. */
const CONFIRMED = ['yes', 'да', '1', 'true'];

export type PasswordRow = {
  readonly line: number;
  /** By which she is found, the first that has an account. */
  readonly identifiers: readonly { readonly kind: IdentifierKind; readonly value: string }[];
  /** An address that may become an account. */
  readonly confirmedEmail?: { readonly key: string; readonly original: string };
  readonly offered: OfferedHash;
};

export type JudgedRow =
  | { readonly ok: true; readonly row: PasswordRow }
  | { readonly ok: false; readonly reason: string };

export const HASH_WORDS: Readonly<Record<ForeignHashFault, string>> = {
  hash_unknown: 'hash is of no scheme that is known, or scheme is missing',
  hash_too_costly: 'hash would take too long to check at each sign-in',
  salt_misplaced: 'salt stands beside a hash that holds its own',
  login_missing: 'hash must hold the login at the old portal',
};

export function judgePasswordRow(line: number, cells: Cells): JudgedRow {
  const cell = (name: string): string => cells[name] ?? '';
  const refuse = (reason: string): JudgedRow => ({ ok: false, reason });
  const email = cell('email') === '' ? undefined : parseEmailAddress(cell('email'));
  if (email?.ok === false) return refuse('email is not an e-mail address');
  const ticket = cell('ticket_number') === '' ? undefined : parseTicketNumber(cell('ticket_number'));
  if (ticket?.ok === false) return refuse('ticket_number must have 16 digits');
  if (!email && !ticket) return refuse('email and ticket_number are empty');
  const isConfirmed = CONFIRMED.includes(cell('email_confirmed').toLowerCase());
  return {
    ok: true,
    row: {
      line,
      identifiers: [
        ...(email ? [{ kind: 'email' as const, value: email.key }] : []),
        ...(ticket ? [{ kind: 'ticket' as const, value: ticket.value }] : []),
      ],
      ...(email && isConfirmed && { confirmedEmail: { key: email.key, original: email.value } }),
      offered: {
        hash: cell('hash'),
        ...(cell('scheme') !== '' && { as: cell('scheme').toLowerCase() }),
        ...(cell('salt') !== '' && { salt: cell('salt') }),
      },
    },
  };
}
