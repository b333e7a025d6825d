/** Addresses of a document before entry; what happens there is document.ts. */
import type Router from '@koa/router';
import { z } from 'zod';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody, type ReadForm } from '../http/form.ts';
import { paramOf } from '../http/param.ts';
import {
  type DocumentNeeds,
  type DocumentSteps,
  type DocumentVisit,
  documentForm,
  documentVisit,
} from './document.ts';
import type { OpenInteractions } from './open-interaction.ts';

export type DocumentRouteNeeds = Pick<DocumentNeeds, 'provider' | 'accounts'> & {
  readonly documentSteps: DocumentSteps;
  readonly readForm: ReadForm;
};

const codeForm = { code: z.string().max(100) };

/** Below `/interaction/:uid`. */
export function addDocumentRoutes(
  router: Router<GatewayState>,
  needs: DocumentRouteNeeds,
  { find, expired }: OpenInteractions,
): void {
  const { documentSteps: steps, readForm } = needs;
  const withVisit = async (
    raw: unknown,
    step: (ctx: GatewayContext, visit: DocumentVisit) => Promise<void>,
  ): Promise<void> => {
    const ctx = raw as GatewayContext;
    const found = await find(ctx);
    const visit = found && (await documentVisit(needs, ctx, found));
    if (!visit) return expired(ctx);
    await step(ctx, visit);
  };
  const signingOf = (ctx: GatewayContext) => paramOf(ctx, 'signing');

  router.get('/document/needed', (raw) => withVisit(raw, steps.needed));
  router.get('/document/:signing/code', (raw) =>
    withVisit(raw, (ctx, visit) => steps.code(ctx, visit, signingOf(ctx))),
  );
  router.post('/document', formBody(), (raw) => {
    const form = readForm(raw as unknown as GatewayContext, documentForm);
    return withVisit(raw, (ctx, visit) => steps.begin(ctx, visit, form));
  });
  router.post('/document/later', formBody(), (raw) => {
    readForm(raw as unknown as GatewayContext, {});
    return withVisit(raw, steps.later);
  });
  router.post('/document/:signing/again', formBody(), (raw) => {
    readForm(raw as unknown as GatewayContext, {});
    return withVisit(raw, (ctx, visit) => steps.again(ctx, visit, signingOf(ctx)));
  });
  router.post('/document/:signing/code', formBody(), (raw) => {
    const { code } = readForm(raw as unknown as GatewayContext, codeForm);
    return withVisit(raw, (ctx, visit) => steps.sign(ctx, visit, signingOf(ctx), code));
  });
}
