/**
 * «Придумайте пароль», in the middle of a sign-in with a one-time password: the waiting request goes on when the account
 * is there. Everything that is decided is decided in provider/onboarding/first-entry.ts.
 */
import { z } from 'zod';
import type { Credential } from '../../adapters/credential-store/credential-store.ts';
import type { GatewayContext } from '../http/context.ts';
import type { Notices } from '../http/notice.ts';
import type { Screens } from '../http/screens/screens.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import { ACR_OF_TWO_PROOFS, acrOf } from '../login/assurance.ts';
import type { CodeProblem } from '../login/mailed-code.ts';
import { SHORTEST_STAFF_PASSWORD } from '../login/password-rules.ts';
import {
  choosePassword,
  type Entry,
  enterByCode,
  enterByLetter,
  type FirstEntryNeeds,
  mailEntryCode,
} from '../onboarding/first-entry.ts';
import type { Finish } from './finish.ts';
import type { FirstEntries, FirstEntry } from './first-entries.ts';
import type { OpenInteraction } from './open-interaction.ts';
import type { Steps } from './steps.ts';

export type FirstPasswordNeeds = FirstEntryNeeds & {
  readonly firstEntries: FirstEntries;
  readonly notices: Notices;
  readonly finish: Finish;
};

const METHOD = 'one_time_password';
const passwordForm = { fresh: z.string().max(1_000), repeated: z.string().max(1_000) };
const codeForm = { code: z.string().max(100) };

type Visit = OpenInteraction & { readonly entry: FirstEntry; readonly credential: Credential };

export function addFirstPasswordRoutes({ visit, post }: Steps, needs: FirstPasswordNeeds): void {
  const { firstEntries, officeCredentials, notices, finish } = needs;
  const pathOf = ({ interaction }: OpenInteraction, rest = ''): string =>
    `/interaction/${interaction.uid}${rest}`;
  const goTo = (ctx: GatewayContext, path: string): void => {
    ctx.status = 303;
    ctx.redirect(path);
  };
  const over = (ctx: GatewayContext, open: OpenInteraction): void => {
    notices.leave(ctx, 'one_time_over');
    goTo(ctx, pathOf(open));
  };

  /** Whoever has not just typed a one-time password begins where one is typed. */
  const withEntry =
    <Rest extends readonly unknown[]>(
      act: (ctx: GatewayContext, here: Visit, ...rest: Rest) => Promise<void>,
    ) =>
    async (ctx: GatewayContext, open: OpenInteraction, ...rest: Rest): Promise<void> => {
      const entry = await firstEntries.of(ctx, open.interaction.uid);
      const credential = entry && (await officeCredentials.find(entry.credentialId));
      if (!entry || !credential) return over(ctx, open);
      allowFormsTo(ctx, String(open.interaction.params.redirect_uri));
      await act(ctx, { ...open, entry, credential }, ...rest);
    };

  const showPassword = (
    ctx: GatewayContext,
    here: Visit,
    problem?: NonNullable<Screens['interaction/first-password']['problem']>,
  ): void => {
    const { client, credential } = here;
    ctx.render('interaction/first-password', {
      ...{ client, email: credential.email.original, organisation: credential.organisationName },
      ...{ shortest: SHORTEST_STAFF_PASSWORD, action: pathOf(here, '/first-password') },
      byLetter: credential.way === 'letter',
      ...(problem && { problem }),
    });
  };
  const showCode = (ctx: GatewayContext, here: Visit, problem?: CodeProblem): void => {
    const path = pathOf(here, '/first-password');
    ctx.render('interaction/first-password-code', {
      ...{ client: here.client, email: here.credential.email.original },
      ...{ action: `${path}/code`, repeatAction: `${path}/again`, backPath: path },
      ...(problem && { problem }),
    });
  };

  const settle = async (ctx: GatewayContext, here: Visit, entry: Entry): Promise<void> => {
    const { interaction, credential, client } = here;
    if (entry.kind === 'gone') return over(ctx, here);
    await firstEntries.end(here.entry);
    if (entry.kind === 'known') {
      return ctx.render('interaction/already-known', { client, signInPath: pathOf(here) });
    }
    const { accountId } = entry;
    // The sheet and the mailbox are two proofs; a letter is the mailbox alone.
    const proved =
      credential.way === 'sheet'
        ? { amr: ['pwd', 'otp'] as const, acr: ACR_OF_TWO_PROOFS }
        : { amr: ['pwd'] as const, acr: acrOf(['pwd']) };
    await finish.signedIn(ctx, interaction, { accountId, method: METHOD, ...proved, remember: false });
  };

  visit(
    '/first-password',
    withEntry(async (ctx, here) => showPassword(ctx, here)),
  );
  post(
    '/first-password',
    passwordForm,
    withEntry(async (ctx, here, form: z.output<z.ZodObject<typeof passwordForm>>) => {
      const chosen = await choosePassword(needs, here.credential, form);
      if (chosen.kind === 'ask-again') {
        ctx.status = chosen.code === 'overloaded' ? 503 : 422;
        return showPassword(ctx, here, { field: chosen.field, code: chosen.code });
      }
      const { origin, locale } = ctx.state;
      if (here.credential.way === 'letter') {
        return settle(ctx, here, await enterByLetter(needs, origin, here.credential, { ...chosen, locale }));
      }
      await firstEntries.keep(here.entry, chosen.hash);
      await sendCode(ctx, here);
    }),
  );

  const sendCode = async (ctx: GatewayContext, here: Visit): Promise<void> => {
    const problem = await mailEntryCode(needs, here.credential, here.entry.key, ctx.state.locale);
    if (!problem) return goTo(ctx, pathOf(here, '/first-password/code'));
    ctx.status = 429;
    showCode(ctx, here, problem);
  };
  /** The code without a password to be set is an older page. */
  const withHash =
    <Rest extends readonly unknown[]>(
      act: (ctx: GatewayContext, here: Visit, hash: string, ...rest: Rest) => Promise<void>,
    ) =>
    async (ctx: GatewayContext, here: Visit, ...rest: Rest): Promise<void> =>
      here.entry.hash === undefined
        ? goTo(ctx, pathOf(here, '/first-password'))
        : act(ctx, here, here.entry.hash, ...rest);

  visit('/first-password/code', withEntry(withHash(async (ctx, here) => showCode(ctx, here))));
  post('/first-password/again', {}, withEntry(withHash(async (ctx, here) => sendCode(ctx, here))));
  post(
    '/first-password/code',
    codeForm,
    withEntry(
      withHash(async (ctx, here, hash, { code }: { code: string }) => {
        const { origin, locale } = ctx.state;
        const { key } = here.entry;
        const entry = await enterByCode(needs, origin, here.credential, { hash, key, code, locale });
        if (entry.kind !== 'wrong') return settle(ctx, here, entry);
        ctx.status = 422;
        showCode(ctx, here, entry.problem);
      }),
    ),
  );
}
