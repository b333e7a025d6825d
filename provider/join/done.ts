/** The end of the wizard (C-22, C-40): what has been done, and the way into the account or back to the portal. */
import type Provider from 'oidc-provider';
import type { ApplicationStore } from '../../adapters/application-store/application-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Draft } from '../../adapters/draft-store/draft-store.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import { addressesOf, clientView } from '../interactions/client-view.ts';
import { liveSession } from '../interactions/finish.ts';
import { pathBack } from '../interactions/way-back.ts';
import type { Handovers } from '../login/handover.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import type { SessionEnder } from '../oidc/end-session.ts';
import type { Applicants } from './applicant.ts';
import { type Guest, leadTo, type Rooms } from './rooms.ts';

/** As long after the signature the code from the mailbox stands for a sign-in. */
const FRESH_MILLISECONDS = 15 * 60 * 1_000;

export type DoneNeeds = {
  readonly provider: Provider;
  readonly sessions: Pick<SessionEnder, 'endSession'>;
  readonly applications: Pick<ApplicationStore, 'of'>;
  readonly clients: ClientDirectory;
  readonly handover: Handovers;
  readonly applicants: Pick<Applicants, 'dismiss'>;
  readonly clock: Clock;
  /** The register is our own, and whoever has applied waits for nobody to take it. */
  readonly keepsRegister: boolean;
  readonly readForm: ReadForm;
};

export function doneRooms(needs: DoneNeeds, { show, act }: Rooms): void {
  const { provider, sessions, applications, clients, handover, applicants, clock, keepsRegister, readForm } =
    needs;

  show('/done', async (ctx, { account, draft }) => {
    const [latest] = await applications.of(account.id);
    const underWay = latest && ['signed', 'delivered', 'received'].includes(latest.state);
    const bound = account.member && draft?.finishedAt && draft.variant === 'ticket';
    if (!bound && !underWay) return leadTo(ctx, account.member ? '/cabinet' : '/join/question');
    const clientId = draft?.wayBack?.clientId;
    const record = clientId === undefined ? undefined : await clients.record(clientId);
    for (const address of addressesOf(record)) allowFormsTo(ctx, address);
    const portal = clientId !== undefined && record ? { portal: clientView(clientId, record).name } : {};
    if (!underWay) return ctx.render('join/done', { variant: 'ticket', ...portal });
    ctx.render('join/done', {
      variant: 'application',
      organisation: latest.organisation,
      kept: keepsRegister ? 'here' : latest.state === 'signed' ? 'waiting' : 'delivered',
      ...portal,
    });
  });

  const leave = async (ctx: GatewayContext, { account, draft }: Guest, to: string): Promise<void> => {
    readForm(ctx, {});
    // The way leads into this account: not into that of a colleague who has not signed out of this computer.
    const session = await liveSession(provider, ctx);
    if (session && session.accountId !== account.id) {
      await sessions.endSession(provider, session.accountId, session.uid);
    }
    // Later the person signs in as always: a wizard is no session.
    if (isFresh(draft)) await handover.give(ctx, { accountId: account.id, method: 'join', amr: ['pwd'] });
    await applicants.dismiss(ctx);
    leadTo(ctx, to);
  };
  const isFresh = (draft: Draft | undefined): boolean =>
    draft?.finishedAt !== undefined &&
    clock.now().getTime() - draft.finishedAt.getTime() < FRESH_MILLISECONDS;

  act('/done/cabinet', (ctx, guest) => leave(ctx, guest, '/cabinet'));
  act('/done/documents', (ctx, guest) => leave(ctx, guest, '/cabinet/documents'));
  act('/done/portal', (ctx, guest) => {
    const wayBack = guest.draft?.wayBack;
    return leave(ctx, guest, wayBack ? pathBack(wayBack) : '/cabinet');
  });
}
