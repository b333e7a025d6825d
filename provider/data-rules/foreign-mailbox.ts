/**
 * Mailboxes kept outside Russia, by the best known services (domain.md §4.3, Q-29). A list and no guess: neither a top
 * level domain nor a name says where a server stands.
 */
const FOREIGN_SERVICES = new Set([
  ...['gmail.com', 'googlemail.com'],
  ...[
    'outlook.com',
    'hotmail.com',
    'live.com',
    'live.ru',
    'msn.com',
    'hotmail.ru',
    'outlook.fr',
    'outlook.de',
  ],
  ...['icloud.com', 'me.com', 'mac.com', 'privaterelay.appleid.com'],
  ...['yahoo.com', 'ymail.com', 'rocketmail.com', 'aol.com'],
  ...[
    'proton.me',
    'protonmail.com',
    'pm.me',
    'tutanota.com',
    'tuta.io',
    'gmx.com',
    'gmx.de',
    'gmx.net',
    'web.de',
  ],
  ...['zoho.com', 'zohomail.com', 'fastmail.com', 'mail.com', 'ukr.net', 'i.ua'],
]);

/** What becomes of somebody who registers with one. */
export type ForeignMailPolicy = 'allow' | 'warn' | 'deny_new';

/** `key`: an address in normal form. */
export function isForeignMailbox(key: string): boolean {
  return FOREIGN_SERVICES.has(key.slice(key.lastIndexOf('@') + 1));
}
