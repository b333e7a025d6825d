/** The page of an interaction: which one depends on what oidc-provider found missing. */
import type { Interaction } from 'oidc-provider';
import type { AccountStore, IdentifierKind } from '../../adapters/account-store/account-store.ts';
import { formatTicketNumber } from '../data-rules/ticket-number.ts';
import { GatewayError } from '../errors.ts';
import type { Notices } from '../http/notice.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import type { OfficeDetails } from '../oidc/policy/offices.ts';
import type { PromptName } from '../oidc/policy.ts';
import { QR_CLIENT_ID } from '../qr/routes.ts';
import { wayBackQuery } from '../recovery/way-on.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { educationPages } from './education.ts';
import type { Entrances } from './entrances.ts';
import { readLetDown } from './let-down.ts';
import type { Pages } from './pages.ts';

/** What the session of somebody known may lack; the first two are the library's words. */
const STEP_UPS = new Set([
  ...['essential_acrs', 'essential_acr'],
  ...['level_too_low', 'door_not_allowed', 'level_asked_for'],
  ...['second_proof_missing', 'own_device_missing'],
]);

export function pages(
  accounts: AccountStore,
  notices: Notices,
  entrances: Entrances,
  upstreams: Pick<Upstreams, 'offers'>,
  further: Readonly<Record<'consent' | 'documents', Pages['show']>>,
): Pages {
  const signIn: Pages['signIn'] = async (ctx, interaction, client, { failed, refusal, ...page }) => {
    const { uid, params } = interaction;
    const { upstreams, ...entrance } = await entrances.of(ctx, interaction, failed);
    const wayBack = wayBackQuery({ interaction: uid, clientId: String(params.client_id) });
    allowFormsTo(ctx, String(params.redirect_uri));
    ctx.render('interaction/sign-in', {
      client,
      ...page,
      ...entrance,
      upstreams: upstreams.map((one) => ({ ...one, path: `/interaction/${uid}/upstream/${one.id}` })),
      ...(refusal && {
        refusal: { code: refusal.reason, name: refusal.upstream.name[ctx.state.locale] },
      }),
      confirming: isStepUp(interaction),
      ...(isTooOld(interaction) && { tooOld: true }),
      action: `/interaction/${uid}/password`,
      ...(entrance.password && {
        passkey: {
          action: `/interaction/${uid}/passkey`,
          optionsAction: `/interaction/${uid}/passkey/options`,
        },
      }),
      // The phone that answers a computer has nobody else to ask.
      ...(!isStepUp(interaction) &&
        params.client_id !== QR_CLIENT_ID && { qrAction: `/interaction/${uid}/qr` }),
      cancelAction: `/interaction/${uid}/abort`,
      recoveryPath: `/recovery${wayBack}`,
      joinPath: `/join${wayBack}`,
      switchTo: { email: `/interaction/${uid}?by=email`, ticket: `/interaction/${uid}?by=ticket` },
    });
  };

  const mismatch: Pages['mismatch'] = (ctx, { uid, params }, { upstream, ...found }) => {
    allowFormsTo(ctx, String(params.redirect_uri));
    ctx.render('interaction/mismatch', {
      ...found,
      upstream: { kind: upstream.kind, name: upstream.name[ctx.state.locale] },
      backAction: `/interaction/${uid}/abort`,
      ...(found.side === 'union' && { signInPath: `/interaction/${uid}` }),
    });
  };

  const byPrompt: Record<PromptName, Pages['show']> = {
    async login(ctx, interaction, client, typed) {
      const hint = hintOf(typed ?? interaction.params.login_hint);
      const asked = ctx.query.by;
      const by = asked === 'ticket' || asked === 'email' ? asked : hint.by;
      const notice = notices.take(ctx);
      await signIn(ctx, interaction, client, {
        by,
        identifier: by === hint.by ? hint.identifier : '',
        ...(notice && { notice }),
        ...readLetDown(ctx, upstreams),
      });
    },
    async services(ctx, { uid, params }, client) {
      allowFormsTo(ctx, String(params.redirect_uri));
      ctx.render('interaction/services-ended', { client, backAction: `/interaction/${uid}/abort` });
    },
    async stage(ctx, { uid, params }, client) {
      allowFormsTo(ctx, String(params.redirect_uri));
      ctx.render('interaction/not-yet-open', { client, backAction: `/interaction/${uid}/abort` });
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
    async staff_role(ctx, { uid, params }, client) {
      allowFormsTo(ctx, String(params.redirect_uri));
      ctx.render('interaction/staff-role', { client, backAction: `/interaction/${uid}/abort` });
    },
    async office(ctx, { uid, params, prompt }, client) {
      const { organisation } = prompt.details as OfficeDetails;
      const wayBack = wayBackQuery({ interaction: uid, clientId: String(params.client_id) });
      allowFormsTo(ctx, String(params.redirect_uri));
      ctx.render('interaction/office', {
        ...{ client, missing: organisation ? 'undertaking' : 'office' },
        ...(organisation && {
          organisation: organisation.name,
          undertakingPath: `/chair/${encodeURIComponent(organisation.id)}/undertaking${wayBack}`,
        }),
        backAction: `/interaction/${uid}/abort`,
      });
    },
    ...educationPages(entrances, mismatch),
    ...further,
  };

  return {
    signIn,
    mismatch,
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

/** She is signed in, but not surely enough for this portal. */
function isStepUp({ session, prompt }: Interaction): boolean {
  return session?.accountId !== undefined && prompt.reasons.some((reason) => STEP_UPS.has(reason));
}

/** She is signed in, but too long ago for this portal. */
function isTooOld({ session, prompt }: Interaction): boolean {
  return session?.accountId !== undefined && prompt.reasons.includes('session_too_old');
}

/** An identifier fills the field of the door it fits. */
function hintOf(given: unknown): { by: IdentifierKind; identifier: string } {
  const hint = typeof given === 'string' ? given.slice(0, 254) : '';
  const isTicket = /^[\d\s.-]{16,}$/.test(hint);
  return { by: isTicket ? 'ticket' : 'email', identifier: isTicket ? formatTicketNumber(hint) : hint };
}
