/** The addresses of raising a session by a mailed code, within one interaction. */
import { z } from 'zod';
import type { GatewayContext } from '../http/context.ts';
import type { OpenInteraction } from './open-interaction.ts';
import {
  putOff,
  raiseByCode,
  type StepUp,
  type StepUpNeeds,
  sendStepUpCode,
  showStepUpCode,
  stepUpIn,
} from './step-up.ts';
import type { Steps } from './steps.ts';

const codeForm = { code: z.string().max(100) };

export function addStepUpRoutes({ visit, post }: Steps, needs: StepUpNeeds): void {
  /** Where a code does not help, the page that does. */
  const raising =
    <Rest extends readonly unknown[]>(
      act: (needs: StepUpNeeds, ctx: GatewayContext, stepUp: StepUp, ...rest: Rest) => Promise<void>,
    ) =>
    async (ctx: GatewayContext, open: OpenInteraction, ...rest: Rest): Promise<void> => {
      const stepUp = await stepUpIn(needs, ctx, open);
      if (stepUp) return act(needs, ctx, stepUp, ...rest);
      ctx.status = 303;
      ctx.redirect(`/interaction/${open.interaction.uid}`);
    };

  post(
    '/step-up/send',
    {},
    raising((all, ctx, stepUp) => sendStepUpCode(all, ctx, stepUp)),
  );
  visit(
    '/step-up/code',
    raising((all, ctx, stepUp) => showStepUpCode(all, ctx, stepUp)),
  );
  post(
    '/step-up/code',
    codeForm,
    raising((all, ctx, stepUp, { code }: { code: string }) => raiseByCode(all, ctx, stepUp, code)),
  );
  post(
    '/step-up/later',
    {},
    raising((all, ctx, stepUp) => putOff(all, ctx, stepUp)),
  );
}
