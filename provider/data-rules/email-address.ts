/**
 * E-mail addresses: one strict grammar for whatever is looked up, stored or written to (domain.md §3.5, security.md #79,
 * #80, classes 29 and 30). Quoted local parts, comments, address literals and source routes do not exist here.
 */
import { domainToASCII, domainToUnicode } from 'node:url';

const LONGEST_INPUT = 1_000;
// RFC 5321 §4.5.3.1, in octets.
const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 254;
const LONGEST_LABEL = 63;

// RFC 5322 atext and RFC 6531 letters, without «%» and «!»: old relays read a second address out of them.
const ATOM = /^[\p{L}\p{M}\p{N}#$&'*+/=?^_`{|}~-]+$/u;
const LABEL = /^(?!-)[\p{L}\p{M}\p{N}-]+(?<!-)$/u;

export type EmailAddressFault = 'email_malformed' | 'email_lookalike' | 'email_mixed_alphabets';
export type ParsedEmailAddress =
  | {
      readonly ok: true;
      /** As the person wrote it, domain in Unicode and lower case: to show and to write to. */
      readonly value: string;
      /** Lower case, domain in punycode: equal for equal mailboxes. Dots and +tags stay: they may be other people. */
      readonly key: string;
      /** The local part is not ASCII: only servers with SMTPUTF8 (RFC 6531) take a letter to it. */
      readonly needsSmtpUtf8: boolean;
    }
  | { readonly ok: false; readonly fault: EmailAddressFault };

export function parseEmailAddress(typed: string): ParsedEmailAddress {
  if (typed.length > LONGEST_INPUT) return malformed;
  const address = typed.trim().normalize('NFC');
  // Ligatures, full-width letters: two spellings that look alike must not become two accounts.
  if (address.normalize('NFKC') !== address) return { ok: false, fault: 'email_lookalike' };

  const at = address.lastIndexOf('@');
  if (at < 1) return malformed;
  const local = address.slice(0, at);
  if (!local.split('.').every((atom) => ATOM.test(atom))) return malformed;
  const domain = parseDomain(address.slice(at + 1));
  if (domain === undefined) return malformed;
  if (mixesAlphabets(local) || domain.unicode.split('.').some(mixesAlphabets)) {
    return { ok: false, fault: 'email_mixed_alphabets' };
  }

  const key = `${local.toLowerCase().normalize('NFC')}@${domain.ascii}`;
  const octets = Math.max(Buffer.byteLength(key), Buffer.byteLength(`${local}@${domain.ascii}`));
  const tooLong = Buffer.byteLength(local) > LONGEST_LOCAL_PART || octets > LONGEST_ADDRESS;
  if (tooLong) return malformed;
  return {
    ok: true,
    value: `${local}@${domain.unicode}`,
    key,
    needsSmtpUtf8: /[^\u0020-\u007E]/.test(local),
  };
}

/** For a page that others may see: the first character of the mailbox, and where it is. */
export function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address.slice(0, at);
  return `${first}•••${address.slice(at)}`;
}

const malformed = { ok: false, fault: 'email_malformed' } as const;

function parseDomain(text: string): { ascii: string; unicode: string } | undefined {
  if (!text.split('.').every((label) => LABEL.test(label))) return undefined;
  // Empty when IDNA refuses the name; «0x7f.1» comes back as the IPv4 address it is.
  const ascii = domainToASCII(text);
  const labels = ascii.split('.');
  const top = labels.at(-1) ?? '';
  if (labels.length < 2 || /^[0-9]+$/.test(top)) return undefined;
  if (!labels.every((label) => /^(?!-)[a-z0-9-]+(?<!-)$/.test(label) && label.length <= LONGEST_LABEL)) {
    return undefined;
  }
  const unicode = domainToUnicode(ascii);
  // What stays «xn--…» is no punycode at all.
  if (/(^|\.)xn--/.test(unicode)) return undefined;
  return { ascii, unicode };
}

/** A Cyrillic «а» among Latin letters: another mailbox behind the same picture. */
function mixesAlphabets(text: string): boolean {
  return /\p{Script=Latin}/u.test(text) && /\p{Script=Cyrillic}/u.test(text);
}
