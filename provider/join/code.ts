/** «Код подтверждения» (C-19 … C-21, C-36 … C-38): typed in, sent again, judged; each outcome has a way on. */
import { z } from 'zod';
import type { Clock } from '../../adapters/clock.ts';
import type { Signing } from '../../adapters/document-store/document-store.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { Signings } from '../documents/signing.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { FormProblem } from './person-fields.ts';
import { formOf, type Guest, leadTo, overviewOf, type Rooms } from './rooms.ts';
import { type SignUpNeeds, signUp } from './sign-up.ts';

export type CodeNeeds = SignUpNeeds & {
  readonly signings: Signings;
  readonly secrets: Pick<OneTimeSecrets, 'issuedAt'>;
  readonly resendSeconds: number;
  readonly clock: Clock;
  readonly readForm: ReadForm;
};

type CodeProblem = FormProblem<'code'>;

export function codeRooms(needs: CodeNeeds, { show, act }: Rooms): void {
  const { signings, secrets, resendSeconds, clock, readForm } = needs;

  const showCode = async (
    ctx: GatewayContext,
    { account, draft }: Guest,
    signing: Signing,
    problem?: CodeProblem,
    triesLeft?: number,
  ): Promise<void> => {
    const issuedAt = await secrets.issuedAt('sign', signing.id);
    const age = issuedAt ? (clock.now().getTime() - issuedAt.getTime()) / 1_000 : resendSeconds;
    if (problem) ctx.status = problem.code.startsWith('signing_too_many') ? 429 : 422;
    ctx.render('join/code', {
      variant: draft?.variant ?? 'ticket',
      address: account.verifiedEmail ?? '',
      documents: signing.documents.map(({ title }) => title),
      sent: issuedAt !== undefined,
      wait: Math.max(0, Math.ceil(resendSeconds - age)),
      ...(problem && { problem }),
      ...(triesLeft !== undefined && { triesLeft }),
    });
  };

  /** The signing of this draft, or undefined after having led to where the person is instead. */
  const signingOf = async (ctx: GatewayContext, { account, draft }: Guest): Promise<Signing | undefined> => {
    const signing =
      draft?.signingId === undefined ? undefined : await signings.signing(account, draft.signingId);
    if (signing) return signing;
    leadTo(ctx, draft?.finishedAt ? '/join/done' : formOf(draft?.variant));
    return undefined;
  };

  show('/code', async (ctx, guest) => {
    const signing = await signingOf(ctx, guest);
    if (signing) await showCode(ctx, guest, signing);
  });

  act('/code', async (ctx, guest) => {
    const { account, draft } = guest;
    const { code } = readForm(ctx, { code: z.string().max(100) });
    const signing = await signingOf(ctx, guest);
    if (!signing || !draft) return;
    const digits = code.replace(/\s/g, '');
    if (!/^\d{6}$/.test(digits)) {
      return showCode(ctx, guest, signing, {
        field: 'code',
        code: digits === '' ? 'code_missing' : 'code_length',
      });
    }
    const outcome = await signUp(needs, account, draft, signing.id, digits, ctx.state.origin);
    switch (outcome.kind) {
      case 'signed':
      case 'already-signed':
        return leadTo(ctx, '/join/done');
      case 'wrong':
        return showCode(ctx, guest, signing, { field: 'code', code: outcome.problem }, outcome.triesLeft);
      case 'refused':
        return showCode(ctx, guest, signing, { field: 'form', code: outcome.problem });
      case 'stopped':
        return showCode(ctx, guest, signing, outcome.problem);
    }
  });

  act('/code/again', async (ctx, guest) => {
    readForm(ctx, {});
    const signing = await signingOf(ctx, guest);
    if (!signing) return;
    const outcome = await signings.sendCode(guest.account, signing.id, ctx.state.origin);
    if (outcome.kind === 'already-signed') return leadTo(ctx, '/join/done');
    if (outcome.kind !== 'refused') return leadTo(ctx, '/join/code');
    // What is missing is missing on the page of the documents.
    if (outcome.problem === 'signing_unopened' || outcome.problem === 'signing_terms') {
      return leadTo(ctx, overviewOf(guest.draft?.variant));
    }
    await showCode(ctx, guest, signing, { field: 'form', code: outcome.problem });
  });
}
