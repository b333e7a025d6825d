/** What of a letter lies in the job table, and how: recipient and facts sealed, since codes and addresses are in them. */

import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Jobs } from '../../adapters/job-queue/job-queue.ts';
import type { NewLetter } from './post.ts';
import { worthUntil } from './urgency.ts';

const CONTEXT = 'letter';
/** Facts that are moments: JSON knows none. */
const MOMENTS: ReadonlySet<string> = new Set(['at', 'due', 'since']);

export function sealLetter(cipher: Cipher, letter: NewLetter, now: Date): Jobs['letter'] {
  const { template, to, facts } = letter;
  const until = worthUntil(letter, now);
  return {
    template,
    ...('accountId' in to && { accountId: to.accountId }),
    sealed: cipher.seal(JSON.stringify({ to, facts }), CONTEXT),
    ...(until && { expiresAt: until.toISOString() }),
  };
}

/** Throws CipherError when its key is gone. */
export function openLetter(cipher: Cipher, { template, sealed }: Jobs['letter']): NewLetter {
  const opened: object = JSON.parse(cipher.open(sealed, CONTEXT), (key, value) =>
    MOMENTS.has(key) ? new Date(value) : value,
  );
  return { template, ...opened } as NewLetter;
}
