/** «Паспорт» of a primary organisation: four tabs, each saved by itself (E-08). */
import { z } from 'zod';
import type { Clock } from '../../adapters/clock.ts';
import type { Database } from '../../adapters/database/database.ts';
import {
  PASSPORT_FIELDS,
  PASSPORT_TABS,
  type Passport,
  type PassportField,
  type PassportStore,
  type PassportTab,
} from '../../adapters/passport-store/passport-store.ts';
import { goTo } from '../cabinet/rooms.ts';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import { translator } from '../http/texts.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { KEEP_RECORDS, READ_RECORDS, type StaffRules } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { withLabels } from './read-field.ts';
import {
  PASSPORT_RULES,
  type PassportProblem,
  readTab,
  shownValue,
  type TypedPassport,
  unfilledTabs,
} from './read-passport.ts';

export type PassportNeeds = {
  readonly database: Database;
  readonly passports: PassportStore;
  readonly clock: Clock;
  readonly events: Pick<Events, 'passportSaved'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

const passportRules = {
  'GET /chair/:organisation/passport': READ_RECORDS,
  'GET /chair/:organisation/passport/:tab': READ_RECORDS,
  'POST /chair/:organisation/passport/:tab': KEEP_RECORDS,
} as const satisfies StaffRules;

const typedText = z.string().max(5_000);
const version = z.string().regex(/^[0-9]{1,9}$/);
const tabForms = Object.fromEntries(
  PASSPORT_TABS.map((tab) => [
    tab,
    { version, ...Object.fromEntries(PASSPORT_FIELDS[tab].map((field) => [field, typedText])) },
  ]),
) as unknown as Readonly<Record<PassportTab, { readonly [field: string]: z.ZodString }>>;

export function passportArea(needs: PassportNeeds): StaffArea {
  const { database, passports, clock, events, notices, readForm } = needs;

  const passportOf = async ({ organisation }: OfficerAt): Promise<Passport> => {
    const [passport] = await passports.passports([organisation.id]);
    if (!passport) throw new GatewayError('not_found');
    return passport;
  };
  const pathOf = ({ organisation }: OfficerAt, tab: PassportTab): string =>
    `/chair/${encodeURIComponent(organisation.id)}/passport/${tab}`;

  const show = async (
    ctx: GatewayContext,
    at: OfficerAt,
    tab: PassportTab,
    again?: { readonly typed: TypedPassport; readonly problems: readonly PassportProblem[] },
  ) => {
    const passport = await passportOf(at);
    const t = translator(ctx.state.locale);
    const unfilled = unfilledTabs(passport);
    const notice = notices.take(ctx);
    const isChangedElsewhere = again?.problems.some(({ code }) => code === 'passport_changed') ?? false;
    const fieldOf = (field: PassportField) => {
      const saved = shownValue(field, passport.values[field]);
      const value = again?.typed[field] ?? saved;
      const { required, input = 'text' } = PASSPORT_RULES[field];
      return {
        ...{ field, value, input, required: required === true },
        ...(isChangedElsewhere && saved !== value && { saved }),
      };
    };
    ctx.render('chair/passport/tab', {
      ...at.frame,
      tab,
      tabs: PASSPORT_TABS.map((one) => ({
        tab: one,
        path: pathOf(at, one),
        filled: !unfilled.includes(one),
      })),
      fields: PASSPORT_FIELDS[tab].map(fieldOf),
      version: passport.versions[tab],
      filled: unfilled.length === 0,
      problems: withLabels<PassportField>(again?.problems ?? [], (field) =>
        t(`chair.passport.field.${field}`),
      ),
      ...(passport.changedAt && { changedAt: passport.changedAt }),
      ...(notice && { notice }),
    });
  };

  return staffArea(passportRules, {
    'GET /chair/:organisation/passport': (ctx, at) => show(ctx, at, 'inpo'),
    'GET /chair/:organisation/passport/:tab': (ctx, at) => show(ctx, at, tabIn(ctx)),
    'POST /chair/:organisation/passport/:tab': async (ctx, at) => {
      const tab = tabIn(ctx);
      const { version: seen = '', ...typed } = readForm(ctx, tabForms[tab]);
      const { values, problems } = readTab(tab, typed, dayInMoscow(clock.now()));
      const isSaved =
        problems.length === 0 &&
        (await database.transaction(async (tx) => {
          const { account } = at.officer;
          const { id: organisationId } = at.organisation;
          const change = { version: Number(seen), values, by: account.id };
          if (!(await passports.save(organisationId, tab, change, tx))) return false;
          await events.passportSaved(ctx.state.origin, { staff: account.id, organisationId }, tab, tx);
          return true;
        }));
      if (!isSaved) {
        ctx.status = 422;
        const found = problems.length > 0 ? problems : [CHANGED_ELSEWHERE];
        return show(ctx, at, tab, { typed, problems: found });
      }
      notices.leave(ctx, 'passport_saved');
      goTo(ctx, pathOf(at, tab));
    },
  });
}

const CHANGED_ELSEWHERE: PassportProblem = { field: 'form', code: 'passport_changed' };

function tabIn(ctx: GatewayContext): PassportTab {
  const named = paramOf(ctx, 'tab');
  const tab = PASSPORT_TABS.find((one) => one === named);
  if (!tab) throw new GatewayError('not_found');
  return tab;
}
