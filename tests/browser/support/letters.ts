/** A person's mailbox, as the mail catcher shows it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaughtLetter } from '../../../sandbox/mail-catcher/letter-box.ts';
import type { Playground } from './sandbox.ts';

const PATIENCE_MILLISECONDS = 15_000;
const LOOK_AGAIN_MILLISECONDS = 100;

export type Mailbox = {
  /** The letters that came, the oldest first. */
  all(): Promise<readonly CaughtLetter[]>;
  /** The next letter with this subject that was not yet taken; waits for it. Rejects with the subjects it saw instead. */
  take(subject: string | RegExp): Promise<CaughtLetter>;
};

export function mailboxOf({ federation }: Pick<Playground, 'federation'>, address: string): Mailbox {
  const taken = new Set<string>();
  const all = async (): Promise<readonly CaughtLetter[]> => {
    const letters = (await (await fetch(federation.mail.api)).json()) as readonly CaughtLetter[];
    return letters.filter(({ envelope }) => envelope.to.some((to) => to.address.toLowerCase() === address));
  };
  return {
    all,
    async take(subject) {
      const patience = Date.now() + PATIENCE_MILLISECONDS;
      for (;;) {
        const letters = await all();
        const found = letters.find(
          (letter) =>
            !taken.has(letter.id) &&
            (typeof subject === 'string' ? letter.subject === subject : subject.test(letter.subject)),
        );
        if (found) {
          taken.add(found.id);
          return found;
        }
        if (Date.now() > patience) {
          throw new Error(
            `no «${subject}» for ${address}, only ${letters.map((each) => each.subject).join(', ')}`,
          );
        }
        await sleep(LOOK_AGAIN_MILLISECONDS);
      }
    },
  };
}

/** The one address of our own in the letter that leads somewhere special. */
export function linkIn({ text }: CaughtLetter, path: RegExp): string {
  const link = [...text.matchAll(/https?:\/\/\S+/g)]
    .map(([address]) => address)
    .find((address) => path.test(new URL(address).pathname));
  if (link === undefined) throw new Error(`no link in\n${text}`);
  return link;
}

/** Six digits on a line of their own. */
export function codeIn({ text }: CaughtLetter): string {
  const code = /^\s*(?:.*:\s*)?(\d{3} ?\d{3})\s*$/m.exec(text)?.[1];
  if (code === undefined) throw new Error(`no code in\n${text}`);
  return code.replace(' ', '');
}
