/** Which letter leaves before which, and how long it is worth anything (SYS-11). */
import type { WaitingJobs } from '../../adapters/job-queue/job-queue.ts';
import type { LetterName, NewLetter } from './post.ts';

/** Somebody sits before a page and waits · a link one is about to follow · a notice · what can wait. */
const URGENCIES = { waiting: 30, link: 20, notice: 10, news: 0 } as const;
export type Urgency = keyof typeof URGENCIES;
export type WaitingLetters = Omit<WaitingJobs, 'priority' | 'oldestAt'> & { readonly oldestAt?: Date };

const URGENCY: Readonly<Record<LetterName, Urgency>> = {
  'signing-code': 'waiting',
  'password-reset': 'waiting',
  'link-code': 'waiting',
  'step-up-code': 'waiting',
  'first-password-code': 'waiting',
  'change-email-code': 'link',
  'change-email-link': 'link',
  'deletion-code': 'link',
  'confirm-registration': 'link',
  'already-registered': 'link',
  'chair-credentials': 'notice',
  'office-ended': 'notice',
  'password-changed': 'notice',
  'new-device': 'notice',
  enrolled: 'notice',
  'application-returned': 'notice',
  'application-rejected': 'notice',
  'ticket-assigned': 'notice',
  'ticket-replaced': 'notice',
  'applications-waiting': 'notice',
  'applications-escalated': 'notice',
  'email-changed': 'notice',
  'consent-withdrawn': 'notice',
  'member-withdrew-consent': 'notice',
  'deletion-requested': 'notice',
  'deletion-cancelled': 'notice',
  'account-deleted': 'notice',
  'factor-added': 'notice',
  'factor-removed': 'notice',
  'recovery-code-used': 'notice',
  'factors-lost': 'link',
  'second-proof-on': 'notice',
  'second-proof-off': 'notice',
  'way-added': 'notice',
  'way-removed': 'notice',
  'case-linked': 'notice',
  'case-unlinked': 'notice',
  'account-locked': 'notice',
  'account-unlocked': 'notice',
  'signed-out': 'notice',
  'member-released': 'notice',
  'factors-removed': 'link',
  'accounts-merged': 'notice',
  'accounts-parted': 'notice',
  'password-reset-forced': 'notice',
  'integration-changed': 'notice',
  'integration-approved': 'notice',
  'integration-refused': 'notice',
  'integration-blocked': 'notice',
  'integration-unblocked': 'notice',
  'event-stream-paused': 'notice',
  'integrations-will-stop': 'notice',
  news: 'news',
};

export const urgencyOf = (name: LetterName): Urgency => URGENCY[name];
export const priorityOf = (name: LetterName): number => URGENCIES[URGENCY[name]];

/** When the code or link in it ends; undefined for a letter that tells something lasting. */
export function worthUntil({ facts }: NewLetter, now: Date): Date | undefined {
  // A link back to the former address lasts days, but the notice around it is worth reading later too.
  const minutes = 'minutes' in facts ? facts.minutes : 'hours' in facts ? facts.hours * 60 : undefined;
  return minutes === undefined ? undefined : new Date(now.getTime() + minutes * 60_000);
}

/** Every urgency with its number of letters, those without any included. */
export function lettersByUrgency(waiting: readonly WaitingJobs[]): ReadonlyMap<Urgency, WaitingLetters> {
  const none = { jobs: 0, postponed: 0 };
  return new Map(
    (Object.keys(URGENCIES) as Urgency[]).map((urgency) => {
      const found = waiting.find(({ priority }) => priority === URGENCIES[urgency]);
      return [urgency, found ?? none];
    }),
  );
}
