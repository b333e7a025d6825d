/** The rooms between the question «У Вас есть электронный профсоюзный билет?» and the account (C-12 … C-40). */
import Router from '@koa/router';
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { ApplicationStore } from '../../adapters/application-store/application-store.ts';
import type { DraftStore, Variant } from '../../adapters/draft-store/draft-store.ts';
import type { Doorkeeper } from '../cabinet/enter.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody, type ReadForm } from '../http/form.ts';
import type { Applicants } from './applicant.ts';
import { type ApplicationNeeds, applicationRooms } from './application.ts';
import { type CodeNeeds, codeRooms } from './code.ts';
import { type DocumentNeeds, documentRooms } from './documents.ts';
import { type DoneNeeds, doneRooms } from './done.ts';
import { ADDRESS_FIRST, leadTo, type Room, type Rooms } from './rooms.ts';
import { type TicketNeeds, ticketRooms } from './ticket.ts';

export type WizardNeeds = TicketNeeds &
  ApplicationNeeds &
  DocumentNeeds &
  CodeNeeds &
  DoneNeeds & {
    readonly applicants: Applicants;
    readonly doorkeeper: Pick<Doorkeeper, 'visitor'>;
    readonly drafts: DraftStore;
    readonly applications: Pick<ApplicationStore, 'of'>;
    readonly readForm: ReadForm;
  };

export function wizardRoutes(needs: WizardNeeds): Router<GatewayState> {
  const { applicants, doorkeeper, drafts, applications } = needs;
  const router = new Router<GatewayState>({ prefix: '/join', exclusive: true });

  const forGuests = (room: Room, variant: Variant | undefined) => async (raw: unknown) => {
    const ctx = raw as GatewayContext;
    const account = await applicants.applicant(ctx);
    if (!account) {
      // To sign in, and back to this room: on another device, after a week.
      await doorkeeper.visitor(ctx);
      return;
    }
    if (account.verifiedEmail === undefined) return leadTo(ctx, ADDRESS_FIRST);
    const elsewhere = variant && (await whereInstead(account, variant));
    if (elsewhere) return leadTo(ctx, elsewhere);
    await room(ctx, { account, draft: await drafts.find(account.id) });
  };
  /** Who is a member needs no ticket checked, and nobody has two applications under way. */
  const whereInstead = async ({ id, member }: Account, variant: Variant): Promise<string | undefined> => {
    if (member && (variant === 'ticket' || member.membership !== 'ended')) return '/join/done';
    if (variant === 'ticket') return undefined;
    const all = await applications.of(id);
    return all.some(({ state }) => UNDECIDED.has(state)) ? '/join/done' : undefined;
  };
  const rooms: Rooms = {
    show: (path, room, variant) => router.get(path, forGuests(room, variant)),
    act: (path, room, variant) => router.post(path, formBody(), forGuests(room, variant)),
  };

  ticketRooms(needs, rooms);
  applicationRooms(needs, rooms);
  documentRooms(needs, rooms);
  codeRooms(needs, rooms);
  doneRooms(needs, rooms);
  return router;
}

const UNDECIDED: ReadonlySet<string> = new Set(['signed', 'delivered', 'received']);
