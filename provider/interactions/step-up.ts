/**
 * «Подтвердите вход»: a session that is not enough is raised by another proof of the same person – the same session, the
 * same account. Who demands it, and what comes next, the policy says; which proofs would do, is decided here.
 */
import type Provider from 'oidc-provider';
import type { Session } from 'oidc-provider';
import type { Account, AccountStore } from '../../adapters/account-store/account-store.ts';
import type { Protection, Protections } from '../../adapters/authenticators/authenticators.ts';
import type { StaffStore } from '../../adapters/staff-store/staff-store.ts';
import { PROTECTION } from '../cabinet/protection-page.ts';
import { goTo } from '../cabinet/rooms.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import { ACR_OF_TWO_PROOFS, reaches } from '../login/assurance.ts';
import { PASSWORD_DOOR } from '../oidc/own-metadata.ts';
import { levelAskedFor } from '../oidc/policy/entrance.ts';
import { stands } from '../oidc/standing.ts';
import { lastResortOf } from '../second-factor/lost-factors.ts';
import type { WaysBack } from '../second-factor/ways-back.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { Entrances } from './entrances.ts';
import { type Finish, liveSession } from './finish.ts';
import { readLetDown } from './let-down.ts';
import { maskedEmail } from './link-code.ts';
import type { OpenInteraction } from './open-interaction.ts';
import { type Demand, demandOf, isOnlyRaised, isOnlyWished } from './raised.ts';

export type StepUpNeeds = {
  readonly provider: Provider;
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly entrances: Pick<Entrances, 'of' | 'rules'>;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly protections: Pick<Protections, 'of'>;
  readonly staff: Pick<StaffStore, 'has'>;
  readonly waysBack: Pick<WaysBack, 'note'>;
  readonly finish: Finish;
};

/** Which of the proofs that would do she has. */
export type Proofs = {
  readonly codeApp: boolean;
  readonly passkey: boolean;
  readonly recoveryCode: boolean;
  /** The address a code can be mailed to. */
  readonly email?: string;
};

/** A session that a proof would raise, in the browser in which the interaction found it. */
export type StepUp = OpenInteraction & {
  readonly session: Session & { readonly accountId: string };
  readonly account: Account;
  readonly demand: Demand;
  readonly proofs: Proofs;
  readonly protection: Protection;
};

/** Undefined where no proof of hers would help: another page is due. */
export async function stepUpIn(
  needs: StepUpNeeds,
  ctx: GatewayContext,
  open: OpenInteraction,
): Promise<StepUp | undefined> {
  const { interaction } = open;
  if (!isOnlyRaised(interaction)) return undefined;
  const demand = demandOf(interaction);
  if (demand === 'level' && !(await isLevelWithinReach(needs, open))) return undefined;
  const session = await liveSession(needs.provider, ctx);
  // Somebody has signed out, or in, since: that session is not the one that was asked.
  if (!session || session.uid !== interaction.session?.uid) return undefined;
  if (session.accountId !== interaction.session.accountId) return undefined;
  if (demand === 'level' && reaches(session.acr, ACR_OF_TWO_PROOFS)) return undefined;
  const account = await needs.accounts.find(session.accountId);
  if (!account || !stands(account, session.loginTs)) return undefined;
  const protection = await needs.protections.of(account.id);
  const proofs = proofsFor(demand, account, protection);
  const isHelpless = !proofs.codeApp && !proofs.passkey && !proofs.recoveryCode && proofs.email === undefined;
  if (demand === 'level' && isHelpless) return undefined;
  return { ...open, session, account, demand, proofs, protection };
}

function proofsFor(
  demand: Demand,
  { verifiedEmail, alwaysAsked }: Account,
  { codeApps, passkeys, recoveryCodes }: Protection,
): Proofs {
  // Where she wants a second proof each time, her mailbox is none: a new password is sent there, too.
  const mailCounts =
    demand === 'level' ? (alwaysAsked?.mailCounts ?? true) : (alwaysAsked?.mailCounts ?? false);
  const isDevice = demand === 'own_device';
  return {
    codeApp: codeApps > 0,
    passkey: passkeys > 0,
    recoveryCode: !isDevice && recoveryCodes > 0,
    ...(!isDevice && mailCounts && verifiedEmail !== undefined && { email: verifiedEmail }),
  };
}

