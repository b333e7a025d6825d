/** Raising a session by what she has herself: a code of her application, a code of her paper, a passkey. */
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import { AMR_OF_APP, AMR_OF_RECOVERY } from '../login/assurance.ts';
import { APP_METHOD, PASSKEY_METHOD, RECOVERY_METHOD } from '../login/login-method.ts';
import type { CodeProblem } from '../login/mailed-code.ts';
import { type JudgeCodeNeeds, judgeAppCode, judgeRecoveryCode } from '../second-factor/judge-code.ts';
import type { PasskeyParty } from '../second-factor/passkeys.ts';
import type { Proof } from './finish.ts';
import { pathOf, type StepUp, type StepUpNeeds, showStepUp } from './step-up.ts';

export type OwnStepUpNeeds = StepUpNeeds &
  JudgeCodeNeeds & { readonly passkeyParty: Pick<PasskeyParty, 'prove'>; readonly events: Events };

const statusOf = ({ code }: CodeProblem): number => (code === 'throttled' ? 429 : 422);

export async function raiseByAppCode(
  needs: OwnStepUpNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
  typed: string,
): Promise<void> {
  const problem = await judgeAppCode(needs, stepUp.session.accountId, typed);
  if (!problem) return raise(needs, ctx, stepUp, { method: APP_METHOD, amr: AMR_OF_APP });
  await refused(needs, ctx, stepUp, APP_METHOD, problem.code);
  ctx.status = statusOf(problem);
  await showStepUp(needs, ctx, stepUp, problem);
}

export function showRecovery(ctx: GatewayContext, stepUp: StepUp, problem?: CodeProblem): void {
  const path = pathOf(stepUp);
  allowFormsTo(ctx, String(stepUp.interaction.params.redirect_uri));
  ctx.render('interaction/recovery-code', {
    client: stepUp.client,
    left: stepUp.protection.recoveryCodes,
    ...(problem && { problem }),
    action: `${path}/step-up/recovery`,
    backPath: path,
  });
}

export async function raiseByRecoveryCode(
  needs: OwnStepUpNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
  typed: string,
): Promise<void> {
  const problem = await judgeRecoveryCode(needs, stepUp.session.accountId, ctx.state.origin, typed);
  if (!problem) return raise(needs, ctx, stepUp, { method: RECOVERY_METHOD, amr: AMR_OF_RECOVERY });
  await refused(needs, ctx, stepUp, RECOVERY_METHOD, problem.code);
  ctx.status = statusOf(problem);
  showRecovery(ctx, stepUp, problem);
}

export async function raiseByPasskey(
  needs: OwnStepUpNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
  answer: string,
): Promise<void> {
  const { interaction, session } = stepUp;
  const proof = await needs.passkeyParty.prove(`prove:${interaction.uid}`, answer);
  if (proof.kind === 'proved' && proof.accountId === session.accountId) {
    return raise(needs, ctx, stepUp, { method: PASSKEY_METHOD, amr: proof.amr });
  }
  // Somebody else's key is as good as none.
  const code = proof.kind === 'refused' ? 'passkey_refused' : 'passkey_unknown';
  await refused(needs, ctx, stepUp, PASSKEY_METHOD, code);
  ctx.status = 422;
  await showStepUp(needs, ctx, stepUp, { field: 'form', code });
}

const raise = (
  { finish }: OwnStepUpNeeds,
  ctx: GatewayContext,
  { interaction, session }: StepUp,
  proof: Proof,
) => finish.raised(ctx, interaction, session, proof);

function refused(
  { events }: OwnStepUpNeeds,
  ctx: GatewayContext,
  { interaction, session }: StepUp,
  method: string,
  reason: string,
): Promise<void> {
  const clientId = String(interaction.params.client_id);
  return events.signInRefused(ctx.state.origin, { method, reason, clientId, accountId: session.accountId });
}
