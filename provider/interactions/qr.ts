/**
 * «Войти с телефона по QR-коду», the computer's side: it shows a question, waits, and goes on as whoever has confirmed it
 * on a phone. What the phone is shown is provider/qr.
 */
import type Provider from 'oidc-provider';
import type { Interaction } from 'oidc-provider';
import QRCode from 'qrcode';
import type { GatewayContext } from '../http/context.ts';
import { deviceOf } from '../http/device.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import type { Applicants } from '../join/applicant.ts';
import { type Acr, amrByPhone } from '../login/assurance.ts';
import { spoken } from '../login/spoken-code.ts';
import { maxSessionSeconds } from '../oidc/client/admission.ts';
import { SESSION_SECONDS } from '../oidc/lifetimes.ts';
import {
  QR_SECONDS,
  type QrAnswer,
  type QrClaim,
  type QrQuestion,
  type QrSignIns,
} from '../qr/qr-sign-ins.ts';
import type { Finish } from './finish.ts';
import type { OpenInteraction } from './open-interaction.ts';
import type { Steps } from './steps.ts';

export type QrNeeds = {
  readonly provider: Provider;
  readonly issuer: string;
  readonly secure: boolean;
  readonly qrSignIns: QrSignIns;
  readonly applicants: Pick<Applicants, 'dismiss'>;
  readonly finish: Finish;
};

const METHOD = 'qr';
/** The page that cannot run a script asks again so often. */
const LOOK_AGAIN_SECONDS = 4;
const CLAIM = /^([\w-]{43})\.([\w-]{43})$/;

export function addQrRoutes({ visit, post }: Steps, needs: QrNeeds): void {
  const { qrSignIns, secure } = needs;
  const cookie = secure ? '__Secure-qr' : 'qr';
  const pathOf = ({ uid }: Interaction) => `/interaction/${uid}`;

  const claimOf = (ctx: GatewayContext): QrClaim | undefined => {
    const [, secret, key] = CLAIM.exec(ctx.cookies.get(cookie, { signed: false }) ?? '') ?? [];
    return secret === undefined || key === undefined ? undefined : { secret, key };
  };
  const found = async (ctx: GatewayContext, { interaction }: OpenInteraction) => {
    const claim = interaction.prompt.name === 'login' ? claimOf(ctx) : undefined;
    const looked = claim && (await qrSignIns.look(claim, interaction.uid));
    return claim && looked ? { claim, ...looked } : undefined;
  };

  /** Asking anew forgets the question before: its code leads to nothing that this browser would take. */
  post('/qr', {}, async (ctx, { interaction }) => {
    const path = pathOf(interaction);
    ctx.status = 303;
    if (interaction.prompt.name !== 'login') return ctx.redirect(path);
    const { network, userAgent } = ctx.state.origin;
    const { secret, key } = await qrSignIns.ask({
      ...{ uid: interaction.uid, clientId: String(interaction.params.client_id) },
      ...{ network, device: deviceOf(userAgent), notBefore: await oldestAnswer(needs, interaction) },
    });
    ctx.cookies.set(cookie, `${secret}.${key}`, {
      ...{ signed: false, httpOnly: true, sameSite: 'lax', secure, path, maxAge: QR_SECONDS * 1_000 },
    });
    ctx.redirect(`${path}/qr`);
  });

  visit('/qr', async (ctx, open) => {
    const state = await found(ctx, open);
    if (!state) return showOver(ctx, open, 'expired');
    const { claim, question, answer } = state;
    if (!answer) return showQuestion(ctx, open, question);
    if (answer.kind !== 'confirmed') return showOver(ctx, open, answer.kind);
    if (!(await qrSignIns.take(claim))) return showOver(ctx, open, 'expired');
    await needs.applicants.dismiss(ctx);
    await needs.finish.signedIn(ctx, open.interaction, signInOf(answer));
  });

  /** For the page's script: whether there is something else to see by now. Changes nothing. */
  visit('/qr/state', async (ctx, open) => {
    const state = await found(ctx, open);
    ctx.body = state && !state.answer ? 'waiting' : 'over';
  });

  visit('/qr.svg', async (ctx, open) => {
    const state = await found(ctx, open);
    const text = state ? `${needs.issuer}/qr/${state.claim.secret}` : needs.issuer;
    ctx.type = 'image/svg+xml';
    ctx.body = await QRCode.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
  });

  function showQuestion(
    ctx: GatewayContext,
    { interaction, client }: OpenInteraction,
    { number, code }: QrQuestion,
  ): void {
    const path = pathOf(interaction);
    allowFormsTo(ctx, String(interaction.params.redirect_uri));
    ctx.render('interaction/qr', {
      ...{ client, number, code: spoken(code), minutes: QR_SECONDS / 60 },
      ...{ address: `${new URL(needs.issuer).host}/qr`, picture: `${path}/qr.svg` },
      ...{ statePath: `${path}/qr/state`, againSeconds: LOOK_AGAIN_SECONDS, backPath: path },
    });
  }
  function showOver(
    ctx: GatewayContext,
    { interaction, client }: OpenInteraction,
    why: 'expired' | Exclude<QrAnswer['kind'], 'confirmed'>,
  ): void {
    const path = pathOf(interaction);
    ctx.status = why === 'expired' ? 410 : 200;
    allowFormsTo(ctx, String(interaction.params.redirect_uri));
    ctx.render('interaction/qr-over', { client, why, againAction: `${path}/qr`, backPath: path });
  }
}

/** The phone's level and time, its methods and the way they came here. Nobody has said that this computer is her own. */
function signInOf({ accountId, acr, amr, since }: Extract<QrAnswer, { kind: 'confirmed' }>) {
  return {
    ...{ accountId, method: METHOD, since, remember: false },
    acr: acr as Acr,
    amr: amrByPhone(amr),
  };
}

/** Whoever is asked to sign in anew does so on the phone, too. */
async function oldestAnswer({ provider }: QrNeeds, { params, prompt }: Interaction): Promise<number> {
  const now = Math.floor(Date.now() / 1_000);
  if (prompt.reasons.includes('login_prompt')) return now;
  const client = await provider.Client.find(String(params.client_id));
  const most = client && maxSessionSeconds(client);
  const age = params.max_age === undefined ? SESSION_SECONDS : Number(params.max_age);
  return now - Math.min(SESSION_SECONDS, age, most ?? SESSION_SECONDS);
}
