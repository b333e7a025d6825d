/** Drives the password method: form in, page or finished interaction out. */
import type { Interaction } from 'oidc-provider';
import { z } from 'zod';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { Notices } from '../http/notice.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import type { Applicants } from '../join/applicant.ts';
import type { Registering } from '../join/registering.ts';
import { acrOf } from '../login/assurance.ts';
import type { DeviceMarks } from '../login/device-mark.ts';
import type { LoginMethod } from '../login/login-method.ts';
import type { PasswordInput } from '../login/password.ts';
import type { ClientView } from './client-view.ts';
import type { Finish } from './finish.ts';
import type { FirstEntries } from './first-entries.ts';
import type { Pages } from './pages.ts';

/** Long enough for any e-mail and any password; the rules proper answer with a sentence. */
export const passwordForm = {
  by: z.enum(['email', 'ticket']),
  identifier: z.string().max(1_000),
  password: z.string().max(1_000),
  foreign_computer: z.literal('yes').optional(),
};
type PasswordForm = z.output<z.ZodObject<typeof passwordForm>>;

const DEVICE_DAYS = 180;

const deviceCookie = (secure: boolean): string => (secure ? '__Host-device' : 'device');

/** The mark of a device that its account knows, for the throttle. */
export function deviceOfBrowser(ctx: GatewayContext, secure: boolean): string | undefined {
  return ctx.cookies.get(deviceCookie(secure), { signed: false });
}

export type LoginNeeds = {
  readonly password: LoginMethod<PasswordInput>;
  readonly devices: DeviceMarks;
  readonly pages: Pages;
  readonly finish: Finish;
  readonly applicants: Pick<Applicants, 'dismiss'>;
  readonly registering: Pick<Registering, 'begin'>;
  readonly notices: Notices;
  readonly firstEntries: Pick<FirstEntries, 'begin'>;
  readonly events: Events;
  readonly secure: boolean;
};

export async function signInWithPassword(
  needs: LoginNeeds,
  ctx: GatewayContext,
  interaction: Interaction,
  client: ClientView,
  { foreign_computer, ...input }: PasswordForm,
): Promise<void> {
  const { password: method, devices, pages, finish, events, secure } = needs;
  const { origin } = ctx.state;
  const attempt = { source: origin.source, device: deviceOfBrowser(ctx, secure) };
  const outcome = await method.proceed(attempt, input);

  if (outcome.kind === 'busy') {
    ctx.status = 503;
    ctx.set('Retry-After', String(outcome.retryAfter));
    allowFormsTo(ctx, String(interaction.params.redirect_uri));
    ctx.render('interaction/busy', {
      client,
      retryAfter: outcome.retryAfter,
      action: `/interaction/${interaction.uid}/password`,
      by: input.by,
      identifier: input.identifier,
      foreignComputer: foreign_computer === 'yes',
    });
    return;
  }
  if (outcome.kind === 'ask-again') {
    await events.signInRefused(origin, {
      method: `${method.id}_${input.by}`,
      reason: outcome.reason,
      clientId: String(interaction.params.client_id),
      ...(outcome.accountId !== undefined && { accountId: outcome.accountId }),
    });
    ctx.status = outcome.problem.code === 'throttled' ? 429 : 422;
    await pages.signIn(ctx, interaction, client, {
      by: input.by,
      identifier: input.identifier,
      foreignComputer: foreign_computer === 'yes',
      problem: outcome.problem,
    });
    return;
  }
  if (outcome.kind === 'unconfirmed') {
    await events.signInRefused(origin, {
      method: `${method.id}_${input.by}`,
      reason: 'unconfirmed',
      clientId: String(interaction.params.client_id),
      accountId: outcome.registrationId,
    });
    // The password has shown whose registration it is: here, too, the letter can be sent again.
    await needs.registering.begin(ctx, outcome.registrationId);
    needs.notices.leave(ctx, 'email_unconfirmed');
    ctx.status = 303;
    ctx.redirect('/join/letter');
    return;
  }
  if (outcome.kind === 'one-time') {
    await needs.firstEntries.begin(ctx, interaction.uid, outcome.credentialId);
    ctx.status = 303;
    ctx.redirect(`/interaction/${interaction.uid}/first-password`);
    return;
  }
  const accountId = outcome.identity.subject;
  if (foreign_computer === undefined) {
    ctx.cookies.set(deviceCookie(secure), devices.issue(accountId), {
      signed: false,
      httpOnly: true,
      sameSite: 'lax',
      secure,
      path: '/',
      maxAge: DEVICE_DAYS * 24 * 3_600 * 1_000,
    });
  }
  await needs.applicants.dismiss(ctx);
  await finish.signedIn(ctx, interaction, {
    accountId,
    method: `${method.id}_${input.by}`,
    acr: acrOf(outcome.amr),
    amr: outcome.amr,
    remember: foreign_computer === undefined,
  });
}
