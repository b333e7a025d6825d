/** Raising a session by a code mailed to the confirmed address, where that is proof enough. */
import { createHash } from 'node:crypto';
import type { Database } from '../../adapters/database/database.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { OneTimeSecrets, Purpose } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import type { Post } from '../letters/post.ts';
import { AMR_OF_MAILED_CODE } from '../login/assurance.ts';
import { CODE_METHOD } from '../login/login-method.ts';
import { CODE_MINUTES, type CodeProblem, codeRefusal, issueCode, judgeCode } from '../login/mailed-code.ts';
import { maskedEmail } from './link-code.ts';
import { pathOf, type StepUp, type StepUpNeeds, showStepUp } from './step-up.ts';

const PURPOSE = 'step-up';

export type MailedStepUpNeeds = StepUpNeeds & {
  readonly database: Database;
  readonly secrets: OneTimeSecrets;
  readonly codes: Limiter;
  readonly post: Post;
  readonly events: Events;
};

export type StepUpByMail = StepUp & { readonly proofs: { readonly email: string } };

export async function sendStepUpCode(
  needs: MailedStepUpNeeds,
  ctx: GatewayContext,
  stepUp: StepUpByMail,
): Promise<void> {
  const { accountId } = stepUp.session;
  const problem = await codeRefusal(needs.codes, accountId);
  if (problem) {
    ctx.status = 429;
    return showStepUp(needs, ctx, stepUp, problem);
  }
  const { database, secrets, post } = needs;
  await database.transaction(async (tx) => {
    const code = await issueCode(secrets, actOf(stepUp, PURPOSE), tx);
    const facts = { code, minutes: CODE_MINUTES, purpose: 'portal' as const };
    await post.send({ template: 'step-up-code', to: { accountId }, facts }, tx);
  });
  ctx.status = 303;
  ctx.redirect(`${pathOf(stepUp)}/step-up/code`);
}

export async function showStepUpCode(
  { secrets }: MailedStepUpNeeds,
  ctx: GatewayContext,
  stepUp: StepUpByMail,
  problem?: CodeProblem,
): Promise<void> {
  const path = pathOf(stepUp);
  const isSent = problem !== undefined || (await secrets.issuedAt(PURPOSE, stepUp.session.accountId));
  if (!isSent) {
    ctx.status = 303;
    ctx.redirect(path);
    return;
  }
  allowFormsTo(ctx, String(stepUp.interaction.params.redirect_uri));
  ctx.render('interaction/step-up-code', {
    client: stepUp.client,
    email: maskedEmail(stepUp.proofs.email),
    ...(problem && { problem }),
    action: `${path}/step-up/code`,
    repeatAction: `${path}/step-up/send`,
    backPath: path,
  });
}

export async function raiseByMailedCode(
  needs: MailedStepUpNeeds,
  ctx: GatewayContext,
  stepUp: StepUpByMail,
  typed: string,
): Promise<void> {
  const { interaction, session } = stepUp;
  const { database, secrets, events, finish } = needs;
  const problem = await database.transaction((tx) => judgeCode(secrets, actOf(stepUp, PURPOSE), typed, tx));
  if (!problem) {
    return finish.raised(ctx, interaction, session, { method: CODE_METHOD, amr: AMR_OF_MAILED_CODE });
  }
  await events.signInRefused(ctx.state.origin, {
    ...{ method: CODE_METHOD, reason: problem.code, accountId: session.accountId },
    clientId: String(interaction.params.client_id),
  });
  ctx.status = 422;
  await showStepUpCode(needs, ctx, stepUp, problem);
}

/** Of this interaction and this session: a code that was asked for anywhere else raises nothing here. */
export function actOf<P extends Purpose>({ interaction, session }: StepUp, purpose: P) {
  const binding = createHash('sha256')
    .update(JSON.stringify([interaction.uid, session.uid]))
    .digest('base64url');
  return { purpose, subject: session.accountId, binding };
}
