/**
 * The gate of the workplaces: a session strong and fresh enough, an office or role that the rule of the route wants, and
 * the undertaking where members' data begin. Whoever has no business here is told that there is nothing.
 */
import type Provider from 'oidc-provider';
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import type { Protections } from '../../adapters/authenticators/authenticators.ts';
import type { ClientMetadata } from '../../adapters/client-store/client-store.ts';
import type {
  Office,
  OfficeStore,
  PlacedOrganisation,
  WorkplaceVisits,
} from '../../adapters/office-store/office-store.ts';
import { STAFF_ROLES, type StaffStore } from '../../adapters/staff-store/staff-store.ts';
import { PROTECTION } from '../cabinet/protection-page.ts';
import { goTo } from '../cabinet/rooms.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import { paramOf } from '../http/param.ts';
import { liveSession } from '../interactions/finish.ts';
import { ACR, hasOwnDevice, reaches } from '../login/assurance.ts';
import { type OwnPages, ownClient, ownRequest } from '../oidc/own-pages.ts';
import { signsIn } from '../oidc/standing.ts';
import type { HeldOffices } from '../onboarding/take-office.ts';
import { isToProtect } from '../second-factor/outlives-loss.ts';
import type { WaysBack } from '../second-factor/ways-back.ts';
import type { Officer, OfficerAt } from './officer.ts';
import { isCovered, type OrganisationRule, type Rule } from './rule.ts';

export const WORKPLACE_CLIENT_ID = 'workplace';
const WORKPLACE: OwnPages = {
  clientId: WORKPLACE_CLIENT_ID,
  name: 'Рабочее место',
  entryPath: '/staff/enter',
  least: ACR.federated,
};
/** Whoever can see everybody shows a device of hers, not only her mailbox (security.md c2 #81). */
const OPERATORS_CLIENT_ID = 'operators';
const OPERATORS_DESK: OwnPages = {
  clientId: OPERATORS_CLIENT_ID,
  name: 'Рабочее место оператора Профсоюза',
  entryPath: '/operator/enter',
  least: ACR.federated,
  ownDevice: true,
};
/** Domain.md Q-25: an hour without a page ends it. */
const IDLE_SECONDS = 3_600;
const ROOM = /^\/(staff|chair|operator)(\/\w[\w.:-]{0,63}){0,6}$/;

export const workplaceClient = (issuer: string): ClientMetadata => ownClient(WORKPLACE, issuer);
export const operatorsClient = (issuer: string): ClientMetadata => ownClient(OPERATORS_DESK, issuer);

export type StaffGate = {
  /** Undefined after having sent the browser elsewhere. Throws not_found for whoever has no business there. */
  officer(ctx: GatewayContext, rule: Rule): Promise<Officer | undefined>;
  /** The same, at the organisation of the path. */
  officerAt(ctx: GatewayContext, rule: OrganisationRule): Promise<OfficerAt | undefined>;
  /** Sends an operator whose sign-in is older than `seconds` to prove anew, then to `room`; says whether it has. */
  provesAnew(ctx: GatewayContext, officer: Officer, seconds: number, room: string): boolean;
  /** Back from the sign-in: on to where she was going. */
  admit(ctx: GatewayContext): void;
};

export type GateNeeds = {
  readonly provider: Provider;
  readonly accounts: AccountStore;
  readonly offices: Pick<OfficeStore, 'organisation'>;
  readonly heldOffices: HeldOffices;
  readonly staff: Pick<StaffStore, 'has'>;
  readonly visits: WorkplaceVisits;
  readonly protections: Pick<Protections, 'of'>;
  readonly waysBack: Pick<WaysBack, 'note'>;
  /** Whether the register of members is kept by ourselves. */
  readonly keepsRegister: boolean;
};

