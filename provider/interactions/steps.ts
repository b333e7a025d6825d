/** Routes below `/interaction/:uid`: a page to look at, a form to act on; whoever has no such interaction is told so. */
import type Router from '@koa/router';
import type { z } from 'zod';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody, type ReadForm } from '../http/form.ts';
import type { OpenInteraction, OpenInteractions } from './open-interaction.ts';

export type Steps = {
  visit(path: string, show: (ctx: GatewayContext, open: OpenInteraction) => Promise<void>): void;
  post<Fields extends z.ZodRawShape>(
    path: string,
    fields: Fields,
    act: (ctx: GatewayContext, open: OpenInteraction, form: z.output<z.ZodObject<Fields>>) => Promise<void>,
  ): void;
};

export function interactionSteps(
  router: Router<GatewayState>,
  readForm: ReadForm,
  interactions: OpenInteractions,
): Steps {
  return {
    visit(path, show) {
      router.get(path, async (raw) => {
        const ctx = raw as unknown as GatewayContext;
        // Whatever looks at an address in advance must not use up what the person comes for.
        if (ctx.method !== 'GET') throw new GatewayError('method_not_allowed');
        const open = await interactions.find(ctx);
        if (!open) return interactions.expired(ctx);
        await show(ctx, open);
      });
    },
    post(path, fields, act) {
      router.post(path, formBody(), async (raw) => {
        const ctx = raw as unknown as GatewayContext;
        const form = readForm(ctx, fields);
        const open = await interactions.find(ctx);
        if (!open) return interactions.expired(ctx);
        await act(ctx, open, form);
      });
    },
  };
}
