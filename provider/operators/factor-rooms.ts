/** «Снять второй фактор»: what there is to choose from, what will happen, and why; after a sign-in of the last minutes. */
import { z } from 'zod';
import type { Account, AccountStore } from '../../adapters/account-store/account-store.ts';
import { goTo } from '../cabinet/rooms.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { FactorField } from '../http/screens/operators.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { StaffGate } from '../staff/gate.ts';
import type { Officer } from '../staff/officer.ts';
import { OPERATORS, type StaffRules } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { FRESH_SECONDS } from './carry-out-act.ts';
import { seenOf } from './people-rooms.ts';
import { personPath } from './person-page.ts';
import { NOTE_FORM, readActNote } from './reason.ts';
import { type Removable, type RemoveFactorNeeds, removeFactors } from './remove-factors.ts';
import { currentVisit, see, type VisitNeeds } from './visits.ts';
import { type WhoseAccountNeeds, whoseAccount } from './whose-account.ts';
import { type WhosePageNeeds, whosePage } from './whose-page.ts';

const factorRules = {
  'GET /operator/people/:person/second-factor': OPERATORS,
  'POST /operator/people/:person/second-factor': OPERATORS,
} as const satisfies StaffRules;

export type FactorRoomNeeds = RemoveFactorNeeds &
  WhoseAccountNeeds &
  WhosePageNeeds &
  VisitNeeds & {
    readonly accounts: AccountStore;
    readonly staffGate: Pick<StaffGate, 'provesAnew'>;
    readonly notices: Notices;
    readonly readForm: ReadForm;
  };

type FactorScreen = Screens['operator/people/second-factor'];

/** Ten of a kind is the most that somebody adds; two accounts that became one have twice as many. */
const MOST = 60;
const fieldOf = (at: number): FactorField => `factor_${at}`;
const fields = Array.from({ length: MOST }, (_, at) => fieldOf(at));
/** What a tick stands for is its value: the list may be another one by then. */
const form = {
  note: NOTE_FORM,
  ...(Object.fromEntries(fields.map((field) => [field, z.string().max(100).optional()])) as Record<
    FactorField,
    z.ZodOptional<z.ZodString>
  >),
};

const tickOf = ({ kind, id }: Removable): string => `${kind}:${id}`;

export function factorArea(needs: FactorRoomNeeds): StaffArea {
  const { accounts, staffGate, notices, readForm } = needs;

  /** Undefined after having sent her to prove herself anew, or to give a reason. */
  const enter = async (ctx: GatewayContext, officer: Officer) => {
    const account = await accounts.find(paramOf(ctx, 'person'));
    if (!account) throw new GatewayError('not_found');
    if (staffGate.provesAnew(ctx, officer, FRESH_SECONDS, ctx.path)) return undefined;
    const visit = await currentVisit(needs, officer, { accountId: account.id });
    if (!visit) goTo(ctx, personPath(account.id));
    return visit && { account, visit };
  };
  const show = async (
    ctx: GatewayContext,
    account: Account,
    again: Pick<FactorScreen, 'typed' | 'problems' | 'fault'> = {
      typed: { note: '', chosen: [] },
      problems: [],
    },
  ) => {
    const { alwaysAsked, recoveryCodes } = await needs.protections.of(account.id);
    if (again.problems.length > 0 || again.fault) ctx.status = 422;
    ctx.render('operator/people/second-factor', {
      ...(await whosePage(needs, account)),
      ...{ action: ctx.path, backPath: personPath(account.id), alwaysAsked },
      factors: (await removable(needs, account.id)).slice(0, MOST).map((factor, at) => ({
        ...{ field: fieldOf(at), value: tickOf(factor), kind: factor.kind },
        ...(factor.kind === 'recovery_codes' ? { left: recoveryCodes } : { name: factor.name }),
      })),
      ...again,
    });
  };

  return staffArea(factorRules, {
    'GET /operator/people/:person/second-factor': async (ctx, officer) => {
      const found = await enter(ctx, officer);
      if (!found) return;
      await see(needs, ctx.state.origin, officer, seenOf(found.account), found.visit, ['protection']);
      await show(ctx, found.account);
    },

    'POST /operator/people/:person/second-factor': async (ctx, officer) => {
      const { note, ...ticks } = readForm(ctx, form);
      const chosen = [...new Set(Object.values<string | undefined>(ticks))].filter(
        (tick) => tick !== undefined,
      );
      const found = await enter(ctx, officer);
      if (!found) return;
      const { account, visit } = found;
      const typed = { note, chosen };
      const words = readActNote(note);
      if (typeof words !== 'string' || chosen.length === 0) {
        const problems = [
          ...(chosen.length === 0 ? [{ field: 'factor_0', code: 'factor_choice_missing' } as const] : []),
          ...(typeof words === 'string' ? [] : [{ field: 'note', code: words.code } as const]),
        ];
        return show(ctx, account, { typed, problems });
      }
      const there = await removable(needs, account.id);
      const factors = there.filter((factor) => chosen.includes(tickOf(factor)));
      const errand = { where: ctx.state.origin, officer, visit, words };
      const fault =
        (await whoseAccount(needs, officer, [account.id])) ??
        (factors.length < chosen.length ? 'no_factor' : await removeFactors(needs, errand, account, factors));
      if (fault) return show(ctx, account, { typed, problems: [], fault });
      notices.leave(ctx, 'person_factors_removed');
      goTo(ctx, personPath(account.id));
    },
  });
}

/** As the person's own page lists them. */
async function removable(
  { passkeys, codeApps, protections }: RemoveFactorNeeds,
  accountId: string,
): Promise<readonly Removable[]> {
  const [keys, apps, { recoveryCodes }] = await Promise.all([
    passkeys.of(accountId),
    codeApps.of(accountId),
    protections.of(accountId),
  ]);
  return [
    ...keys.map(({ id, name }) => ({ kind: 'passkey' as const, id, name })),
    ...apps.map(({ id, name }) => ({ kind: 'code_app' as const, id, name })),
    ...(recoveryCodes > 0 ? [{ kind: 'recovery_codes' as const, id: 'all', name: '' }] : []),
  ];
}
