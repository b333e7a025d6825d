/**
 * «Подтвердите вход»: a session whose password is proved, and whose level is not enough, is raised by a code mailed to the
 * confirmed address – the same session, the same account. Who demands the level, and what comes next, the policy says.
 */
import { createHash } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { Session } from 'oidc-provider';
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import type { Post } from '../letters/post.ts';
import { ACR_OF_TWO_PROOFS, reaches } from '../login/assurance.ts';
import { CODE_METHOD } from '../login/login-method.ts';
import { CODE_MINUTES, type CodeProblem, codeRefusal, issueCode, judgeCode } from '../login/mailed-code.ts';
import { PASSWORD_DOOR } from '../oidc/own-metadata.ts';
import { levelAskedFor } from '../oidc/policy/entrance.ts';
import { stands } from '../oidc/standing.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { Entrances } from './entrances.ts';
import { type Finish, liveSession } from './finish.ts';
import { readLetDown } from './let-down.ts';
import { maskedEmail } from './link-code.ts';
import type { OpenInteraction } from './open-interaction.ts';
import { isOnlyRaised, isOnlyWished } from './raised.ts';

const PURPOSE = 'step-up';

export type StepUpNeeds = {
  readonly provider: Provider;
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly entrances: Pick<Entrances, 'of' | 'rules'>;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly database: Database;
  readonly secrets: OneTimeSecrets;
  readonly codes: Limiter;
  readonly post: Post;
  readonly finish: Finish;
  readonly events: Events;
};

/** A session that a code would raise, in the browser in which the interaction found it. */
export type StepUp = OpenInteraction & {
  readonly session: Session & { readonly accountId: string };
  readonly email: string;
};

/** Undefined where a code would not help: another page is due. */
export async function stepUpIn(
  needs: StepUpNeeds,
  ctx: GatewayContext,
  open: OpenInteraction,
): Promise<StepUp | undefined> {
  const { interaction } = open;
  if (!isOnlyRaised(interaction) || !isWithinReach(open)) return undefined;
  const { allowed, least } = await needs.entrances.rules(interaction);
  if (!(allowed?.has(PASSWORD_DOOR) ?? true) || (least && !reaches(ACR_OF_TWO_PROOFS, least)))
    return undefined;
  const session = await liveSession(needs.provider, ctx);
  // Somebody has signed out, or in, since: that session is not the one that was asked.
  if (!session || session.uid !== interaction.session?.uid) return undefined;
  if (session.accountId !== interaction.session.accountId) return undefined;
  if (!session.amr?.includes('pwd') || reaches(session.acr, ACR_OF_TWO_PROOFS)) return undefined;
  const account = await needs.accounts.find(session.accountId);
  const email = account?.verifiedEmail;
  return account && email !== undefined && stands(account, session.loginTs)
    ? { ...open, session, email }
    : undefined;
}

/** What is wished or demanded by name can be had by a code. */
function isWithinReach({ interaction }: OpenInteraction): boolean {
  const { reasons, details } = interaction.prompt;
  if (reasons.some((reason) => reason.startsWith('essential_'))) {
    const { value, values = [] } = (details as { acr?: { value?: unknown; values?: unknown[] } }).acr ?? {};
    return value === ACR_OF_TWO_PROOFS || values.includes(ACR_OF_TWO_PROOFS);
  }
  if (!isOnlyWished(interaction)) return true;
  const wished = levelAskedFor(interaction.params.acr_values);
  return wished !== undefined && reaches(ACR_OF_TWO_PROOFS, wished);
}

const pathOf = ({ interaction }: OpenInteraction) => `/interaction/${interaction.uid}`;

export async function showStepUp(
  needs: StepUpNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
  problem?: CodeProblem,
): Promise<void> {
  const { interaction, client, email } = stepUp;
  const { failed, refusal } = readLetDown(ctx, needs.upstreams);
  const { upstreams, outages } = await needs.entrances.of(ctx, interaction, failed);
  const path = pathOf(stepUp);
  allowFormsTo(ctx, String(interaction.params.redirect_uri));
  ctx.render('interaction/step-up', {
    ...{ client, outages, email: maskedEmail(email) },
    upstreams: upstreams.map((one) => ({ ...one, path: `${path}/upstream/${one.id}` })),
    ...(refusal && { refusal: { code: refusal.reason, name: refusal.upstream.name[ctx.state.locale] } }),
    ...(problem && { problem }),
    sendAction: `${path}/step-up/send`,
    ...(isOnlyWished(interaction) && { laterAction: `${path}/step-up/later` }),
    cancelAction: `${path}/abort`,
  });
}

export async function sendStepUpCode(needs: StepUpNeeds, ctx: GatewayContext, stepUp: StepUp): Promise<void> {
  const { accountId } = stepUp.session;
  const problem = await codeRefusal(needs.codes, accountId);
  if (problem) {
    ctx.status = 429;
    return showStepUp(needs, ctx, stepUp, problem);
  }
  await needs.database.transaction(async (tx) => {
    const code = await issueCode(needs.secrets, actOf(stepUp), tx);
    const facts = { code, minutes: CODE_MINUTES };
    await needs.post.send({ template: 'step-up-code', to: { accountId }, facts }, tx);
  });
  ctx.status = 303;
  ctx.redirect(`${pathOf(stepUp)}/step-up/code`);
}

export async function showStepUpCode(
  { secrets }: StepUpNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
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
    email: maskedEmail(stepUp.email),
    ...(problem && { problem }),
    action: `${path}/step-up/code`,
    repeatAction: `${path}/step-up/send`,
    backPath: path,
  });
}

export async function raiseByCode(
  needs: StepUpNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
  typed: string,
): Promise<void> {
  const { interaction, session } = stepUp;
  const { database, secrets, events, finish } = needs;
  const problem = await database.transaction((tx) => judgeCode(secrets, actOf(stepUp), typed, tx));
  if (!problem) return finish.raised(ctx, interaction, session);
  await events.signInRefused(ctx.state.origin, {
    ...{ method: CODE_METHOD, reason: problem.code, accountId: session.accountId },
    clientId: String(interaction.params.client_id),
  });
  ctx.status = 422;
  await showStepUpCode(needs, ctx, stepUp, problem);
}

/** Throws bad_request where the level is demanded. */
export async function putOff({ finish }: StepUpNeeds, ctx: GatewayContext, stepUp: StepUp): Promise<void> {
  if (!isOnlyWished(stepUp.interaction)) throw new GatewayError('bad_request');
  await finish.alreadySignedIn(ctx, stepUp.interaction, stepUp.session);
}

/** Of this interaction and this session: a code that was asked for anywhere else raises nothing here. */
function actOf({ interaction, session }: StepUp) {
  const binding = createHash('sha256')
    .update(JSON.stringify([interaction.uid, session.uid]))
    .digest('base64url');
  return { purpose: PURPOSE, subject: session.accountId, binding } as const;
}
