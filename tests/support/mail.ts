/** A mail server for one house: what it caught, by the address that really got it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaughtLetter } from '../../sandbox/mail-catcher/letter-box.ts';
import { startMailCatcher } from '../../sandbox/mail-catcher/mail-catcher.ts';

const PATIENCE_MILLISECONDS = 15_000;
const LOOK_AGAIN_MILLISECONDS = 50;

export type Mail = {
  readonly smtpUrl: string;
  all(address?: string): Promise<readonly CaughtLetter[]>;
  /** The next letter to this address that was not yet taken. Rejects with what came instead. */
  take(address: string, subject: RegExp): Promise<CaughtLetter>;
  close(): Promise<void>;
};

export async function openMail(): Promise<Mail> {
  const catcher = await startMailCatcher({ smtpPort: 0, webPort: 0 });
  const taken = new Set<string>();
  const all: Mail['all'] = async (address) => {
    const letters = (await (await fetch(catcher.apiUrl)).json()) as readonly CaughtLetter[];
    if (address === undefined) return letters;
    return letters.filter(({ envelope }) => envelope.to.some((to) => to.address === address));
  };
  return {
    smtpUrl: `${catcher.smtpUrl}?tls=off`,
    all,
    async take(address, subject) {
      const patience = Date.now() + PATIENCE_MILLISECONDS;
      for (;;) {
        const letters = await all(address);
        const found = letters.find((letter) => !taken.has(letter.id) && subject.test(letter.subject));
        if (found) {
          taken.add(found.id);
          return found;
        }
        if (Date.now() > patience) {
          const came = letters.map((letter) => letter.subject).join(', ');
          throw new Error(`no ${subject} for ${address}, only: ${came}`);
        }
        await sleep(LOOK_AGAIN_MILLISECONDS);
      }
    },
    close: () => catcher.close(),
  };
}

/** The address in the letter whose path begins so. */
export function linkIn({ text }: CaughtLetter, path: string): string {
  const links = [...text.matchAll(/https?:\/\/\S+/g)].map(([address]) => address);
  const link = links.find((address) => new URL(address).pathname.startsWith(path));
  if (link === undefined) throw new Error(`no link to ${path} in\n${text}`);
  return link;
}

export function codeIn({ text }: CaughtLetter): string {
  const code = /(?<!\d)(\d{3}) ?(\d{3})(?!\d)/.exec(text);
  if (!code) throw new Error(`no code in\n${text}`);
  return `${code[1]}${code[2]}`;
}
