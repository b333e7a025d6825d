/**
 * «Осталось связать»: the account is proved to which an upstream's identity belongs – by its password or by a code from
 * the address both sides know – or a new one is asked for. Whether they fit together is decided elsewhere.
 */
import type { AccountStore, IdentifierKind } from '../../adapters/account-store/account-store.ts';
import type { Proved, Settlement, Settling } from '../accounts/settlement.ts';
import type { GatewayContext } from '../http/context.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import type { LoginMethod, Problem } from '../login/login-method.ts';
import type { PasswordInput } from '../login/password.ts';
import { type ConcludeNeeds, conclude, linkPath } from './conclude.ts';
import {
  type Addressee,
  addresseeOf,
  judgeLinkCode,
  type LinkCodeNeeds,
  mailLinkCode,
  maskedEmail,
} from './link-code.ts';
import { deviceOfBrowser } from './login.ts';
import type { OpenInteraction } from './open-interaction.ts';

export type LinkNeeds = ConcludeNeeds &
  LinkCodeNeeds & {
    readonly settling: Settling;
    readonly password: LoginMethod<PasswordInput>;
    readonly accounts: Pick<AccountStore, 'find'>;
    readonly secure: boolean;
  };

type Typed = { readonly by: IdentifierKind; readonly identifier: string; readonly problem?: Problem };

/** An identity that waits, and what is open to it at this moment. */
export type Waiting = OpenInteraction & {
  readonly proved: Proved;
  readonly settlement: Extract<Settlement, { readonly kind: 'prove' }>;
};

/**
 * Undefined after an answer was given: nothing waits any more, or what waited has been settled since – linked in another
 * tab, found in the register.
 */
export async function waitingIn(
  needs: LinkNeeds,
  ctx: GatewayContext,
  open: OpenInteraction,
): Promise<Waiting | undefined> {
  const { interaction } = open;
  const key = needs.pendingKeys.of(ctx, interaction.uid);
  const isDue = key !== undefined && interaction.prompt.name === 'login';
  const proved = isDue ? await needs.pendingIdentities.look(key) : undefined;
  if (!proved) {
    toSignIn(ctx, open);
    return undefined;
  }
  const settlement = await needs.settling.settle(ctx.state.origin, proved);
  if (settlement.kind === 'prove') return { ...open, proved, settlement };
  if (await take(needs, ctx, open)) await conclude(needs, ctx, open, proved, settlement);
  else toSignIn(ctx, open);
  return undefined;
}

export function showLink(
  ctx: GatewayContext,
  { interaction, client, ...waiting }: Waiting,
  typed: Typed,
): void {
  const { mailedCode, mayCreate } = waiting.settlement;
  const path = linkPath(interaction);
  allowFormsTo(ctx, String(interaction.params.redirect_uri));
  ctx.render('interaction/link', {
    client,
    ...typed,
    upstream: waiting.proved.upstream.name[ctx.state.locale],
    action: `${path}/password`,
    cancelAction: `${path}/cancel`,
    switchTo: { email: `${path}?by=email`, ticket: `${path}?by=ticket` },
    ...(mailedCode && { codeAction: `${path}/code` }),
    ...(mayCreate && { createAction: `${path}/create` }),
  });
}

export async function linkByPassword(
  needs: LinkNeeds,
  ctx: GatewayContext,
  waiting: Waiting,
  input: PasswordInput,
): Promise<void> {
  const { password, events, secure } = needs;
  const { interaction, client } = waiting;
  const { origin } = ctx.state;
  const outcome = await password.proceed(
    { source: origin.source, device: deviceOfBrowser(ctx, secure) },
    input,
  );
  if (outcome.kind === 'proved') {
    const accountId = outcome.identity.subject;
    if (!(await isProofEnough(needs, accountId))) {
      return refuseLink(needs, ctx, waiting, `link_${input.by}`, accountId, input);
    }
    return linkTo(needs, ctx, waiting, accountId);
  }

  if (outcome.kind === 'busy') {
    ctx.status = 503;
    ctx.set('Retry-After', String(outcome.retryAfter));
    allowFormsTo(ctx, String(interaction.params.redirect_uri));
    ctx.render('interaction/busy', {
      ...{ client, by: input.by, identifier: input.identifier, retryAfter: outcome.retryAfter },
      action: `${linkPath(interaction)}/password`,
    });
    return;
  }
  const accountId =
    outcome.kind === 'ask-again'
      ? outcome.accountId
      : outcome.kind === 'unconfirmed'
        ? outcome.registrationId
        : undefined;
  await events.signInRefused(origin, {
    method: `link_${input.by}`,
    reason: outcome.kind === 'ask-again' ? outcome.reason : outcome.kind,
    clientId: String(interaction.params.client_id),
    ...(accountId !== undefined && { accountId }),
  });
  const problem: Problem =
    outcome.kind === 'ask-again'
      ? outcome.problem
      : {
          field: 'form',
          code: outcome.kind === 'one-time' ? 'wrong_email_or_password' : 'link_unconfirmed',
        };
  ctx.status = problem.code === 'throttled' ? 429 : 422;
  showLink(ctx, waiting, { by: input.by, identifier: input.identifier, problem });
}

