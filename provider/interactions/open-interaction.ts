/** The interaction this browser has open, and the page for one that is over. Decides nothing about its prompt. */
import type Provider from 'oidc-provider';
import { errors, type Interaction } from 'oidc-provider';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import { setLocale } from '../http/locale.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import { type ClientView, clientView } from './client-view.ts';
import type { ReturnRequests } from './return-request.ts';

export type OpenInteraction = { readonly interaction: Interaction; readonly client: ClientView };

export type OpenInteractions = {
  /** Undefined when it is another browser's, or over. Throws client_blocked. */
  find(ctx: GatewayContext): Promise<OpenInteraction | undefined>;
  /** The slow typist, the old tab, the back button: says so, keeps what was typed, offers the way on. */
  expired(ctx: GatewayContext, typed?: string): void;
};

export type OpenInteractionNeeds = {
  readonly provider: Provider;
  readonly clients: ClientDirectory;
  readonly returns: ReturnRequests;
  readonly secure: boolean;
};

export function openInteractions({
  provider,
  clients,
  returns,
  secure,
}: OpenInteractionNeeds): OpenInteractions {
  return {
    async find(ctx) {
      try {
        const interaction = await provider.interactionDetails(ctx.req, ctx.res);
        if (ctx.path.split('/')[2] !== interaction.uid) return undefined;
        // The portal's wish came with its request and is not in the address of this page.
        setLocale(ctx, secure, interaction.params.ui_locales);
        const clientId = String(interaction.params.client_id);
        const record = await clients.record(clientId);
        const client = clientView(clientId, record);
        if (record?.blockedAt) throw new GatewayError('client_blocked', { client: { name: client.name } });
        return { interaction, client };
      } catch (error) {
        if (error instanceof errors.SessionNotFound) return undefined;
        throw error;
      }
    },
    expired(ctx, typed) {
      const request = returns.recall(ctx);
      ctx.status = 410;
      if (!request) {
        ctx.render('interaction/expired', {});
        return;
      }
      if (typed) returns.keepTyped(ctx, typed);
      allowFormsTo(ctx, request.params.redirect_uri ?? '');
      const again = `${ctx.path.split('/').slice(0, 3).join('/')}/again`;
      ctx.render('interaction/expired', {
        client: { name: request.clientName },
        resume: { action: again },
      });
    },
  };
}

export function onlyNobodyWasThere({ prompt }: Interaction): boolean {
  return prompt.name === 'login' && prompt.reasons.every((reason) => reason === 'no_session');
}
