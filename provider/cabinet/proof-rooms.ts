/** Where she proves herself before «Защита входа» can be changed, and what she does when she has lost everything. */
import type Router from '@koa/router';
import { z } from 'zod';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import type { Screens } from '../http/screens/screens.ts';
import { maskedEmail } from '../interactions/link-code.ts';
import { APP_METHOD, CODE_METHOD, PASSKEY_METHOD, RECOVERY_METHOD } from '../login/login-method.ts';
import { CODE_MINUTES, type CodeProblem, codeRefusal, issueCode, judgeCode } from '../login/mailed-code.ts';
import { type JudgeCodeNeeds, judgeAppCode, judgeRecoveryCode } from '../second-factor/judge-code.ts';
import {
  beginWaiting,
  LOST_PURPOSE,
  type LostFactorNeeds,
  lastResortOf,
  mailLostCode,
} from '../second-factor/lost-factors.ts';
import type { PasskeyParty } from '../second-factor/passkeys.ts';
import { doesMailProve } from '../second-factor/prove-again.ts';
import type { Doorkeeper, Visitor } from './enter.ts';
import { PROOF_PURPOSE, PROTECTION, type ProtectionPageNeeds } from './protection-page.ts';
import { goTo, type Room, rooms, statusOf } from './rooms.ts';

type Problem = NonNullable<Screens['cabinet/protection']['problem']>;
export type ShowProtection = (ctx: GatewayContext, visitor: Visitor, problem?: Problem) => Promise<void>;

export type ProofRoomNeeds = ProtectionPageNeeds &
  LostFactorNeeds &
  JudgeCodeNeeds & {
    readonly doorkeeper: Doorkeeper;
    readonly passkeyParty: Pick<PasskeyParty, 'askToProve' | 'prove'>;
    readonly notices: Notices;
    readonly readForm: ReadForm;
  };

const text = z.string().max(100);
const answer = z.string().max(20_000);
const MAILED_FIELD = 'mailed';
const RECOVERY_FIELD = 'recovery';

