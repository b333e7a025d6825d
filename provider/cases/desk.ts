/**
 * Who sits at the desk, and which cases lie on it: an administrator of «Контингент» those of her own schools, a union
 * operator those of the Union. For everybody else there is no desk, and nothing says that there is one.
 */
import type Provider from 'oidc-provider';
import type { Session } from 'oidc-provider';
import type { Account, AccountStore } from '../../adapters/account-store/account-store.ts';
import type { Protections } from '../../adapters/authenticators/authenticators.ts';
import type { Case, CaseStore } from '../../adapters/case-store/case-store.ts';
import type { ClientMetadata } from '../../adapters/client-store/client-store.ts';
import type { School, SchoolRegister } from '../../adapters/school-register/school-register.ts';
import type { StaffStore } from '../../adapters/staff-store/staff-store.ts';
import { PROTECTION } from '../cabinet/protection-page.ts';
import { goTo } from '../cabinet/rooms.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import { liveSession } from '../interactions/finish.ts';
import { ACR, hasOwnDevice, reaches } from '../login/assurance.ts';
import { type OwnPages, ownClient, ownRequest } from '../oidc/own-pages.ts';
import { signsIn } from '../oidc/standing.ts';
import { isToProtect } from '../second-factor/outlives-loss.ts';
import type { WaysBack } from '../second-factor/ways-back.ts';

const DESK_CLIENT_ID = 'cases';
const LEAST = ACR.federated;
const DESK: OwnPages = {
  clientId: DESK_CLIENT_ID,
  name: 'Обращения о несовпадении данных',
  entryPath: '/cases/enter',
  least: LEAST,
};
/** Whoever decides for the whole Union shows a device of hers, as at the other pages of operators. */
const UNION_DESK: OwnPages = { ...DESK, clientId: 'cases-union', ownDevice: true };
export const CASE_NUMBER = /^\d{4}-\d{6,9}$/;
const isRoom = (path: string): boolean =>
  /^\/(contingent|cases(\/\d{4}-\d{6,9}(\/correction)?)?)$/.test(path);

export const deskClient = (issuer: string): ClientMetadata => ownClient(DESK, issuer);
export const unionDeskClient = (issuer: string): ClientMetadata => ownClient(UNION_DESK, issuer);

export type Staff = {
  readonly account: Account;
  /** Whose administrator of «Контингент» she is. */
  readonly schools: readonly School[];
  readonly isUnionOperator: boolean;
};

export type Desk = {
  /** Undefined after having sent the browser to sign in. Throws not_found for whoever is no staff. */
  staff(ctx: GatewayContext): Promise<Staff | undefined>;
  /** Back from the sign-in: on to where she was going. */
  admit(ctx: GatewayContext): void;
  /** Throws not_found for a case that is not hers to see, as for one that does not exist. */
  caseFor(staff: Staff, number: string): Promise<Case>;
};

export type DeskNeeds = {
  readonly provider: Provider;
  readonly accounts: AccountStore;
  readonly schools: Pick<SchoolRegister, 'personOf'>;
  readonly staff: Pick<StaffStore, 'has'>;
  readonly cases: Pick<CaseStore, 'find'>;
  readonly protections: Pick<Protections, 'of'>;
  readonly waysBack: Pick<WaysBack, 'note'>;
};

export function openDesk({
  provider,
  accounts,
  schools,
  staff,
  cases,
  protections,
  waysBack,
}: DeskNeeds): Desk {
  const seatOf = async (account: Account): Promise<Staff | undefined> => {
    const [person, isUnionOperator] = await Promise.all([
      schools.personOf(account.id),
      staff.has(account.id, 'union_operator'),
    ]);
    const administered = (person?.roles ?? []).flatMap(({ duty, school }) =>
      duty === 'contingent_admin' ? [school] : [],
    );
    return administered.length > 0 || isUnionOperator
      ? { account, schools: administered, isUnionOperator }
      : undefined;
  };
  const signedIn = async (ctx: GatewayContext) => {
    const session = await liveSession(provider, ctx);
    const account = session && (await accounts.find(session.accountId));
    return session && account && signsIn(account, session) ? { session, account } : undefined;
  };

  return {
    async staff(ctx) {
      const visitor = await signedIn(ctx);
      const seat = visitor && (await seatOf(visitor.account));
      if (visitor && !seat) throw new GatewayError('not_found');
      if (visitor && seat?.isUnionOperator && (await isToProtect(protections, visitor))) {
        await waysBack.note(visitor.session.uid, ctx.path);
        goTo(ctx, PROTECTION);
        return undefined;
      }
      const pages = seat?.isUnionOperator ? UNION_DESK : DESK;
      if (!visitor || !isEnough(pages, visitor.session, visitor.account)) {
        goTo(ctx, ownRequest(pages, provider.issuer, isRoom(ctx.path) ? ctx.path : '/cases'));
        return undefined;
      }
      ctx.state.workplace = '/cases';
      return seat;
    },
    admit(ctx) {
      const room = String(ctx.query.state ?? '');
      ctx.status = 303;
      ctx.redirect(ctx.query.error === undefined ? (isRoom(room) ? room : '/cases') : '/');
    },
    async caseFor({ schools: own, isUnionOperator }, number) {
      const found = CASE_NUMBER.test(number) ? await cases.find(number) : undefined;
      const isHers =
        found?.side === 'union' ? isUnionOperator : own.some((school) => school.id === found?.schoolId);
      if (!found || !isHers) throw new GatewayError('not_found');
      return found;
    },
  };
}

/** The policy asks for whatever is missing, and lets nobody back without it. */
function isEnough({ ownDevice }: OwnPages, session: Session, { servicesEndedAt }: Account): boolean {
  const isSure = reaches(session.acr, LEAST) && (!ownDevice || hasOwnDevice(session));
  return isSure && servicesEndedAt === undefined;
}
