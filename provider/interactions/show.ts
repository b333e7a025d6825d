/** The page of an interaction: which one depends on what oidc-provider found missing. */
import type { Interaction } from 'oidc-provider';
import type { AccountStore, IdentifierKind } from '../../adapters/account-store/account-store.ts';
import { formatTicketNumber } from '../data-rules/ticket-number.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { Notices } from '../http/notice.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import type { NoticeCode } from '../http/texts.ts';
import type { Problem } from '../login/login-method.ts';
import { CLAIMS_BY_SCOPE, type Claim, type Scope } from '../oidc/claims.ts';
import type { PromptName } from '../oidc/policy.ts';
import { wayBackQuery } from '../recovery/way-on.ts';
import type { ClientView } from './client-view.ts';

export type SignInPage = {
  readonly by: IdentifierKind;
  readonly identifier: string;
  readonly foreignComputer?: boolean;
  readonly notice?: NoticeCode;
  readonly problem?: Problem;
};

export type Pages = {
  /** The page of the interaction's prompt; `typed` is what an older page of it was filled in with. */
  show(ctx: GatewayContext, interaction: Interaction, client: ClientView, typed?: string): Promise<void>;
  signIn(ctx: GatewayContext, interaction: Interaction, client: ClientView, page: SignInPage): void;
};

export function pages(accounts: AccountStore, notices: Notices): Pages {
  const signIn: Pages['signIn'] = (ctx, { uid, params }, client, page) => {
    const wayBack = wayBackQuery({ interaction: uid, clientId: String(params.client_id) });
    allowFormsTo(ctx, String(params.redirect_uri));
    ctx.render('interaction/sign-in', {
      client,
      ...page,
      action: `/interaction/${uid}/password`,
      cancelAction: `/interaction/${uid}/abort`,
      recoveryPath: `/recovery${wayBack}`,
      joinPath: `/join${wayBack}`,
      switchTo: { email: `/interaction/${uid}?by=email`, ticket: `/interaction/${uid}?by=ticket` },
    });
  };

  const byPrompt: Record<PromptName, Pages['show']> = {
    async login(ctx, interaction, client, typed) {
      const hint = hintOf(typed ?? interaction.params.login_hint);
      const asked = ctx.query.by;
      const by = asked === 'ticket' || asked === 'email' ? asked : hint.by;
      const notice = notices.take(ctx);
      signIn(ctx, interaction, client, {
        by,
        identifier: by === hint.by ? hint.identifier : '',
        ...(notice && { notice }),
      });
    },
    async services(ctx, { uid, params }, client) {
      allowFormsTo(ctx, String(params.redirect_uri));
      ctx.render('interaction/services-ended', { client, backAction: `/interaction/${uid}/abort` });
    },
    async membership(ctx, { uid, params, session }, client) {
      const account = session && (await accounts.find(session.accountId));
      allowFormsTo(ctx, String(params.redirect_uri));
      ctx.render('interaction/refused', {
        client,
        membership:
          account?.member && account.member.membership !== 'member'
            ? account.member.membership
            : account?.applying
              ? 'applicant'
              : 'none',
        ...(account?.member && { organisation: account.member.organisation }),
        backAction: `/interaction/${uid}/abort`,
        joinAction: `/interaction/${uid}/join`,
      });
    },
    async consent(ctx, { uid, params }, client) {
      const scopes = String(params.scope ?? '').split(' ');
      allowFormsTo(ctx, String(params.redirect_uri));
      ctx.render('interaction/consent', {
        client,
        items: claimsIn(scopes).map((key) => ({ key })),
        offline: scopes.includes('offline_access'),
        action: `/interaction/${uid}/consent`,
        cancelAction: `/interaction/${uid}/abort`,
      });
    },
  };

  return {
    signIn,
    async show(ctx, interaction, client, typed) {
      const page = byPrompt[interaction.prompt.name as PromptName];
      if (!page)
        throw new GatewayError('server_error', {
          cause: new Error(`no page for ${interaction.prompt.name}`),
        });
      await page(ctx, interaction, client, typed);
    },
  };
}

/** An identifier fills the field of the door it fits. */
function hintOf(given: unknown): { by: IdentifierKind; identifier: string } {
  const hint = typeof given === 'string' ? given.slice(0, 254) : '';
  const isTicket = /^[\d\s.-]{16,}$/.test(hint);
  return { by: isTicket ? 'ticket' : 'email', identifier: isTicket ? formatTicketNumber(hint) : hint };
}

/** Each claim once, in the order of the scopes; `sub` is no datum of the person's. */
export function claimsIn(scopes: readonly string[]): Claim[] {
  const claims = scopes.flatMap((scope) => [
    ...(CLAIMS_BY_SCOPE[scope as Exclude<Scope, 'offline_access'>] ?? []),
  ]);
  return [...new Set(claims)].filter((claim) => claim !== 'sub');
}
