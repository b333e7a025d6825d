/** Who changed what of an application: for its owner and for whoever reviews it. */
import { z } from 'zod';
import type { IntegrationNeeds } from '../../integrations/needs.ts';
import type { CallerNeeds } from '../caller.ts';
import { afterOf, type Cursors, pageOf, pageQuery } from '../cursor.ts';
import { type Operation, operation } from '../operation.ts';
import { visibleIntegration } from '../own-integration.ts';
import { integrationParams, listOf } from '../shapes.ts';

const values = z.record(z.string(), z.unknown());
const changeShape = z.object({
  at: z.iso.datetime(),
  by: z.enum(['you', 'owner', 'administrator', 'operator']),
  what: z.string(),
  before: values.optional(),
  after: values.optional(),
});

export type ChangeOperationNeeds = Pick<IntegrationNeeds, 'changes' | 'integrations'> &
  Pick<CallerNeeds, 'staff'> & { readonly cursors: Cursors };

export function changeOperations(needs: ChangeOperationNeeds): readonly Operation[] {
  const { changes, cursors } = needs;
  return [
    operation({
      id: 'listChanges',
      tag: 'integrations',
      summary: 'What was changed, by whom, the latest first; never a secret',
      method: 'GET',
      path: '/integrations/{client_id}/changes',
      scope: 'integrations:read',
      effect: 'reads',
      params: integrationParams,
      query: pageQuery,
      told: { status: 200, shape: listOf(changeShape) },
      async handle({ caller, params, query: { limit, cursor }, t }) {
        const { clientId, ownerId } = await visibleIntegration(needs, caller, params.client_id);
        const list = `changes ${clientId}`;
        const found = await changes.of(clientId, { limit: limit + 1, ...afterOf(cursors, list, cursor, t) });
        const page = pageOf(found, limit, ({ position }) => cursors.seal(list, position));
        const by = (actor: string) => {
          if (actor === 'operator') return 'operator' as const;
          if (actor === caller.account.id) return 'you' as const;
          return actor === ownerId ? ('owner' as const) : ('administrator' as const);
        };
        const items = page.items.map(({ item: { at, actor, what, before, after } }) => ({
          ...{ at: at.toISOString(), by: by(actor), what },
          ...(before && { before: { ...before } }),
          ...(after && { after: { ...after } }),
        }));
        return { body: { ...page, items } };
      },
    }),
  ];
}
