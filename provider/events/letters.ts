/** Letters that have left, and those that never will. */
import { LETTER_GIVEN_UP, LETTER_HANDED_OVER } from './names.ts';
import type { Recorder } from './recorder.ts';

type LetterEvent = {
  readonly letterId: string;
  readonly template: string;
  readonly accountId?: string;
  /** Which keeps the mailbox; absent when it was not asked for. */
  readonly service?: string;
};

export function letterEvents({ record, metrics, tally }: Recorder) {
  return {
    /** The audit row is the proof that the code of a signing went out. */
    async letterHandedOver(letter: LetterEvent & { receipt: string }) {
      const { letterId, template, accountId, service = '', receipt } = letter;
      metrics.letter(template, 'handed_over');
      tally.letter(template, service);
      await record({
        event: LETTER_HANDED_OVER,
        outcome: 'success',
        actor: 'system',
        detail: { letterId, template, receipt },
        ...(accountId !== undefined && { accountId }),
      });
    },
    async letterGivenUp(letter: LetterEvent & { reason: string }) {
      const { letterId, template, accountId, service = '', reason } = letter;
      metrics.letter(template, reason);
      tally.letter(template, service, reason);
      await record({
        event: LETTER_GIVEN_UP,
        outcome: 'failure',
        actor: 'system',
        reason,
        detail: { letterId, template },
        ...(accountId !== undefined && { accountId }),
      });
    },
  };
}
