/** «Войти с ключом доступа»: what the browser is to ask the device for, and signing in by its answer. */
import type { Interaction } from 'oidc-provider';
import { z } from 'zod';
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { Applicants } from '../join/applicant.ts';
import { ACR_OF_TWO_PROOFS } from '../login/assurance.ts';
import { PASSKEY_METHOD } from '../login/login-method.ts';
import type { PasskeyParty } from '../second-factor/passkeys.ts';
import type { Entrances } from './entrances.ts';
import type { Finish } from './finish.ts';
import type { OpenInteraction } from './open-interaction.ts';
import type { Pages } from './pages.ts';
import { isOnlyRaised } from './raised.ts';
import { passkeyForm } from './step-up-routes.ts';
import type { Steps } from './steps.ts';

export type PasskeyNeeds = {
  readonly passkeyParty: Pick<PasskeyParty, 'askToProve' | 'prove'>;
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly entrances: Pick<Entrances, 'of'>;
  readonly applicants: Pick<Applicants, 'dismiss'>;
  readonly pages: Pages;
  readonly finish: Finish;
  readonly events: Events;
};

const signInForm = { ...passkeyForm, foreign_computer: z.literal('yes').optional() };

export function addPasskeyRoutes({ post }: Steps, needs: PasskeyNeeds): void {
  const { passkeyParty } = needs;

  post('/passkey/options', {}, async (ctx, { interaction }) => {
    if (interaction.prompt.name !== 'login') throw new GatewayError('bad_request');
    // Hers alone, where it is known who is asked.
    const asked = isOnlyRaised(interaction) ? interaction.session?.accountId : undefined;
    ctx.body = await passkeyParty.askToProve(`prove:${interaction.uid}`, asked);
  });

  post('/passkey', signInForm, async (ctx, open, { response, foreign_computer }) => {
    const { interaction } = open;
    // Where our own password does not lead in, no key of ours does.
    const isDue =
      interaction.prompt.name === 'login' && (await needs.entrances.of(ctx, interaction)).password;
    if (!isDue) throw new GatewayError('bad_request');
    const proof = await passkeyParty.prove(`prove:${interaction.uid}`, response);
    if (proof.kind !== 'proved') return refuse(needs, ctx, open, proof.kind);
    const { accountId, amr } = proof;
    const account = await needs.accounts.find(accountId);
    if (account?.status !== 'confirmed') return refuse(needs, ctx, open, 'refused', accountId);
    await needs.applicants.dismiss(ctx);
    await needs.finish.signedIn(ctx, interaction, {
      ...{ accountId, method: PASSKEY_METHOD, acr: ACR_OF_TWO_PROOFS, amr },
      remember: foreign_computer === undefined,
    });
  });
}

async function refuse(
  { events, pages }: PasskeyNeeds,
  ctx: GatewayContext,
  { interaction, client }: OpenInteraction,
  why: 'unknown' | 'refused',
  accountId?: string,
): Promise<void> {
  const code = `passkey_${why}` as const;
  await events.signInRefused(ctx.state.origin, {
    ...{ method: PASSKEY_METHOD, reason: code, clientId: clientOf(interaction) },
    ...(accountId !== undefined && { accountId }),
  });
  ctx.status = 422;
  await pages.signIn(ctx, interaction, client, {
    ...{ by: 'email', identifier: '' },
    problem: { field: 'form', code },
  });
}

const clientOf = ({ params }: Interaction): string => String(params.client_id);
