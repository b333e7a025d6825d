/** The pages around RP-initiated logout: «выйти везде?», and what comes after it. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { GatewayContext, Middleware } from '../http/context.ts';
import type { Screens } from '../http/screens/screens.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import { doorsOf } from '../login/assurance.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { clientName } from './client-rules.ts';

type Both = KoaContextWithOIDC & GatewayContext;
const both = (ctx: KoaContextWithOIDC): Both => ctx as unknown as Both;

const whichClient = ({ oidc: { client } }: KoaContextWithOIDC) =>
  client ? { client: clientName(client) } : {};

/**
 * The library's form has one hidden field; ours asks the question in the person's language. Whoever came in through an
 * upstream is signed in there, too, which nobody thinks of at a computer that is not hers.
 */
export function askWhereToSignOut(upstreams: Pick<Upstreams, 'offers' | 'signOutUrl'>) {
  return (ctx: KoaContextWithOIDC): void => {
    const entered = doorsOf(ctx.oidc.session?.amr ?? []);
    const upstream = upstreams.offers().find(({ id }) => entered.has(id));
    const url = upstream && upstreams.signOutUrl(upstream.id);
    const { locale } = both(ctx).state;
    renderQuestion(
      ctx,
      'sign-out/confirm',
      url && { remote: { name: upstream.name[locale], url: url.href } },
    );
  };
}

export function saySignedOut(ctx: KoaContextWithOIDC): void {
  both(ctx).render('sign-out/done', whichClient(ctx));
}

/** Without a session the library sends a page that needs a script to go on; ours has a button. */
export function signOutWithoutSession(): Middleware {
  return async (ctx, next) => {
    await next();
    const oidcCtx = ctx as unknown as KoaContextWithOIDC;
    const { oidc } = oidcCtx;
    if (oidc?.route !== 'end_session' || ctx.status !== 200 || oidc.session?.accountId !== undefined) return;
    renderQuestion(oidcCtx, 'sign-out/nobody');
  };
}

function renderQuestion(
  ctx: KoaContextWithOIDC,
  view: 'sign-out/confirm' | 'sign-out/nobody',
  more: Pick<Screens['sign-out/confirm'], 'remote'> = {},
): void {
  const state = ctx.oidc.session?.state as { secret: string; postLogoutRedirectUri?: string } | undefined;
  both(ctx).render(view, {
    ...whichClient(ctx),
    ...more,
    action: ctx.oidc.urlFor('end_session_confirm'),
    xsrf: state?.secret ?? '',
  });
  if (state?.postLogoutRedirectUri) allowFormsTo(both(ctx), state.postLogoutRedirectUri);
}
