/** The addresses of raising a session within one interaction; each is there only while its proof would do. */
import { z } from 'zod';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { OpenInteraction } from './open-interaction.ts';
import { type Proofs, pathOf, putOff, type StepUp, stepUpIn, toNewDevice } from './step-up.ts';
import { askForMail, type StepUpLostNeeds, sendLostCode, showLost } from './step-up-lost.ts';
import {
  type MailedStepUpNeeds,
  raiseByMailedCode,
  type StepUpByMail,
  sendStepUpCode,
  showStepUpCode,
} from './step-up-mail.ts';
import {
  type OwnStepUpNeeds,
  raiseByAppCode,
  raiseByPasskey,
  raiseByRecoveryCode,
  showRecovery,
} from './step-up-own.ts';
import type { Steps } from './steps.ts';

export type StepUpRouteNeeds = MailedStepUpNeeds & StepUpLostNeeds & OwnStepUpNeeds;

const codeForm = { code: z.string().max(100) };
export const passkeyForm = { response: z.string().max(20_000) };
type Code = { readonly code: string };
type Answer = { readonly response: string };

export function addStepUpRoutes({ visit, post }: Steps, needs: StepUpRouteNeeds): void {
  /** Where no proof helps, the page that does. */
  const raising =
    <Rest extends readonly unknown[]>(
      act: (ctx: GatewayContext, stepUp: StepUp, ...rest: Rest) => Promise<void> | void,
    ) =>
    async (ctx: GatewayContext, open: OpenInteraction, ...rest: Rest): Promise<void> => {
      const stepUp = await stepUpIn(needs, ctx, open);
      if (stepUp) return act(ctx, stepUp, ...rest);
      toPage(ctx, open);
    };
  /** A proof that she does not have, or that would not do here, has no address. */
  const raisingBy = <Rest extends readonly unknown[]>(
    proof: Exclude<keyof Proofs, 'email'>,
    act: (ctx: GatewayContext, stepUp: StepUp, ...rest: Rest) => Promise<void> | void,
  ) =>
    raising((ctx, stepUp, ...rest: Rest) => {
      if (!stepUp.proofs[proof]) throw new GatewayError('bad_request');
      return act(ctx, stepUp, ...rest);
    });
  const raisingByMail = <Rest extends readonly unknown[]>(
    act: (ctx: GatewayContext, stepUp: StepUpByMail, ...rest: Rest) => Promise<void>,
  ) =>
    raising((ctx, stepUp, ...rest: Rest) => {
      const { email } = stepUp.proofs;
      if (email === undefined) return toPage(ctx, stepUp);
      return act(ctx, { ...stepUp, proofs: { ...stepUp.proofs, email } }, ...rest);
    });

  post(
    '/step-up/send',
    {},
    raisingByMail((ctx, stepUp) => sendStepUpCode(needs, ctx, stepUp)),
  );
  visit(
    '/step-up/code',
    raisingByMail((ctx, stepUp) => showStepUpCode(needs, ctx, stepUp)),
  );
  post(
    '/step-up/code',
    codeForm,
    raisingByMail((ctx, stepUp, { code }: Code) => raiseByMailedCode(needs, ctx, stepUp, code)),
  );
  post(
    '/step-up/app',
    codeForm,
    raisingBy('codeApp', (ctx, stepUp, { code }: Code) => raiseByAppCode(needs, ctx, stepUp, code)),
  );
  post(
    '/step-up/passkey',
    passkeyForm,
    raisingBy('passkey', (ctx, stepUp, { response }: Answer) => raiseByPasskey(needs, ctx, stepUp, response)),
  );
  visit(
    '/step-up/recovery',
    raisingBy('recoveryCode', (ctx, stepUp) => showRecovery(ctx, stepUp)),
  );
  post(
    '/step-up/recovery',
    codeForm,
    raisingBy('recoveryCode', (ctx, stepUp, { code }: Code) => raiseByRecoveryCode(needs, ctx, stepUp, code)),
  );
  visit(
    '/step-up/lost',
    raising((ctx, stepUp) => showLost(needs, ctx, stepUp)),
  );
  post(
    '/step-up/lost',
    {},
    raising((ctx, stepUp) => sendLostCode(needs, ctx, stepUp)),
  );
  post(
    '/step-up/lost/code',
    codeForm,
    raising((ctx, stepUp, { code }: Code) => askForMail(needs, ctx, stepUp, code)),
  );
  post(
    '/step-up/device',
    {},
    raising((ctx, stepUp) => toNewDevice(needs, ctx, stepUp)),
  );
  post(
    '/step-up/later',
    {},
    raising((ctx, stepUp) => putOff(needs, ctx, stepUp)),
  );
}

function toPage(ctx: GatewayContext, open: OpenInteraction): void {
  ctx.status = 303;
  ctx.redirect(pathOf(open));
}
