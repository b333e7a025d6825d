/**
 * Whoever has lost her devices and her paper asks that her mailbox counts again: a code proves that it is hers, and a day
 * goes by in which the owner, told by letter, only has to sign in to stop it.
 */
import type { Protections } from '../../adapters/authenticators/authenticators.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import { type CodeProblem, codeRefusal, judgeCode } from '../login/mailed-code.ts';
import { maskedEmail } from './link-code.ts';
import { pathOf, type StepUp } from './step-up.ts';
import { actOf, type MailedStepUpNeeds, mailCode } from './step-up-mail.ts';

export const WAITING_HOURS = 24;
const PURPOSE = 'lost-factor';

export type LostNeeds = MailedStepUpNeeds & {
  readonly protections: Pick<Protections, 'of' | 'letMailCount'>;
};

/** Throws bad_request for whoever has no need of it. */
function emailOf({ demand, proofs, account }: StepUp): string {
  const isShutOut = demand === 'second_proof' && proofs.email === undefined;
  if (!isShutOut || account.verifiedEmail === undefined) throw new GatewayError('bad_request');
  return account.verifiedEmail;
}

export async function showLost(
  { secrets }: LostNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
  problem?: CodeProblem,
): Promise<void> {
  const email = maskedEmail(emailOf(stepUp));
  const { mailCountsAt } = stepUp.protection;
  const path = pathOf(stepUp);
  const isCoded = (await secrets.issuedAt(PURPOSE, stepUp.session.accountId)) !== undefined;
  allowFormsTo(ctx, String(stepUp.interaction.params.redirect_uri));
  ctx.render('interaction/lost-factor', {
    ...{ client: stepUp.client, email },
    ...(mailCountsAt
      ? { mailCountsAt }
      : {
          sendAction: `${path}/step-up/lost`,
          ...(isCoded && { codeAction: `${path}/step-up/lost/code` }),
        }),
    ...(problem && {
      problem: problem.field === 'code' && !isCoded ? { ...problem, field: 'form' as const } : problem,
    }),
    backPath: path,
  });
}

export async function sendLostCode(needs: LostNeeds, ctx: GatewayContext, stepUp: StepUp): Promise<void> {
  emailOf(stepUp);
  const problem = await codeRefusal(needs.codes, stepUp.session.accountId);
  if (problem) {
    ctx.status = 429;
    return showLost(needs, ctx, stepUp, problem);
  }
  await mailCode(needs, stepUp, PURPOSE);
  ctx.status = 303;
  ctx.redirect(`${pathOf(stepUp)}/step-up/lost`);
}

export async function askForMail(
  needs: LostNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
  typed: string,
): Promise<void> {
  emailOf(stepUp);
  const { database, secrets, protections, post, events } = needs;
  const { accountId } = stepUp.session;
  const { origin } = ctx.state;
  const problem = await database.transaction(async (tx) => {
    const judged = await judgeCode(secrets, actOf(stepUp, PURPOSE), typed, tx);
    if (judged || !(await protections.letMailCount(accountId, WAITING_HOURS, tx))) return judged;
    const at = new Date(Date.now() + WAITING_HOURS * 3_600_000);
    const facts = { at, network: origin.network };
    await post.send({ template: 'factors-lost', to: { accountId }, facts }, tx);
    await events.factorsLost(origin, accountId, tx);
    return undefined;
  });
  if (problem) {
    ctx.status = 422;
    return showLost(needs, ctx, stepUp, problem);
  }
  ctx.status = 303;
  ctx.redirect(`${pathOf(stepUp)}/step-up/lost`);
}
