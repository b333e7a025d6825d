/** The guides that are for whoever acts for an organisation, with a tick at each that she has read (SYS-19). */
import type { GuideReads } from '../../adapters/guide-reads/guide-reads.ts';
import { goTo } from '../cabinet/rooms.ts';
import { GatewayError } from '../errors.ts';
import type { ReadForm } from '../http/form.ts';
import { paramOf } from '../http/param.ts';
import type { Rule, StaffRules } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { guidePath, guidesFor } from './guides.ts';
import { guideIn } from './read-guide.ts';

/** Before anything else, the undertaking included: one of them explains it. */
const BEGIN = {
  ...{ scope: 'organisation', who: 'own', kinds: ['primary', 'territorial', 'regional'] },
  ...{ undertaking: false, register: false },
} as const satisfies Rule;

const chairGuideRules = {
  'GET /chair/:organisation/guides': BEGIN,
  'POST /chair/:organisation/guides/:guide/read': BEGIN,
} as const satisfies StaffRules;

export type ChairGuideNeeds = { readonly guideReads: GuideReads; readonly readForm: ReadForm };

export function chairGuides({ guideReads, readForm }: ChairGuideNeeds): StaffArea {
  return staffArea(chairGuideRules, {
    'GET /chair/:organisation/guides': async (ctx, { officer: { account }, frame }) => {
      const read = (await guideReads.readBy([account.id])).get(account.id);
      const listPath = `/chair/${encodeURIComponent(frame.at.id)}/guides`;
      ctx.render('chair/guides', {
        ...frame,
        guides: guidesFor(frame.at).map((id) => ({
          title: guideIn(ctx.state.locale, id).title,
          path: guidePath(id),
          action: `${listPath}/${id}/read`,
          read: read?.has(id) === true,
        })),
      });
    },
    'POST /chair/:organisation/guides/:guide/read': async (ctx, { officer: { account }, frame }) => {
      readForm(ctx, {});
      const typed = paramOf(ctx, 'guide');
      const guide = guidesFor(frame.at).find((id) => id === typed);
      if (!guide) throw new GatewayError('not_found');
      await guideReads.mark(account.id, guide);
      goTo(ctx, `/chair/${encodeURIComponent(frame.at.id)}/guides`);
    },
  });
}
