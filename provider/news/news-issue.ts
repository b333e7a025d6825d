/** News as an operator gives them: checked, and named by what they say, so that the same command finds them again. */
import { createHash } from 'node:crypto';
import { CHANNELS } from '../../adapters/message-channels/message-channels.ts';
import type { NewsIssue } from '../../adapters/news-store/news-store.ts';

export type NewsRequest = {
  readonly subject: string;
  readonly text: string;
  readonly channel: string;
  readonly sender: string;
  readonly organisation: string | undefined;
};

const LONGEST_SUBJECT = 150;
const LONGEST_LETTER = 20_000;
/** Ten parts of an SMS in Cyrillic letters: nobody reads more, and each is paid for. */
const LONGEST_MESSAGE = 670;

/** Every fault at once, as sentences for the operator. */
export function newsIssue(
  request: NewsRequest,
): { readonly issue: NewsIssue } | { readonly faults: string[] } {
  const { sender, organisation } = request;
  const channel = CHANNELS.find((known) => known === request.channel);
  const subject = request.subject.trim();
  const body = request.text.trim();
  const longest = channel === 'email' ? LONGEST_LETTER : LONGEST_MESSAGE;
  const faults = [
    !channel && `--channel must be one of ${CHANNELS.join(', ')}.`,
    sender !== 'union' && sender !== 'organisation' && '--sender must be union or organisation.',
    (sender === 'organisation') !== (organisation !== undefined) &&
      '--organisation goes together with --sender organisation.',
    (subject === '' || subject.length > LONGEST_SUBJECT || /\p{Cc}/u.test(subject)) &&
      `--subject must be one line of at most ${LONGEST_SUBJECT} characters.`,
    (body === '' || body.length > longest) && `The text must have from 1 to ${longest} characters.`,
  ].filter((fault): fault is string => typeof fault === 'string');
  if (faults.length > 0 || !channel) return { faults };

  const from =
    organisation === undefined
      ? ({ sender: 'union' } as const)
      : ({ sender: 'organisation', organisationId: organisation } as const);
  const id = createHash('sha256')
    .update(JSON.stringify([channel, sender, organisation ?? null, subject, body]))
    .digest('hex');
  return { issue: { id, channel, from, subject, body } };
}