/** What is wished or demanded by name can be had by another proof, and that proof leads in. */
async function isLevelWithinReach(
  { entrances }: StepUpNeeds,
  { interaction }: OpenInteraction,
): Promise<boolean> {
  const { allowed, least } = await entrances.rules(interaction);
  if (!(allowed?.has(PASSWORD_DOOR) ?? true) || (least && !reaches(ACR_OF_TWO_PROOFS, least))) return false;
  const { reasons, details } = interaction.prompt;
  if (reasons.some((reason) => reason.startsWith('essential_'))) {
    const { value, values = [] } = (details as { acr?: { value?: unknown; values?: unknown[] } }).acr ?? {};
    return value === ACR_OF_TWO_PROOFS || values.includes(ACR_OF_TWO_PROOFS);
  }
  if (!isOnlyWished(interaction)) return true;
  const wished = levelAskedFor(interaction.params.acr_values);
  return wished !== undefined && reaches(ACR_OF_TWO_PROOFS, wished);
}

export const pathOf = ({ interaction }: OpenInteraction) => `/interaction/${interaction.uid}`;

export async function showStepUp(
  needs: StepUpNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
  problem?: FieldProblem<'code'>,
): Promise<void> {
  const { interaction, client, demand, proofs } = stepUp;
  const { failed, refusal } = readLetDown(ctx, needs.upstreams);
  const { upstreams, outages } = await needs.entrances.of(ctx, interaction, failed);
  const path = pathOf(stepUp);
  const isShutOut = (await lostOf(needs, stepUp)) !== undefined;
  allowFormsTo(ctx, String(interaction.params.redirect_uri));
  ctx.render('interaction/step-up', {
    ...{ client, outages, demand },
    upstreams: upstreams.map((one) => ({ ...one, path: `${path}/upstream/${one.id}` })),
    ...(refusal && { refusal: { code: refusal.reason, name: refusal.upstream.name[ctx.state.locale] } }),
    ...(problem && { problem }),
    ...(proofs.passkey && {
      passkey: { action: `${path}/step-up/passkey`, optionsAction: `${path}/passkey/options` },
    }),
    ...(proofs.codeApp && { appAction: `${path}/step-up/app` }),
    ...(proofs.email !== undefined && {
      mail: { action: `${path}/step-up/send`, email: maskedEmail(proofs.email) },
    }),
    ...(proofs.recoveryCode && { recoveryPath: `${path}/step-up/recovery` }),
    ...(mayAddDevice(stepUp) && {
      newDevice: { action: `${path}/step-up/device`, paper: stepUp.protection.recoveryCodes > 0 },
    }),
    ...(isShutOut && { lostPath: `${path}/step-up/lost` }),
    ...(isOnlyWished(interaction) && { laterAction: `${path}/step-up/later` }),
    cancelAction: `${path}/abort`,
  });
}

/** Whoever has no device that would do, or has paper for the case that she has lost it. */
const mayAddDevice = ({ demand, proofs, protection }: StepUp): boolean =>
  demand === 'own_device' && (protection.recoveryCodes > 0 || !(proofs.codeApp || proofs.passkey));

/** To «Защита входа», where paper counts, and then back to where she was going. */
export async function toNewDevice(
  { waysBack }: StepUpNeeds,
  ctx: GatewayContext,
  stepUp: StepUp,
): Promise<void> {
  if (!mayAddDevice(stepUp)) throw new GatewayError('bad_request');
  await waysBack.note(stepUp.session.uid, stepUp.interaction.params.state);
  goTo(ctx, PROTECTION);
}

/** The address that may count, when she has lost whatever she wanted to be asked for. */
export async function lostOf(
  needs: Pick<StepUpNeeds, 'staff'>,
  { demand, proofs, account }: StepUp,
): Promise<string | undefined> {
  const isShutOut = demand === 'second_proof' && proofs.email === undefined;
  return isShutOut ? lastResortOf(needs, account) : undefined;
}

/** Throws bad_request where the level is demanded. */
export async function putOff({ finish }: StepUpNeeds, ctx: GatewayContext, stepUp: StepUp): Promise<void> {
  if (!isOnlyWished(stepUp.interaction)) throw new GatewayError('bad_request');
  await finish.unraised(ctx, stepUp.interaction, stepUp.session);
}
