/** Applications at the workplace: what waits, what was decided, one application, and the chair's word on it (E-10). */
import { goTo } from '../cabinet/rooms.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import {
  acceptApplication,
  acceptFields,
  type Decided,
  type DecideNeeds,
  declineApplication,
  declineFields,
  type TypedAcceptance,
  type TypedRefusal,
} from './decide.ts';
import { applicationRules } from './rules.ts';
import { applicationPage, applicationPath, listPage, type ShowNeeds } from './show.ts';

/** Behind which application a page of a list begins. */
const ID = /^[\x21-\x7e]{1,200}$/;

export type ApplicationAreaNeeds = DecideNeeds &
  ShowNeeds & {
    readonly events: Pick<Events, 'membersSeen'>;
    readonly notices: Notices;
    readonly readForm: ReadForm;
  };

export function applications(needs: ApplicationAreaNeeds): StaffArea {
  const { applicationDesk, events, notices, readForm } = needs;

  const found = async (ctx: GatewayContext, { organisation }: OfficerAt) => {
    const one = await applicationDesk.find(organisation.id, paramOf(ctx, 'application'));
    if (!one) throw new GatewayError('not_found');
    return one;
  };
  const seen = (ctx: GatewayContext, { officer, organisation }: OfficerAt, what: string, count: number) =>
    events.membersSeen(ctx.state.origin, {
      ...{ staff: officer.account.id, organisationId: organisation.id, what, count },
    });

  const show = async (
    ctx: GatewayContext,
    at: OfficerAt,
    again?: {
      readonly typed: Partial<TypedAcceptance & TypedRefusal>;
      readonly problem: Exclude<Decided, string>['problem'];
    },
  ): Promise<void> => {
    const { review, ...page } = await applicationPage(needs, at, await found(ctx, at));
    await seen(ctx, at, 'application', 1);
    const notice = notices.take(ctx);
    if (again) ctx.status = 422;
    ctx.render('chair/applications/application', {
      ...at.frame,
      ...page,
      ...(review && { review: again ? { ...review, typed: typedIn(again.typed) } : review }),
      ...(again && { problem: again.problem }),
      ...(notice && { notice }),
    });
  };
  /** To the application as it stands now: what somebody else has decided meanwhile is shown there. */
  const leave = (ctx: GatewayContext, { organisation }: OfficerAt, decided: 'done' | 'settled'): void => {
    notices.leave(ctx, decided === 'done' ? 'application_decided' : 'application_settled');
    goTo(ctx, applicationPath(organisation.id, paramOf(ctx, 'application')));
  };

  return staffArea(applicationRules, {
    'GET /chair/:organisation/applications': async (ctx, at) => {
      const [waiting, decided] = [idIn(ctx, 'waiting'), idIn(ctx, 'decided')];
      const { people, ...page } = await listPage(needs, at, {
        ...(waiting !== undefined && { waiting }),
        ...(decided !== undefined && { decided }),
      });
      await seen(ctx, at, 'applications', people);
      ctx.render('chair/applications/list', { ...at.frame, ...page });
    },
    'GET /chair/:organisation/applications/:application': (ctx, at) => show(ctx, at),
    'POST /chair/:organisation/applications/:application/accept': async (ctx, at) => {
      const typed = readForm(ctx, acceptFields);
      const one = await found(ctx, at);
      const decided =
        'application' in one
          ? await acceptApplication(needs, ctx.state.origin, at, one, typed)
          : ('settled' as const);
      if (typeof decided === 'string') return leave(ctx, at, decided);
      await show(ctx, at, { typed, problem: decided.problem });
    },
    'POST /chair/:organisation/applications/:application/decline': async (ctx, at) => {
      const typed = readForm(ctx, declineFields);
      const one = await found(ctx, at);
      const decided =
        'application' in one
          ? await declineApplication(needs, ctx.state.origin, at, one, typed)
          : ('settled' as const);
      if (typeof decided === 'string') return leave(ctx, at, decided);
      await show(ctx, at, { typed, problem: decided.problem });
    },
  });
}

function idIn({ query }: GatewayContext, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' && ID.test(value) ? value : undefined;
}

function typedIn({ card, number, typed, reason, words }: Partial<TypedAcceptance & TypedRefusal>) {
  return {
    ...(card !== undefined && { card }),
    ...(number !== undefined && { number }),
    ...(typed !== undefined && { typed }),
    ...(reason !== undefined && { reason }),
    ...(words !== undefined && { words }),
  };
}
