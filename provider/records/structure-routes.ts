/** «Структура»: профбюро and профгруппы of a primary organisation, by its units (E-09). */
import { z } from 'zod';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import {
  type NewUnit,
  type Structure,
  UNIT_KINDS,
  type Unit,
} from '../../adapters/passport-store/passport-store.ts';
import { goTo } from '../cabinet/rooms.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { KEEP_RECORDS, READ_RECORDS, type StaffRules } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { readText } from './read-field.ts';
import { treeWithout, unitTree } from './unit-tree.ts';

export type StructureNeeds = {
  readonly database: Database;
  readonly structure: Structure;
  readonly events: Pick<Events, 'unitChanged'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

const structureRules = {
  'GET /chair/:organisation/structure': READ_RECORDS,
  'POST /chair/:organisation/structure': KEEP_RECORDS,
  'GET /chair/:organisation/structure/:unit': KEEP_RECORDS,
  'POST /chair/:organisation/structure/:unit': KEEP_RECORDS,
  'POST /chair/:organisation/structure/:unit/closing': KEEP_RECORDS,
} as const satisfies StaffRules;

const LONGEST_NAME = 200;
const unitFields = {
  kind: z.enum(UNIT_KINDS),
  name: z.string().max(1_000),
  parent: z.string().max(64),
};
type TypedUnit = z.output<z.ZodObject<typeof unitFields>>;
type Problem = FieldProblem<keyof typeof unitFields>;

export function structureArea(needs: StructureNeeds): StaffArea {
  const { database, structure, events, notices, readForm } = needs;
  const pathOf = ({ organisation }: OfficerAt): string =>
    `/chair/${encodeURIComponent(organisation.id)}/structure`;
  const wrong = (ctx: GatewayContext) => {
    ctx.status = 422;
  };

  const showAll = async (
    ctx: GatewayContext,
    at: OfficerAt,
    again?: { readonly typed: TypedUnit; readonly problem: Problem },
  ) => {
    const units = await structure.units(at.organisation.id);
    const notice = notices.take(ctx);
    ctx.render('chair/structure/units', {
      ...at.frame,
      units: unitTree(units).map((unit) => ({ ...unit, path: `${pathOf(at)}/${unit.id}` })),
      typed: again?.typed ?? { kind: 'bureau', name: '', parent: '' },
      problems: again ? [again.problem] : [],
      ...(notice && { notice }),
    });
  };

  const unitIn = async (ctx: GatewayContext, at: OfficerAt): Promise<Unit> => {
    const id = paramOf(ctx, 'unit');
    const unit = (await structure.units(at.organisation.id)).find((one) => one.id === id);
    if (!unit) throw new GatewayError('not_found');
    return unit;
  };

  const showOne = async (
    ctx: GatewayContext,
    at: OfficerAt,
    unit: Unit,
    again?: { readonly typed: TypedUnit; readonly problem: Problem },
  ) => {
    const { id, kind, name, parentId = '' } = unit;
    ctx.render('chair/structure/unit', {
      ...at.frame,
      unit,
      above: treeWithout(await structure.units(at.organisation.id), id),
      typed: again?.typed ?? { kind, name, parent: parentId },
      problems: again ? [again.problem] : [],
      unitPath: `${pathOf(at)}/${id}`,
    });
  };

  /** With the row of what was done, or not at all. */
  const act = <T>(
    ctx: GatewayContext,
    at: OfficerAt,
    does: 'added' | 'changed' | 'closed',
    work: (tx: Queryable) => Promise<{ readonly outcome: T; readonly unit?: string }>,
  ): Promise<T> =>
    database.transaction(async (tx) => {
      const { outcome, unit } = await work(tx);
      const who = { staff: at.officer.account.id, organisationId: at.organisation.id };
      if (unit !== undefined) await events.unitChanged(ctx.state.origin, who, { unit, act: does }, tx);
      return outcome;
    });

  return staffArea(structureRules, {
    'GET /chair/:organisation/structure': (ctx, at) => showAll(ctx, at),

    'POST /chair/:organisation/structure': async (ctx, at) => {
      const typed = readForm(ctx, unitFields);
      const read = readUnit(typed);
      const problem = read.ok
        ? await act(ctx, at, 'added', async (tx) => {
            const added = await structure.add(at.organisation.id, read.unit, tx);
            if (added === 'gone') throw new GatewayError('not_found');
            return added === 'taken' ? { outcome: TAKEN } : { outcome: undefined, unit: added.id };
          })
        : read.problem;
      if (problem) {
        wrong(ctx);
        return showAll(ctx, at, { typed, problem });
      }
      notices.leave(ctx, 'unit_saved');
      goTo(ctx, pathOf(at));
    },

    'GET /chair/:organisation/structure/:unit': async (ctx, at) => showOne(ctx, at, await unitIn(ctx, at)),

    'POST /chair/:organisation/structure/:unit': async (ctx, at) => {
      const typed = readForm(ctx, unitFields);
      const unit = await unitIn(ctx, at);
      const read = readUnit(typed);
      const outcome = read.ok
        ? await act(ctx, at, 'changed', async (tx) => {
            const done = await structure.change(at.organisation.id, unit.id, read.unit, tx);
            return done === 'changed' ? { outcome: done, unit: unit.id } : { outcome: done };
          })
        : read.problem;
      if (outcome === 'gone') throw new GatewayError('not_found');
      if (outcome !== 'changed') {
        wrong(ctx);
        const problem = typeof outcome === 'object' ? outcome : outcome === 'taken' ? TAKEN : CIRCLE;
        return showOne(ctx, at, unit, { typed, problem });
      }
      notices.leave(ctx, 'unit_saved');
      goTo(ctx, pathOf(at));
    },

    'POST /chair/:organisation/structure/:unit/closing': async (ctx, at) => {
      readForm(ctx, {});
      const { id } = await unitIn(ctx, at);
      await act(ctx, at, 'closed', async (tx) =>
        (await structure.close(at.organisation.id, id, tx))
          ? { outcome: undefined, unit: id }
          : { outcome: undefined },
      );
      notices.leave(ctx, 'unit_closed');
      goTo(ctx, pathOf(at));
    },
  });
}

const TAKEN: Problem = { field: 'name', code: 'unit_taken' };
const CIRCLE: Problem = { field: 'parent', code: 'unit_circle' };

function readUnit({
  kind,
  name,
  parent,
}: TypedUnit):
  | { readonly ok: true; readonly unit: NewUnit }
  | { readonly ok: false; readonly problem: Problem } {
  const read = readText(name, '');
  if (!read.ok) return { ok: false, problem: { field: 'name', code: 'unit_forbidden_character' } };
  if (read.value === undefined) return { ok: false, problem: { field: 'name', code: 'unit_missing' } };
  if (read.value.length > LONGEST_NAME)
    return { ok: false, problem: { field: 'name', code: 'unit_too_long' } };
  return { ok: true, unit: { kind, name: read.value, ...(parent !== '' && { parentId: parent }) } };
}
