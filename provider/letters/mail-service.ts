/** Which of the large services keeps a mailbox. A small domain may name a person, so all of them are one here. */

const SERVICES = {
  'mail.ru': ['mail.ru', 'bk.ru', 'inbox.ru', 'list.ru', 'internet.ru', 'xmail.ru'],
  'yandex.ru': ['yandex.ru', 'ya.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'narod.ru'],
  'rambler.ru': ['rambler.ru', 'lenta.ru', 'autorambler.ru', 'myrambler.ru', 'ro.ru'],
  'gmail.com': ['gmail.com', 'googlemail.com'],
  'outlook.com': ['outlook.com', 'hotmail.com', 'live.com', 'live.ru', 'msn.com'],
  'icloud.com': ['icloud.com', 'me.com', 'mac.com'],
} as const;

export type MailService = keyof typeof SERVICES | 'other';

const BY_DOMAIN: ReadonlyMap<string, MailService> = new Map(
  Object.entries(SERVICES).flatMap(([service, domains]) =>
    domains.map((domain): [string, MailService] => [domain, service as MailService]),
  ),
);

/** `address` in normal form. */
export function mailService(address: string): MailService {
  return BY_DOMAIN.get(address.slice(address.lastIndexOf('@') + 1)) ?? 'other';
}
