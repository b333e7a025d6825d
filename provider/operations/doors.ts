/** «Входы через другие сервисы»: how each stands, and an operator's word that it is offered or not, with a reason. */
import { z } from 'zod';
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { Switch, UpstreamSwitches } from '../../adapters/upstream-switch/upstream-switch.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { OperationScreens } from '../http/screens/operations.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import type { LookAtFigures } from '../statistics/figures.ts';
import type { UpstreamOffer, Upstreams } from '../upstreams/upstreams.ts';
import { frameOf } from './frame.ts';
import { doorRules } from './rules.ts';

const LIST = '/operator/doors';
const LONGEST_REASON = 300;

export type DoorsNeeds = {
  readonly database: Database;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly switches: UpstreamSwitches;
  readonly figures: LookAtFigures;
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly events: Pick<Events, 'upstreamTurned'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

type DoorView = OperationScreens['operator/doors/door']['door'];

export function doors(needs: DoorsNeeds): StaffArea {
  const { database, upstreams, switches, figures, events, notices, readForm } = needs;

  const offerOf = (ctx: GatewayContext): UpstreamOffer => {
    const offer = upstreams.offers().find(({ id }) => id === paramOf(ctx, 'door'));
    if (!offer) throw new GatewayError('not_found');
    return offer;
  };
  const viewsOf = async (offers: readonly UpstreamOffer[], ctx: GatewayContext) => {
    const [turned, seen] = await Promise.all([switches.list(), figures('hour')]);
    return Promise.all(
      offers.map(async ({ id, kind, name, state }): Promise<DoorView> => {
        const word = turned.find(({ upstream }) => upstream === id);
        return {
          ...{ id, kind, name: name[ctx.state.locale], on: word?.on ?? true },
          state: seen.upstreams.get(id) ?? state,
          ...(word && { turned: await wordOf(needs, word) }),
        };
      }),
    );
  };
  const showOne = async (
    ctx: GatewayContext,
    frame: ReturnType<typeof frameOf>,
    typed: { readonly reason: string },
    problem?: FieldProblem<'reason'>,
  ): Promise<void> => {
    const [door] = await viewsOf([offerOf(ctx)], ctx);
    if (!door) throw new GatewayError('not_found');
    const action = pathOf(door.id);
    ctx.render('operator/doors/door', { ...frame, door, action, typed, ...(problem && { problem }) });
  };

  return staffArea(doorRules, {
    async 'GET /operator/doors'(ctx, officer) {
      const views = await viewsOf(upstreams.offers(), ctx);
      const notice = notices.take(ctx);
      ctx.render('operator/doors/list', {
        ...frameOf(officer),
        doors: views.map((door) => ({ ...door, path: pathOf(door.id) })),
        ...(notice && { notice }),
      });
    },

    'GET /operator/doors/:door': (ctx, officer) => showOne(ctx, frameOf(officer), { reason: '' }),

    async 'POST /operator/doors/:door'(ctx, officer) {
      const typed = readForm(ctx, { turn: z.enum(['on', 'off']), reason: z.string() });
      const { id } = offerOf(ctx);
      const reason = typed.reason.trim();
      const problem = problemOf(reason);
      if (problem) {
        ctx.status = 422;
        return showOne(ctx, frameOf(officer), { reason: typed.reason }, problem);
      }
      const on = typed.turn === 'on';
      const staff = officer.account.id;
      await database.transaction(async (tx) => {
        const isTurned = await switches.turn(id, { on, by: staff, reason }, tx);
        if (isTurned) await events.upstreamTurned(ctx.state.origin, staff, id, on, tx);
      });
      notices.leave(ctx, on ? 'door_on' : 'door_off');
      ctx.status = 303;
      return ctx.redirect(LIST);
    },
  });
}

const pathOf = (id: string): string => `${LIST}/${encodeURIComponent(id)}`;

function problemOf(reason: string): FieldProblem<'reason'> | undefined {
  if (reason === '') return { field: 'reason', code: 'turn_reason_missing' };
  return reason.length > LONGEST_REASON ? { field: 'reason', code: 'turn_reason_too_long' } : undefined;
}

/** Whoever turned it at the command line has no name here. */
async function wordOf({ accounts }: DoorsNeeds, { since, by, reason }: Switch) {
  const account = await accounts.find(by);
  const name = account?.name && [account.name.family, account.name.given].filter(Boolean).join(' ');
  return { since, ...(name && { by: name }), ...(reason !== undefined && { reason }) };
}
