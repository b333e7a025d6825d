/** The list of an organisation as a file: with a reason, up to a limit, and on record who took it (security.md #118). */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../adapters/clock.ts';
import type { MemberBook, MemberCard } from '../../adapters/member-book/member-book.ts';
import type { MemberExports } from '../../adapters/member-lists/member-lists.ts';
import type { Structure } from '../../adapters/passport-store/passport-store.ts';
import { formatTicketNumber } from '../data-rules/ticket-number.ts';
import type { Events } from '../events/events.ts';
import { SHEET_TYPES, writeSheet } from '../exchange/write-sheet.ts';
import { sendAttachment } from '../http/attachment.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import { DEFAULT_LOCALE, type Translate, translator } from '../http/texts.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { KEEP_RECORDS, type StaffRules } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { queryOf, readFilter } from './member-filter.ts';
import { readText, withLabels } from './read-field.ts';
import { MEMBER_FIELDS, type MemberField, typedCard } from './read-member.ts';
import { unitTree } from './unit-tree.ts';

export type ExportNeeds = {
  readonly book: Pick<MemberBook, 'list'>;
  readonly exports: Pick<MemberExports, 'note'>;
  readonly structure: Structure;
  readonly clock: Clock;
  readonly events: Pick<Events, 'membersSeen'>;
  readonly readForm: ReadForm;
};

const exportRules = {
  'GET /chair/:organisation/members/export': KEEP_RECORDS,
  'POST /chair/:organisation/members/export': KEEP_RECORDS,
} as const satisfies StaffRules;

const MOST = 5_000;
const AT_ONCE = 500;
const SHORTEST_REASON = 10;

const exportFields = {
  reason: z.string().max(1_000),
  format: z.enum(['csv', 'xlsx']),
  membership: z.string().max(20),
  unit: z.string().max(64),
};
type Typed = z.output<z.ZodObject<typeof exportFields>>;
type Problem = FieldProblem<'reason' | 'membership'>;

/** Never the SNILS: whoever needs it for something has it from the person. */
const COLUMNS = MEMBER_FIELDS.filter((field) => field !== 'snils');

export function exportArea(needs: ExportNeeds): StaffArea {
  const { book, exports, structure, clock, events, readForm } = needs;

  const show = async (ctx: GatewayContext, at: OfficerAt, again?: { typed: Typed; problem: Problem }) => {
    if (again) ctx.status = 422;
    const t = translator(ctx.state.locale);
    ctx.render('chair/members/export', {
      ...at.frame,
      units: unitTree(await structure.units(at.organisation.id)),
      most: MOST,
      typed: again?.typed ?? { reason: '', format: 'xlsx', membership: 'member', unit: '' },
      problems: withLabels(again ? [again.problem] : [], (field) => t(`chair.members.export.${field}`)),
    });
  };

  /** Undefined: more than a file may have. */
  const cardsOf = async (at: OfficerAt, typed: Typed): Promise<readonly MemberCard[] | undefined> => {
    const query = queryOf(readFilter({ membership: typed.membership, unit: typed.unit }));
    const cards: MemberCard[] = [];
    for (;;) {
      const after = cards.at(-1)?.id;
      const page = await book.list(at.organisation.id, { ...query, after, limit: AT_ONCE });
      cards.push(...page);
      if (cards.length > MOST) return undefined;
      if (page.length < AT_ONCE) return cards;
    }
  };

  return staffArea(exportRules, {
    'GET /chair/:organisation/members/export': (ctx, at) => show(ctx, at),

    'POST /chair/:organisation/members/export': async (ctx, at) => {
      const typed = readForm(ctx, exportFields);
      const again = (problem: Problem) => show(ctx, at, { typed, problem });
      const reason = readText(typed.reason, '');
      if (!reason.ok) return again({ field: 'reason', code: reason.code });
      if ((reason.value ?? '').length < SHORTEST_REASON) {
        return again({ field: 'reason', code: 'export_reason_missing' });
      }
      const cards = await cardsOf(at, typed);
      if (!cards) return again({ field: 'membership', code: 'export_too_large', params: { most: MOST } });

      // Before the file leaves: what is not on record does not go out.
      const id = randomUUID();
      const { id: organisationId } = at.organisation;
      const staff = at.officer.account.id;
      const noted = { id, organisationId, by: staff, at: clock.now(), members: cards.length };
      await exports.note({ ...noted, reason: reason.value ?? '' });
      const seen = {
        staff,
        organisationId,
        count: cards.length,
        what: 'member_export',
        reason: `export:${id}`,
      };
      await events.membersSeen(ctx.state.origin, seen);
      const t = translator(DEFAULT_LOCALE);
      sendAttachment(ctx, {
        fileName: `${t('file.members')}.${typed.format}`,
        type: SHEET_TYPES[typed.format],
        content: await writeSheet(typed.format, {
          sheet: t('chair.members.title'),
          header: [...COLUMNS, 'membership' as const].map((column) => t(`chair.members.field.${column}`)),
          rows: cards.map((card) => [
            ...COLUMNS.map((column) => cellOf(card, column, t)),
            t(`chair.members.membership.${card.membership}`),
          ]),
        }),
      });
    },
  });
}

function cellOf(card: MemberCard, column: MemberField, t: Translate): string {
  if (column === 'sex') return card.sex ? t(`chair.members.sex.${card.sex}`) : '';
  if (column === 'employment') return card.employment ? t(`chair.members.employment.${card.employment}`) : '';
  if (column === 'unit') return card.unit ?? '';
  if (column === 'ticket') {
    const current = card.tickets.find(({ state }) => state !== 'blocked' && state !== 'replaced');
    return current ? formatTicketNumber(current.number) : '';
  }
  return typedCard(card)[column] ?? '';
}
