/** Two accounts of one person: the other is named, what would happen is shown, it is confirmed; and it can be undone. */
import { z } from 'zod';
import type { Merge } from '../../adapters/account-merges/account-merges.ts';
import type { Account, AccountRegister, AccountStore } from '../../adapters/account-store/account-store.ts';
import type { Visit } from '../../adapters/staff-visits/staff-visits.ts';
import { goTo } from '../cabinet/rooms.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { parseTicketNumber } from '../data-rules/ticket-number.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import type { KeptWords } from '../staff/kept-words.ts';
import type { Officer } from '../staff/officer.ts';
import { OPERATORS, type StaffRules } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { type MergeNeeds, merge, type Pair, type Previewed, preview, UNDO_DAYS, undoMerge } from './merge.ts';
import { suggestSurvivor } from './merge-preview.ts';
import { type MergeSidesNeeds, previewScreen } from './merge-screen.ts';
import { seenOf } from './people-rooms.ts';
import { personPath } from './person-page.ts';
import { MERGE_REASON, NOTE_FORM, readActNote } from './reason.ts';
import { currentVisit, see, type VisitNeeds } from './visits.ts';
import { type WhoseAccountNeeds, whoseAccount } from './whose-account.ts';
import { type WhosePageNeeds, whosePage } from './whose-page.ts';

const mergeRules = {
  'GET /operator/people/:person/merge': OPERATORS,
  'POST /operator/people/:person/merge': OPERATORS,
  'GET /operator/merges/new/:pair': OPERATORS,
  'POST /operator/merges/new/:pair': OPERATORS,
  'POST /operator/merges/new/:pair/survivor': OPERATORS,
  'GET /operator/merges/:merge': OPERATORS,
  'POST /operator/merges/:merge/undo': OPERATORS,
} as const satisfies StaffRules;

export type MergeRoomNeeds = MergeNeeds &
  MergeSidesNeeds &
  WhoseAccountNeeds &
  WhosePageNeeds &
  VisitNeeds & {
    readonly accounts: AccountStore;
    readonly register: Pick<AccountRegister, 'ownerOf'>;
    readonly keptWords: KeptWords;
    readonly notices: Notices;
    readonly readForm: ReadForm;
  };

const ROOM = 'merge';
const ACCOUNT_ID = /^[\w-]{1,64}$/;
const note = NOTE_FORM;
const SEEN = ['name', 'membership', 'ways', 'protection', 'portals', 'documents', 'consents', 'applications'];

const MERGE_REFUSALS = { own_account: 'merge_own', staff_account: 'merge_staff' } as const;

type Shown = { readonly typed: { readonly note: string }; readonly problem?: FieldProblem<'note'> };
type ShownPreview = {
  readonly typed: { readonly note: string; readonly samePerson: boolean };
  readonly problem?: FieldProblem<'note' | 'same_person'>;
  readonly changed?: true;
};

