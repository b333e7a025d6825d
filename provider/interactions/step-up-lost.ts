/** «Нет ни устройства, ни резервных кодов?», on the way into a portal. */
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import type { CodeProblem } from '../login/mailed-code.ts';
import {
  beginWaiting,
  LOST_PURPOSE,
  type LostFactorNeeds,
  mailLostCode,
} from '../second-factor/lost-factors.ts';
import { maskedEmail } from './link-code.ts';
import { lostOf, pathOf, type StepUp, type StepUpNeeds } from './step-up.ts';
import { actOf } from './step-up-mail.ts';

export type StepUpLostNeeds = StepUpNeeds & LostFactorNeeds;

export async function showLost(
  needs: StepUpLostNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
  problem?: CodeProblem,
): Promise<void> {
  const email = await lostOf(needs, stepUp);
  if (email === undefined) throw new GatewayError('bad_request');
  const { mailCountsAt } = stepUp.protection;
  const path = pathOf(stepUp);
  const isCoded = (await needs.secrets.issuedAt(LOST_PURPOSE, stepUp.session.accountId)) !== undefined;
  allowFormsTo(ctx, String(stepUp.interaction.params.redirect_uri));
  ctx.render('interaction/lost-factor', {
    ...{ client: stepUp.client, email: maskedEmail(email), backPath: path },
    ...(mailCountsAt && { mailCountsAt }),
    sendAction: `${path}/step-up/lost`,
    ...(isCoded && { codeAction: `${path}/step-up/lost/code` }),
    // A code that has expired meanwhile has no field any more.
    ...(problem && { problem: isCoded ? problem : { ...problem, field: 'form' } }),
  });
}

export async function sendLostCode(
  needs: StepUpLostNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
): Promise<void> {
  const problem = await mailLostCode(needs, stepUp.account, actOf(stepUp, LOST_PURPOSE));
  if (problem) ctx.status = 429;
  await (problem ? showLost(needs, ctx, stepUp, problem) : back(ctx, stepUp));
}

export async function askForMail(
  needs: StepUpLostNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
  typed: string,
): Promise<void> {
  const act = actOf(stepUp, LOST_PURPOSE);
  const problem = await beginWaiting(needs, stepUp.account, ctx.state.origin, act, typed);
  if (problem) ctx.status = 422;
  await (problem ? showLost(needs, ctx, stepUp, problem) : back(ctx, stepUp));
}

function back(ctx: GatewayContext, stepUp: StepUp): void {
  ctx.status = 303;
  ctx.redirect(`${pathOf(stepUp)}/step-up/lost`);
}