/** Undefined after the answer: there is no address that both sides know. */
export async function addresseeFor(
  needs: LinkNeeds,
  ctx: GatewayContext,
  { proved, settlement, interaction }: Waiting,
): Promise<Addressee | undefined> {
  const addressee = await addresseeOf(needs, proved, settlement);
  if (!addressee) {
    ctx.status = 303;
    ctx.redirect(linkPath(interaction));
  }
  return addressee;
}

export function showLinkCode(
  ctx: GatewayContext,
  { interaction, client, proved }: Waiting,
  { email }: Addressee,
  problem?: FieldProblem<'code'>,
): void {
  const path = linkPath(interaction);
  allowFormsTo(ctx, String(interaction.params.redirect_uri));
  ctx.render('interaction/link-code', {
    client,
    upstream: proved.upstream.name[ctx.state.locale],
    email: maskedEmail(email),
    ...(problem && { problem }),
    action: `${path}/code/check`,
    repeatAction: `${path}/code`,
    backPath: path,
  });
}

export async function sendLinkCode(
  needs: LinkNeeds,
  ctx: GatewayContext,
  waiting: Waiting,
  addressee: Addressee,
): Promise<void> {
  const problem = await mailLinkCode(needs, waiting.interaction.uid, waiting.proved, addressee);
  if (problem) {
    ctx.status = 429;
    return showLinkCode(ctx, waiting, addressee, problem);
  }
  ctx.status = 303;
  ctx.redirect(`${linkPath(waiting.interaction)}/code`);
}

export async function linkByCode(
  needs: LinkNeeds,
  ctx: GatewayContext,
  waiting: Waiting,
  addressee: Addressee,
  typed: string,
): Promise<void> {
  const { interaction, proved } = waiting;
  const problem = await judgeLinkCode(needs, interaction.uid, proved, addressee, typed);
  if (!problem) {
    const { accountId, email } = addressee;
    if (await isProofEnough(needs, accountId)) return linkTo(needs, ctx, waiting, accountId);
    return refuseLink(needs, ctx, waiting, 'link_code', accountId, { by: 'email', identifier: email });
  }
  await needs.events.signInRefused(ctx.state.origin, {
    ...{ method: 'link_code', reason: problem.code, accountId: addressee.accountId },
    clientId: String(interaction.params.client_id),
  });
  ctx.status = 422;
  showLinkCode(ctx, waiting, addressee, problem);
}

/** Another way in, once it is there, asks for nothing beside it: so she adds it who has shown a second proof. */
async function isProofEnough({ accounts }: LinkNeeds, accountId: string): Promise<boolean> {
  return (await accounts.find(accountId))?.alwaysAsked === undefined;
}

async function refuseLink(
  { events }: LinkNeeds,
  ctx: GatewayContext,
  waiting: Waiting,
  method: string,
  accountId: string,
  { by, identifier }: Pick<Typed, 'by' | 'identifier'>,
): Promise<void> {
  const code = 'link_needs_second_proof';
  const clientId = String(waiting.interaction.params.client_id);
  await events.signInRefused(ctx.state.origin, { method, reason: code, clientId, accountId });
  ctx.status = 422;
  showLink(ctx, waiting, { by, identifier, problem: { field: 'form', code } });
}

export async function createForIt(needs: LinkNeeds, ctx: GatewayContext, waiting: Waiting): Promise<void> {
  const { origin, locale } = ctx.state;
  await settleTaken(needs, ctx, waiting, (taken) => needs.settling.create(origin, taken, locale));
}

/** The pending identity is gone, and nobody has signed in. */
export async function cancelLink(
  needs: LinkNeeds,
  ctx: GatewayContext,
  open: OpenInteraction,
): Promise<void> {
  await take(needs, ctx, open);
  toSignIn(ctx, open);
}

function linkTo(needs: LinkNeeds, ctx: GatewayContext, waiting: Waiting, accountId: string): Promise<void> {
  const { origin } = ctx.state;
  return settleTaken(needs, ctx, waiting, (taken) => needs.settling.link(origin, taken, accountId));
}

/** Of two forms sent at once one goes on. */
async function settleTaken(
  needs: LinkNeeds,
  ctx: GatewayContext,
  open: OpenInteraction,
  act: (taken: Proved) => Promise<Settlement>,
): Promise<void> {
  const taken = await take(needs, ctx, open);
  if (!taken) return toSignIn(ctx, open);
  await conclude(needs, ctx, open, taken, await act(taken));
}

async function take(
  { pendingKeys, pendingIdentities }: LinkNeeds,
  ctx: GatewayContext,
  { interaction }: OpenInteraction,
): Promise<Proved | undefined> {
  const key = pendingKeys.of(ctx, interaction.uid);
  return key === undefined ? undefined : pendingIdentities.take(key);
}

function toSignIn(ctx: GatewayContext, { interaction }: OpenInteraction): void {
  ctx.status = 303;
  ctx.redirect(`/interaction/${interaction.uid}`);
}