export function proofRooms(router: Router<GatewayState>, needs: ProofRoomNeeds, page: ShowProtection): void {
  const { doorkeeper, database, secrets, passkeyParty, protections, events, notices, readForm } = needs;
  const { show, act } = rooms(router, doorkeeper);

  const proved = async (ctx: GatewayContext, visitor: Visitor): Promise<void> => {
    await needs.recentProofs.note(visitor);
    notices.leave(ctx, 'protection_proved');
    goTo(ctx, PROTECTION);
  };
  const settle = async (
    ctx: GatewayContext,
    visitor: Visitor,
    method: string,
    problem: Problem | undefined,
  ): Promise<void> => {
    if (!problem) return proved(ctx, visitor);
    await events.factorProofRefused(ctx.state.origin, visitor.account.id, method, problem.code);
    await page(ctx, visitor, problem);
  };
  const inField = (problem: CodeProblem | undefined, field: Problem['field']): Problem | undefined =>
    problem && (problem.field === 'code' ? { ...problem, field } : problem);

  /** Whose mailbox proves something. Throws bad_request for the others. */
  const byMail =
    (room: Room): Room =>
    async (ctx, visitor) => {
      const { id, verifiedEmail } = visitor.account;
      const isProof = doesMailProve(await protections.of(id), needs.clock.now());
      if (verifiedEmail === undefined || !isProof) throw new GatewayError('bad_request');
      await room(ctx, visitor);
    };
  const proofAct = ({ account, session }: Visitor) =>
    ({ purpose: PROOF_PURPOSE, subject: account.id, binding: session.uid }) as const;
  act(
    '/protection/prove/send',
    byMail(async (ctx, visitor) => {
      readForm(ctx, {});
      const { id: accountId } = visitor.account;
      const problem = await codeRefusal(needs.codes, accountId);
      if (problem) return page(ctx, visitor, problem);
      await database.transaction(async (tx) => {
        const code = await issueCode(secrets, proofAct(visitor), tx);
        const facts = { code, minutes: CODE_MINUTES, purpose: 'protection' as const };
        await needs.post.send({ template: 'step-up-code', to: { accountId }, facts }, tx);
      });
      goTo(ctx, PROTECTION);
    }),
  );
  act(
    '/protection/prove/mailed',
    byMail(async (ctx, visitor) => {
      const { mailed } = readForm(ctx, { mailed: text });
      const problem = await database.transaction((tx) => judgeCode(secrets, proofAct(visitor), mailed, tx));
      const isOver = problem?.code === 'code_gone';
      await settle(ctx, visitor, CODE_METHOD, inField(problem, isOver ? 'form' : MAILED_FIELD));
    }),
  );
  act('/protection/prove/app', async (ctx, visitor) => {
    const { code } = readForm(ctx, { code: text });
    await settle(ctx, visitor, APP_METHOD, await judgeAppCode(needs, visitor.account.id, code));
  });
  act('/protection/prove/recovery', async (ctx, visitor) => {
    const { recovery } = readForm(ctx, { recovery: text });
    const problem = await judgeRecoveryCode(needs, visitor.account.id, ctx.state.origin, recovery);
    await settle(ctx, visitor, RECOVERY_METHOD, inField(problem, RECOVERY_FIELD));
  });
  act('/protection/prove/passkey/options', async (ctx, { account, session }) => {
    readForm(ctx, {});
    ctx.body = await passkeyParty.askToProve(`prove:${session.uid}`, account.id);
  });
  act('/protection/prove/passkey', async (ctx, visitor) => {
    const { response } = readForm(ctx, { response: answer });
    const { account, session } = visitor;
    const proof = await passkeyParty.prove(`prove:${session.uid}`, response);
    const isHers = proof.kind === 'proved' && proof.accountId === account.id;
    const code = proof.kind === 'refused' ? 'passkey_refused' : 'passkey_unknown';
    await settle(ctx, visitor, PASSKEY_METHOD, isHers ? undefined : { field: 'form', code });
  });

  const lostAct = ({ account, session }: Visitor) =>
    ({ purpose: LOST_PURPOSE, subject: account.id, binding: session.uid }) as const;
  const lostRoom = async (ctx: GatewayContext, { account }: Visitor, problem?: CodeProblem) => {
    const email = await lastResortOf(needs, account);
    if (email === undefined) throw new GatewayError('not_found');
    const [{ mailCountsAt }, coded] = await Promise.all([
      protections.of(account.id),
      secrets.issuedAt(LOST_PURPOSE, account.id),
    ]);
    statusOf(ctx, problem);
    ctx.render('cabinet/lost-factor', {
      ...{ email: maskedEmail(email), sendAction: `${PROTECTION}/lost` },
      ...(mailCountsAt && { mailCountsAt }),
      ...(coded && { codeAction: `${PROTECTION}/lost/code` }),
      // A code that has expired meanwhile has no field any more.
      ...(problem && { problem: coded ? problem : { ...problem, field: 'form' } }),
    });
  };
  show('/protection/lost', (ctx, visitor) => lostRoom(ctx, visitor));
  act('/protection/lost', async (ctx, visitor) => {
    readForm(ctx, {});
    const problem = await mailLostCode(needs, visitor.account, lostAct(visitor));
    await (problem ? lostRoom(ctx, visitor, problem) : goTo(ctx, `${PROTECTION}/lost`));
  });
  act('/protection/lost/code', async (ctx, visitor) => {
    const { code } = readForm(ctx, { code: text });
    const problem = await beginWaiting(needs, visitor.account, ctx.state.origin, lostAct(visitor), code);
    await (problem ? lostRoom(ctx, visitor, problem) : goTo(ctx, `${PROTECTION}/lost`));
  });
}
