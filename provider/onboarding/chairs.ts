/** The chairs below: who they are, how far each has come, and who has not come to the end (E-05). */
import type { OnboardingBook, OrganisationBelow } from '../../adapters/onboarding/onboarding.ts';
import { itemsFor } from '../../adapters/onboarding/onboarding.ts';
import type { Events } from '../events/events.ts';
import type { Screens } from '../http/screens/screens.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { chairRules } from './rules.ts';

const PAGE = 50;

export type ChairsNeeds = {
  readonly onboarding: Pick<OnboardingBook, 'below' | 'progress'>;
  readonly events: Pick<Events, 'membersSeen'>;
};

export function chairs({ onboarding, events }: ChairsNeeds): StaffArea {
  return staffArea(chairRules, {
    'GET /chair/:organisation/chairs': async (ctx, { officer, office, organisation, frame }) => {
      const { register, undertaken } = frame.at;
      const canIssue = office.role === 'chair';
      const unfinished = ctx.query.unfinished === 'yes';
      const after = placeBelow(organisation.path, ctx.query.after);
      const found = await onboarding.below(organisation.path, {
        ...{ register, unfinished, limit: PAGE + 1 },
        ...(after !== undefined && { after }),
      });
      const rows = found.slice(0, PAGE);
      const count = undertaken ? rows.flatMap(({ officers }) => officers).length : 0;
      const seen = { staff: officer.account.id, organisationId: organisation.id, what: 'chairs', count };
      if (count > 0) await events.membersSeen(ctx.state.origin, seen);
      const path = `/chair/${encodeURIComponent(organisation.id)}/chairs`;
      const query = (more: Readonly<Record<string, string>>) =>
        `${path}?${new URLSearchParams({ ...(unfinished && { unfinished: 'yes' }), ...more })}`;
      const last = found.length > PAGE ? rows.at(-1) : undefined;
      ctx.render('chair/chairs/list', {
        ...frame,
        ...{ unfinished, paths: { all: path, unfinished: `${path}?unfinished=yes` } },
        progress: await onboarding.progress(organisation.path, register),
        organisations: rows.map((row) => lineOf(row, { register, undertaken, canIssue })),
        ...(canIssue && { issuePath: `/chair/${encodeURIComponent(organisation.id)}/issue` }),
        ...(last && { morePath: query({ after: last.path.slice(organisation.path.length) }) }),
      });
    },
  });
}

/** The rest of a path, as our own link has it; anything else is as nothing. */
function placeBelow(path: string, rest: unknown): string | undefined {
  return typeof rest === 'string' && /^([\w.-]{1,64}\/){1,4}$/.test(rest) ? `${path}${rest}` : undefined;
}

function lineOf(
  { id, name, kind, inn, officers, waiting, passport }: OrganisationBelow,
  { register, undertaken, canIssue }: Readonly<Record<'register' | 'undertaken' | 'canIssue', boolean>>,
): Screens['chair/chairs/list']['organisations'][number] {
  return {
    ...{ id, name, waiting, ...(inn !== undefined && { inn }) },
    ...(canIssue && undertaken && { path: `/chair/${encodeURIComponent(id)}/officers` }),
    ...(register && kind === 'primary' && { passport }),
    people: officers.map(({ name: person, role, undertaken: given, done }) => ({
      ...{ role, undertaken: given !== undefined },
      ...(undertaken && person !== undefined && { name: person }),
      items: itemsFor(register).map((item) => ({ item, done: done.has(item) })),
    })),
  };
}
