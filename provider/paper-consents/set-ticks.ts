/** Ticks by what is on paper (E-13): of one card, or of a page of them after a meeting. One transaction with its events. */
import type { Database } from '../../adapters/database/database.ts';
import type { ConsentType } from '../../adapters/document-store/document-store.ts';
import type {
  MemberConsents,
  PaperTick,
  TickOutcome,
} from '../../adapters/member-consents/member-consents.ts';
import { dayInMoscow, parseCalendarDate } from '../data-rules/calendar-date.ts';
import { officeInWords } from '../documents/write-documents.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import type { OfficerAt } from '../staff/officer.ts';

/** Nobody has a consent on paper from before these forms were made. */
const EARLIEST = '2000-01-01';

export type TickNeeds = {
  readonly database: Pick<Database, 'transaction'>;
  readonly memberConsents: Pick<MemberConsents, 'tick'>;
  readonly events: Pick<Events, 'consentsTickedOnPaper'>;
};

export type DayProblem = FieldProblem<'dated'>;

/** The day on the paper, yyyy-mm-dd. */
export function readDay(
  typed: string,
  now: Date,
): { readonly day: string } | { readonly problem: DayProblem } {
  const wrong = (code: DayProblem['code']) => ({ problem: { field: 'dated', code } }) as const;
  if (typed.trim() === '') return wrong('paper_day_missing');
  const parsed = parseCalendarDate(typed);
  if (!parsed.ok || parsed.value < EARLIEST) return wrong('paper_day_wrong');
  return parsed.value > dayInMoscow(now) ? wrong('paper_day_in_future') : { day: parsed.value };
}

/** One outcome for each tick, in their order. */
export function setTicks(
  { database, memberConsents, events }: TickNeeds,
  where: Where,
  at: OfficerAt,
  ticks: readonly PaperTick[],
): Promise<readonly TickOutcome[]> {
  const { officer, organisation } = at;
  const by = { accountId: officer.account.id, name: signatureOf(at) };
  return database.transaction(async (tx) => {
    const outcomes = await memberConsents.tick(organisation.id, ticks, by, tx);
    const ticked = ticks.filter((_, index) => outcomes[index] === 'ticked');
    for (const [memberId, own] of Map.groupBy(ticked, (tick) => tick.memberId)) {
      const types = own.map(({ type, given }) => `${type}:${given ? 'yes' : 'no'}`);
      const told = { staff: officer.account.id, organisationId: organisation.id, memberId, types };
      await events.consentsTickedOnPaper(where, told, tx);
    }
    return outcomes;
  });
}

/** As the member reads it among her documents: name and office. */
function signatureOf({ officer: { account }, office }: OfficerAt): string {
  const { family, given, middle } = account.name ?? { family: '', given: '' };
  const name = [family, given, middle].filter(Boolean).join(' ');
  return [name, officeInWords(office.role, office.organisation.kind)].filter(Boolean).join(', ');
}

/** The answers of a form, and what is none is left as it is. */
export type Answer = 'yes' | 'no';

export function ticksOf(
  answers: Readonly<Record<string, Partial<Record<ConsentType, Answer | undefined>>>>,
  dated: string,
): readonly PaperTick[] {
  return Object.entries(answers).flatMap(([memberId, own]) =>
    (Object.entries(own) as [ConsentType, Answer | undefined][]).flatMap(([type, answer]) =>
      answer === undefined ? [] : { memberId, type, given: answer === 'yes', dated },
    ),
  );
}
