/** Hands one fact back to oidc-provider, which then decides anew what comes next. The only file that does. */
import type Provider from 'oidc-provider';
import type { Interaction, InteractionResults, Session } from 'oidc-provider';
import type { EduRole } from '../../adapters/school-register/school-register.ts';
import type { GatewayContext } from '../http/context.ts';
import { type Acr, acrRaised } from '../login/assurance.ts';
import type { Amr } from '../login/login-method.ts';
import type { SessionEnder } from '../oidc/end-session.ts';
import type { ResumeBinding } from './resume-binding.ts';

export type SignIn = {
  readonly accountId: string;
  readonly method: string;
  readonly acr: Acr;
  readonly amr: readonly Amr[];
  /** False: the session ends with the browser («Чужой компьютер»). */
  readonly remember: boolean;
  /** Seconds since the epoch: when it was proved elsewhere; absent: now. */
  readonly since?: number;
};

/** What has joined a session: by what, and what it is worth. */
export type Proof = { readonly method: string; readonly amr: readonly Amr[] };

export type Finish = {
  signedIn(ctx: GatewayContext, interaction: Interaction, signIn: SignIn): Promise<void>;
  /** Another tab has signed in meanwhile: its session answers this request, too. */
  alreadySignedIn(ctx: GatewayContext, interaction: Interaction, session: Session): Promise<void>;
  /** The session goes on as it is: she need not show more, and has not. */
  unraised(ctx: GatewayContext, interaction: Interaction, session: Session): Promise<void>;
  /** Another proof has joined this session. */
  raised(ctx: GatewayContext, interaction: Interaction, session: Session, proof: Proof): Promise<void>;
  consented(ctx: GatewayContext, interaction: Interaction, grantId: string): Promise<void>;
  /** As whom she enters ЭПОС. */
  roleChosen(ctx: GatewayContext, interaction: Interaction, role: EduRole): Promise<void>;
  /** Signed, or put off: the policy looks for itself which. */
  documentDecided(ctx: GatewayContext, interaction: Interaction): Promise<void>;
  /** The relying party receives `access_denied` (RFC 6749 §4.1.2.1). */
  refused(ctx: GatewayContext, interaction: Interaction): Promise<void>;
};

export function finish(provider: Provider, binding: ResumeBinding, sessions: SessionEnder): Finish {
  const resume = async (ctx: GatewayContext, interaction: Interaction, result: InteractionResults) => {
    interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
    await interaction.persist();
    binding.bind(ctx, interaction.uid);
    ctx.status = 303;
    ctx.redirect(interaction.returnTo);
  };

  return {
    async signedIn(ctx, interaction, { amr, since, ...login }) {
      // A session of somebody else in this browser ends first, as if she had signed out.
      const session = await liveSession(provider, ctx);
      if (session && session.accountId !== login.accountId) {
        await sessions.endSession(provider, session.accountId, session.uid);
        Object.assign(interaction, { session: undefined });
      }
      // Said here, because a consent page may come before the library looks at its clock again.
      const ts = since ?? Math.floor(Date.now() / 1_000);
      await resume(ctx, interaction, { login: { ...login, amr: [...amr], ts } });
    },
    async alreadySignedIn(ctx, interaction, session) {
      await resume(ctx, interaction, { login: loginOf(session) });
    },
    async unraised(ctx, interaction, session) {
      // By what she has just come in, if she has: it is counted now that nothing more is asked.
      const cameBy = interaction.lastSubmission?.login?.method;
      await resume(ctx, interaction, { login: loginOf(session), ...(cameBy !== undefined && { cameBy }) });
    },
    async raised(ctx, interaction, session, { method, amr: joined }) {
      // As old as the older of the two proofs: the session lives no longer for it.
      const { amr = [], ...login } = loginOf(session);
      const acr = acrRaised(session);
      const raised = { ...(acr !== undefined && { acr }), amr: [...new Set([...amr, ...joined])], method };
      await resume(ctx, interaction, { login: { ...login, ...raised } });
    },
    async consented(ctx, interaction, grantId) {
      await resume(ctx, interaction, { consent: { grantId } });
    },
    async roleChosen(ctx, interaction, role) {
      await resume(ctx, interaction, { role: { role } });
    },
    async documentDecided(ctx, interaction) {
      await resume(ctx, interaction, { documents: {} });
    },
    async refused(ctx, interaction) {
      await resume(ctx, interaction, { error: 'access_denied', error_description: 'the person refused' });
    },
  };
}

function loginOf({ accountId, acr, amr, loginTs, transient }: Session) {
  if (accountId === undefined) throw new TypeError('a session without an account is nobody');
  return {
    accountId,
    remember: !transient,
    ...(acr !== undefined && { acr }),
    ...(amr !== undefined && { amr }),
    ...(loginTs !== undefined && { ts: loginTs }),
  };
}

/** The signed-in session of this browser; asks the storage only when there is a cookie. */
export async function liveSession(
  provider: Provider,
  ctx: GatewayContext,
): Promise<(Session & { accountId: string }) | undefined> {
  if (!ctx.cookies.get(provider.cookieName('session'), { signed: true })) return undefined;
  const session = await provider.Session.get(ctx as never);
  return session.accountId === undefined ? undefined : (session as Session & { accountId: string });
}