export function mergeArea(needs: MergeRoomNeeds): StaffArea {
  const { accounts, merges, keptWords, notices, readForm } = needs;

  const accountOf = async (id: string): Promise<Account> => {
    const account = await accounts.find(id);
    if (!account) throw new GatewayError('not_found');
    return account;
  };
  /** By whatever she can name it: its number, the address or the ticket that opens it. */
  const otherOf = async (typed: string): Promise<Account | undefined> => {
    const email = parseEmailAddress(typed);
    const ticket = parseTicketNumber(typed);
    const id = email.ok
      ? await needs.register.ownerOf('email', email.key)
      : ticket.ok
        ? await needs.register.ownerOf('ticket', ticket.value)
        : typed.trim();
    return id !== undefined && ACCOUNT_ID.test(id) ? accounts.find(id) : undefined;
  };
  const chooseRoom = async (
    ctx: GatewayContext,
    account: Account,
    again?: { readonly other: string; readonly problem: FieldProblem<'other'> },
  ) => {
    if (again) ctx.status = 422;
    const backPath = personPath(account.id);
    ctx.render('operator/merge/choose', {
      ...(await whosePage(needs, account)),
      ...{ action: `${backPath}/merge`, backPath, typed: { other: again?.other ?? '' } },
      ...(again && { problem: again.problem }),
    });
  };

  const keep = (officer: Officer, { survivorId, closedId }: Pair): Promise<string> =>
    keptWords.keep(officer.account.id, ROOM, { survivorId, closedId });
  const pairOf = async (ctx: GatewayContext, officer: Officer): Promise<Pair> => {
    const { survivorId, closedId } =
      (await keptWords.find(officer.account.id, ROOM, paramOf(ctx, 'pair'))) ?? {};
    if (survivorId === undefined || closedId === undefined) throw new GatewayError('not_found');
    return { survivorId, closedId };
  };
  /**
   * Of the two, one is looked at for a reason of hers, and the other because they may be one: that opens no page of hers,
   * and is what she reads of it.
   */
  const seeBoth = async (
    ctx: GatewayContext,
    officer: Officer,
    { survivorId, closedId }: Pair,
    visit: Visit,
    fields: readonly string[],
  ) => {
    for (const accountId of [survivorId, closedId]) {
      const own = await currentVisit(needs, officer, { accountId });
      const why = own ?? { ...visit, reason: MERGE_REASON };
      await see(needs, ctx.state.origin, officer, seenOf(await accountOf(accountId)), why, fields);
    }
  };
  /** The reason she gave for either page is that of the merge. Undefined after having sent her there to give one. */
  const visitOf = async (ctx: GatewayContext, officer: Officer, pair: Pair): Promise<Visit | undefined> => {
    const visit =
      (await currentVisit(needs, officer, { accountId: pair.survivorId })) ??
      (await currentVisit(needs, officer, { accountId: pair.closedId }));
    if (!visit) goTo(ctx, personPath(pair.survivorId));
    return visit;
  };
  /** Whoever becomes one with another comes in by her ways: it gives away what the other may. */
  const refusalOf = async (
    officer: Officer,
    { survivorId, closedId }: Pair,
  ): Promise<FieldProblem<'note'> | undefined> => {
    const whose = await whoseAccount(needs, officer, [survivorId, closedId]);
    return whose && { field: 'note', code: MERGE_REFUSALS[whose] };
  };
  const previewed = async (pair: Pair): Promise<Previewed> => {
    const found = await preview(needs, pair);
    if (!found) throw new GatewayError('not_found');
    return found;
  };
  const showPreview = async (
    ctx: GatewayContext,
    officer: Officer,
    pair: Pair,
    visit: Visit,
    shown: ShownPreview = { typed: { note: '', samePerson: false } },
  ) => {
    await seeBoth(ctx, officer, pair, visit, SEEN);
    if (shown.problem || shown.changed) ctx.status = 422;
    const hasOwn = (await currentVisit(needs, officer, { accountId: pair.survivorId })) !== undefined;
    const path = `/operator/merges/new/${paramOf(ctx, 'pair')}`;
    const screen = await previewScreen(needs, await previewed(pair), ctx.state.locale);
    ctx.render('operator/merge/preview', {
      ...screen,
      ...{ action: path, survivorAction: `${path}/survivor`, days: UNDO_DAYS },
      backPath: personPath(hasOwn ? pair.survivorId : pair.closedId),
      ...{ typed: shown.typed, changed: shown.changed === true },
      ...(shown.problem && { problem: shown.problem }),
    });
  };

  const mergeOf = async (ctx: GatewayContext): Promise<Merge> => {
    const found = await merges.find(paramOf(ctx, 'merge'));
    if (!found) throw new GatewayError('not_found');
    return found;
  };
  const mergeRoom = async (
    ctx: GatewayContext,
    officer: Officer,
    found: Merge,
    visit: Visit,
    shown: Shown = { typed: { note: '' } },
  ) => {
    await seeBoth(ctx, officer, found, visit, ['name']);
    const { id, survivorId, closedId, mergedAt, undone, undoUntil } = found;
    const isOpen = !undone && undoUntil > needs.clock.now();
    if (shown.problem) ctx.status = 422;
    const notice = notices.take(ctx);
    ctx.render('operator/merge/merge', {
      ...{ id, mergedAt },
      survivor: { path: personPath(survivorId), ...(await whosePage(needs, await accountOf(survivorId))) },
      closed: { path: personPath(closedId), ...(await whosePage(needs, await accountOf(closedId))) },
      ...(undone && { undone: undone.at }),
      ...(isOpen && {
        undo: { action: `/operator/merges/${id}/undo`, until: undoUntil, typed: shown.typed },
      }),
      ...(shown.problem && { problem: shown.problem }),
      ...(notice && { notice }),
    });
  };

  return staffArea(mergeRules, {
    'GET /operator/people/:person/merge': async (ctx, officer) => {
      const account = await accountOf(paramOf(ctx, 'person'));
      if (!(await currentVisit(needs, officer, { accountId: account.id }))) {
        return goTo(ctx, personPath(account.id));
      }
      await chooseRoom(ctx, account);
    },

    'POST /operator/people/:person/merge': async (ctx, officer) => {
      const account = await accountOf(paramOf(ctx, 'person'));
      const { other: typed } = readForm(ctx, { other: z.string().max(1_000) });
      const visit = await currentVisit(needs, officer, { accountId: account.id });
      if (!visit) return goTo(ctx, personPath(account.id));
      const other = await otherOf(typed);
      const isUsable = other && other.id !== account.id;
      const code = isUsable ? undefined : other ? 'merge_same' : 'merge_unknown';
      if (!other || code) {
        const problem = { field: 'other', code: code ?? 'merge_unknown' } as const;
        return chooseRoom(ctx, account, { other: typed, problem });
      }
      const { survivor, closed } = await previewed({ survivorId: account.id, closedId: other.id });
      const stays = suggestSurvivor(survivor, closed).id;
      const pair = { survivorId: stays, closedId: stays === account.id ? other.id : account.id };
      goTo(ctx, `/operator/merges/new/${await keep(officer, pair)}`);
    },

    'GET /operator/merges/new/:pair': async (ctx, officer) => {
      const pair = await pairOf(ctx, officer);
      const visit = await visitOf(ctx, officer, pair);
      if (visit) await showPreview(ctx, officer, pair, visit);
    },

    'POST /operator/merges/new/:pair/survivor': async (ctx, officer) => {
      const { survivorId, closedId } = await pairOf(ctx, officer);
      readForm(ctx, {});
      const swapped = { survivorId: closedId, closedId: survivorId };
      goTo(ctx, `/operator/merges/new/${await keep(officer, swapped)}`);
    },

    'POST /operator/merges/new/:pair': async (ctx, officer) => {
      const pair = await pairOf(ctx, officer);
      const sent = readForm(ctx, {
        ...{ note, digest: z.string().max(100) },
        same_person: z.literal('yes').optional(),
      });
      const typed = { note: sent.note, samePerson: sent.same_person === 'yes' };
      const visit = await visitOf(ctx, officer, pair);
      if (!visit) return;
      const words = readActNote(typed.note);
      if (typeof words !== 'string') {
        const problem = { field: 'note', code: words.code } as const;
        return showPreview(ctx, officer, pair, visit, { typed, problem });
      }
      const id = paramOf(ctx, 'pair');
      const errand = { where: ctx.state.origin, officer, visit, words };
      const problem = await refusalOf(officer, pair);
      if (problem) return showPreview(ctx, officer, pair, visit, { typed, problem });
      const outcome = await merge(needs, errand, id, pair, { ...typed, digest: sent.digest });
      if (outcome === 'two_people') {
        const problem = { field: 'same_person', code: 'same_person_missing' } as const;
        return showPreview(ctx, officer, pair, visit, { typed, problem });
      }
      if (outcome !== 'done') {
        return showPreview(ctx, officer, pair, visit, { typed, changed: true });
      }
      notices.leave(ctx, 'accounts_merged');
      goTo(ctx, `/operator/merges/${id}`);
    },

    'GET /operator/merges/:merge': async (ctx, officer) => {
      const found = await mergeOf(ctx);
      const visit = await visitOf(ctx, officer, found);
      if (visit) await mergeRoom(ctx, officer, found, visit);
    },

    'POST /operator/merges/:merge/undo': async (ctx, officer) => {
      const found = await mergeOf(ctx);
      const typed = readForm(ctx, { note });
      const visit = await visitOf(ctx, officer, found);
      if (!visit) return;
      const words = readActNote(typed.note);
      if (typeof words !== 'string') {
        return mergeRoom(ctx, officer, found, visit, { typed, problem: { field: 'note', code: words.code } });
      }
      const problem = await refusalOf(officer, found);
      if (problem) return mergeRoom(ctx, officer, found, visit, { typed, problem });
      const undone = await undoMerge(needs, { where: ctx.state.origin, officer, visit, words }, found);
      notices.leave(ctx, undone ? 'accounts_parted' : 'accounts_not_parted');
      goTo(ctx, `/operator/merges/${found.id}`);
    },
  });
}
