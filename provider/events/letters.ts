/** Letters that have left, and those that never will. */
import { LETTER_GIVEN_UP, LETTER_HANDED_OVER } from './names.ts';
import type { Recorder } from './recorder.ts';

type LetterEvent = { readonly letterId: string; readonly template: string; readonly accountId?: string };

export function letterEvents({ record, metrics }: Recorder) {
  return {
    /** The audit row is the proof that the code of a signing went out. */
    async letterHandedOver({ letterId, template, accountId, receipt }: LetterEvent & { receipt: string }) {
      metrics.letter(template, 'handed_over');
      await record({
        event: LETTER_HANDED_OVER,
        outcome: 'success',
        actor: 'system',
        detail: { letterId, template, receipt },
        ...(accountId !== undefined && { accountId }),
      });
    },
    async letterGivenUp({ letterId, template, accountId, reason }: LetterEvent & { reason: string }) {
      metrics.letter(template, reason);
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
