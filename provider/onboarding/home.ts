/** «Начало»: how far an organisation has come on its way into the register, and what comes next (E-19). */
import type { OnboardingBook } from '../../adapters/onboarding/onboarding.ts';
import { goTo } from '../cabinet/rooms.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { type ChecklistNeeds, checklistForm, checklistOf, tickChecklist } from './checklist.ts';
import { homeRules } from './rules.ts';
import { type Step, stepsOf } from './steps.ts';

export type HomeNeeds = Omit<ChecklistNeeds, 'onboarding'> & {
  readonly onboarding: OnboardingBook;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

const PATH_OF: Readonly<Partial<Record<Step, string>>> = {
  ...{ undertaking: '/undertaking', passport: '/passport', members: '/members' },
  ...{ consents: '/members', order: '/orders', handing_out: '/orders' },
};

const UNNUMBERED = '/members?membership=member&only=without_ticket';

export function onboardingHome(needs: HomeNeeds): StaffArea {
  const { onboarding, notices, readForm } = needs;
  return staffArea(homeRules, {
    'GET /chair/:organisation': async (ctx, { office, organisation, frame }) => {
      const { at } = frame;
      const path = `/chair/${encodeURIComponent(at.id)}`;
      const isPrimary = at.kind === 'primary';
      const notice = notices.take(ctx);
      const mine = at.below ? undefined : await checklistOf(needs, office, at.register);
      const records = isPrimary && at.register ? await onboarding.records(organisation.id) : undefined;
      // From above one sees how far they are; whether there is an undertaking, the page of officers says.
      const steps = stepsOf(at.below || at.undertaken, records);
      ctx.render('chair/home', {
        ...frame,
        steps: isPrimary
          ? steps.map((one) => {
              const there = at.below && one.step === 'undertaking' ? undefined : PATH_OF[one.step];
              const reachable = (one.step === 'undertaking') !== at.undertaken;
              return { ...one, ...(there !== undefined && reachable && { path: `${path}${there}` }) };
            })
          : [],
        ...(records && { records }),
        ...(at.undertaken && { unnumberedPath: `${path}${UNNUMBERED}` }),
        ...(!isPrimary && { progress: await onboarding.progress(organisation.path, at.register) }),
        canIssue: office.role === 'chair' && !at.below,
        ...(mine && { checklist: mine, checklistAction: `${path}/checklist` }),
        ...(at.below && at.undertaken && office.role === 'chair' && { officersPath: `${path}/officers` }),
        ...(notice && { notice }),
      });
    },
    'POST /chair/:organisation/checklist': async (ctx, { officer, office, frame }) => {
      const typed = readForm(ctx, checklistForm);
      const { register } = frame.at;
      await tickChecklist(needs, ctx.state.origin, office, typed, { by: officer.account.id, register });
      notices.leave(ctx, 'checklist_kept');
      goTo(ctx, `/chair/${encodeURIComponent(frame.at.id)}`);
    },
  });
}