export function staffGate(needs: GateNeeds): StaffGate {
  const { provider, accounts, offices, heldOffices, staff, visits, protections, waysBack, keepsRegister } =
    needs;

  const signedIn = async (ctx: GatewayContext): Promise<Officer | undefined> => {
    const session = await liveSession(provider, ctx);
    const account = session && (await accounts.find(session.accountId));
    if (!session || !account || !signsIn(account, session)) return undefined;
    const [held, ...roles] = await Promise.all([
      heldOffices(account, ctx.state.origin),
      ...STAFF_ROLES.map(async (role) => ((await staff.has(account.id, role)) ? [role] : [])),
    ]);
    return { account, session, offices: held, roles: roles.flat() };
  };

  /** Sends whoever is not sure or fresh enough to sign in, and says whether it has. */
  const isSentAway = async (
    ctx: GatewayContext,
    rule: Rule,
    officer: Officer | undefined,
  ): Promise<boolean> => {
    const isEnough = officer !== undefined && isSureEnough(rule, officer);
    const isAwake =
      isEnough &&
      (await visits.keepAwake(
        officer.session.uid,
        new Date((officer.session.loginTs ?? 0) * 1_000),
        IDLE_SECONDS,
      ));
    if (isAwake) return false;
    const room = ROOM.test(ctx.path) ? ctx.path : '/staff';
    const pages = rule.scope === 'union' ? OPERATORS_DESK : WORKPLACE;
    goTo(ctx, ownRequest(pages, provider.issuer, room, isEnough ? { prompt: 'login' } : {}));
    return true;
  };

  return {
    async officer(ctx, rule) {
      const officer = await signedIn(ctx);
      if (officer && !isMeant(rule, officer)) {
        if (rule.scope !== 'staff') throw new GatewayError('not_found');
        // Whoever has lost her office, and whoever never had one: both read the same.
        ctx.render('staff/none');
        return undefined;
      }
      if (officer && rule.scope === 'union' && (await isToProtect(protections, officer))) {
        await waysBack.note(officer.session.uid, ctx.path);
        goTo(ctx, PROTECTION);
        return undefined;
      }
      if (await isSentAway(ctx, rule, officer)) return undefined;
      ctx.state.workplace = rule.scope === 'union' ? '/operator' : '/staff';
      return officer;
    },

    async officerAt(ctx, rule) {
      const officer = await signedIn(ctx);
      const organisation = officer && (await offices.organisation(paramOf(ctx, 'organisation')));
      const office = organisation && officeFor(rule, officer, organisation);
      if (officer && !office) throw new GatewayError('not_found');
      if ((await isSentAway(ctx, rule, officer)) || !officer || !organisation || !office) return undefined;
      if (rule.register && !keepsRegister) throw new GatewayError('not_found');
      if (rule.undertaking && !office.undertaken) {
        goTo(ctx, `/chair/${encodeURIComponent(office.organisation.id)}/undertaking`);
        return undefined;
      }
      const { id, shortName: name, kind } = organisation;
      ctx.state.workplace = `/chair/${encodeURIComponent(id)}`;
      const below = id !== office.organisation.id;
      const undertaken = office.undertaken !== undefined;
      const frame = { at: { id, name, kind, below, undertaken, register: keepsRegister } };
      return { officer, office, organisation, frame };
    },

    provesAnew(ctx, { session }, seconds, room) {
      if (Date.now() / 1_000 - (session.loginTs ?? 0) <= seconds) return false;
      goTo(ctx, ownRequest(OPERATORS_DESK, provider.issuer, room, { prompt: 'login' }));
      return true;
    },

    admit(ctx) {
      const room = String(ctx.query.state ?? '');
      goTo(ctx, ctx.query.error === undefined ? (ROOM.test(room) ? room : '/staff') : '/');
    },
  };
}

/** Her own office before one above, and one with the undertaking before one without. */
function officeFor(
  rule: OrganisationRule,
  { offices }: Officer,
  organisation: PlacedOrganisation,
): Office | undefined {
  const covering = offices.filter((office) => isCovered(rule, office, organisation));
  const rank = (office: Office) =>
    (office.organisation.id === organisation.id ? 2 : 0) + (office.undertaken ? 1 : 0);
  return covering.sort((a, b) => rank(b) - rank(a))[0];
}

function isMeant(rule: Rule, { offices, roles }: Officer): boolean {
  if (rule.scope === 'staff') return offices.length + roles.length > 0;
  return rule.scope === 'union' && rule.roles.some((role) => roles.includes(role));
}

function isSureEnough({ scope }: Rule, { session, account }: Officer): boolean {
  const isSure = reaches(session.acr, ACR.federated) && account.servicesEndedAt === undefined;
  return isSure && (scope !== 'union' || hasOwnDevice(session));
}
