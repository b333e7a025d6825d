/** What can be done on a person's page: each act has a page that says what will happen, and asks why. */
import type Provider from 'oidc-provider';
import type { AccountActivity } from '../../adapters/account-activity/account-activity.ts';
import type { Account, AccountStore } from '../../adapters/account-store/account-store.ts';
import { goTo } from '../cabinet/rooms.ts';
import { nameOfUpstream } from '../cabinet/ways.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { NoticeCode } from '../http/texts.ts';
import type { SessionEnder } from '../oidc/end-session.ts';
import type { Officer } from '../staff/officer.ts';
import { OPERATORS, type StaffRules } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { type ActNeeds, act, noteEndedSession, obstacleTo, removeBrokenWay } from './acts.ts';
import type { Errand } from './merge.ts';
import { type ActFault, isActName } from './names.ts';
import { personPath } from './person-page.ts';
import { NOTE_FORM, readActNote } from './reason.ts';
import { currentVisit, type VisitNeeds } from './visits.ts';
import { type WhoseAccountNeeds, whoseAccount } from './whose-account.ts';
import { type WhosePageNeeds, whosePage } from './whose-page.ts';

const actRules = {
  'GET /operator/people/:person/acts/:act': OPERATORS,
  'POST /operator/people/:person/acts/:act': OPERATORS,
  'GET /operator/people/:person/sessions/:session': OPERATORS,
  'POST /operator/people/:person/sessions/:session': OPERATORS,
  'GET /operator/people/:person/ways/:way': OPERATORS,
  'POST /operator/people/:person/ways/:way': OPERATORS,
} as const satisfies StaffRules;

export type ActRoomNeeds = ActNeeds &
  WhoseAccountNeeds &
  WhosePageNeeds &
  VisitNeeds & {
    readonly provider: Provider;
    readonly accounts: AccountStore;
    readonly activity: Pick<AccountActivity, 'sessionsOf'>;
    readonly sessions: Pick<SessionEnder, 'endSession'>;
    readonly notices: Notices;
    readonly readForm: ReadForm;
  };

type ActScreen = Screens['operator/people/act'];
/** One thing that can be done to one account. */
type Doable = Pick<ActScreen, 'act' | 'what'> & {
  readonly notice: NoticeCode;
  /** What keeps it from being done now; undefined when nothing does. */
  obstacle(): Promise<ActFault | undefined>;
  carryOut(errand: Errand): Promise<ActFault | undefined>;
};

const NOTICES = {
  unlock: 'person_unlocked',
  lock: 'person_locked',
  'sign-out': 'person_signed_out',
  'reset-password': 'person_reset_sent',
  'release-member': 'person_released',
} as const satisfies Readonly<Record<string, NoticeCode>>;

const noteForm = { note: NOTE_FORM };

export function actArea(needs: ActRoomNeeds): StaffArea {
  const { accounts, activity, sessions, provider, upstreams, links, notices, readForm } = needs;

  const accountOf = async (ctx: GatewayContext): Promise<Account> => {
    const account = await accounts.find(paramOf(ctx, 'person'));
    if (!account) throw new GatewayError('not_found');
    return account;
  };

  const anAct = async (ctx: GatewayContext, account: Account): Promise<Doable> => {
    const name = paramOf(ctx, 'act');
    if (!isActName(name)) throw new GatewayError('not_found');
    return {
      ...{ act: name, notice: NOTICES[name] },
      obstacle: () => obstacleTo(needs, account, name),
      carryOut: (errand) => act(needs, errand, account, name),
    };
  };
  const aSession = async (ctx: GatewayContext, account: Account): Promise<Doable> => {
    const uid = paramOf(ctx, 'session');
    const session = (await activity.sessionsOf(account.id)).find((each) => each.uid === uid);
    if (!session) throw new GatewayError('not_found');
    return {
      ...{
        act: 'end-session',
        what: `${session.device}, ${session.network}`,
        notice: 'person_session_ended',
      },
      obstacle: async () => undefined,
      async carryOut(errand) {
        await noteEndedSession(needs, errand, account);
        await sessions.endSession(provider, account.id, uid);
        return undefined;
      },
    };
  };
  const aWay = async (ctx: GatewayContext, account: Account): Promise<Doable> => {
    const id = paramOf(ctx, 'way');
    const link = (await links.linksOf(account.id)).find(({ upstream }) => upstream === id);
    if (!link) throw new GatewayError('not_found');
    return {
      ...{ act: 'remove-way', notice: 'person_way_removed' },
      what: nameOfUpstream(upstreams.offers(), id, ctx.state.locale),
      obstacle: async () => undefined,
      carryOut: (errand) => removeBrokenWay(needs, errand, account, id),
    };
  };

  const show = async (
    ctx: GatewayContext,
    officer: Officer,
    account: Account,
    { act: name, what, obstacle }: Doable,
    again: Pick<ActScreen, 'typed' | 'problem' | 'fault'> = { typed: { note: '' } },
  ) => {
    if (again.problem || again.fault) ctx.status = 422;
    const barrier = (await whoseAccount(needs, officer, [account.id])) ?? (await obstacle());
    ctx.render('operator/people/act', {
      ...(await whosePage(needs, account)),
      act: name,
      ...(what !== undefined && { what }),
      action: ctx.path,
      backPath: personPath(account.id),
      ...again,
      ...(barrier && { fault: barrier }),
      isPossible: barrier === undefined,
    });
  };
  const ask =
    (doable: (ctx: GatewayContext, account: Account) => Promise<Doable>) =>
    async (ctx: GatewayContext, officer: Officer) => {
      const account = await accountOf(ctx);
      const found = await doable(ctx, account);
      if (!(await currentVisit(needs, officer, { accountId: account.id }))) {
        return goTo(ctx, personPath(account.id));
      }
      await show(ctx, officer, account, found);
    };
  const carryOut =
    (doable: (ctx: GatewayContext, account: Account) => Promise<Doable>) =>
    async (ctx: GatewayContext, officer: Officer) => {
      const account = await accountOf(ctx);
      const typed = readForm(ctx, noteForm);
      const found = await doable(ctx, account);
      const visit = await currentVisit(needs, officer, { accountId: account.id });
      if (!visit) return goTo(ctx, personPath(account.id));
      const words = readActNote(typed.note);
      if (typeof words !== 'string') {
        return show(ctx, officer, account, found, { typed, problem: { field: 'note', code: words.code } });
      }
      const fault =
        (await whoseAccount(needs, officer, [account.id])) ??
        (await found.carryOut({ where: ctx.state.origin, officer, visit, words }));
      if (fault) return show(ctx, officer, account, found, { typed, fault });
      notices.leave(ctx, found.notice);
      goTo(ctx, personPath(account.id));
    };

  return staffArea(actRules, {
    'GET /operator/people/:person/acts/:act': ask(anAct),
    'POST /operator/people/:person/acts/:act': carryOut(anAct),
    'GET /operator/people/:person/sessions/:session': ask(aSession),
    'POST /operator/people/:person/sessions/:session': carryOut(aSession),
    'GET /operator/people/:person/ways/:way': ask(aWay),
    'POST /operator/people/:person/ways/:way': carryOut(aWay),
  });
}
