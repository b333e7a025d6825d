/** The rooms where an account is seen as a whole, given another address, or ended. */
import type Router from '@koa/router';
import { z } from 'zod';
import type { Account } from '../../adapters/account-store/account-store.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import type { AddressTroubles } from '../letters/post.ts';
import {
  beginEmailChange,
  type ChangeEmailNeeds,
  type ChangeEmailProblem,
  cancelEmailChange,
  proveOldAddress,
  repeatEmailCode,
} from './change-email.ts';
import { type DataHeldNeeds, dataHeld } from './data-held.ts';
import {
  beginDeletion,
  cancelDeletion,
  type DeleteAccountNeeds,
  repeatDeletionCode,
  requestDeletion,
} from './delete-account.ts';
import type { Doorkeeper } from './enter.ts';
import { provePassword } from './prove-password.ts';
import { goTo, rooms } from './rooms.ts';

export type AccountRoomNeeds = ChangeEmailNeeds &
  DeleteAccountNeeds &
  DataHeldNeeds & {
    readonly doorkeeper: Doorkeeper;
    readonly troubles: AddressTroubles;
    readonly notices: Notices;
    readonly readForm: ReadForm;
  };

type Problem = ChangeEmailProblem | undefined;

const text = z.string().max(1_000);

export function accountRooms(router: Router<GatewayState>, needs: AccountRoomNeeds): void {
  const { doorkeeper, readForm, notices, deletions, secrets, emailChanges, events } = needs;
  const { show, act } = rooms(router, doorkeeper);
  const statusOf = (ctx: GatewayContext, problem: Problem) => {
    if (problem) ctx.status = STATUS[problem.code] ?? 422;
  };

  const emailRoom = async (ctx: GatewayContext, account: Account, problem?: Problem, typed = '') => {
    const change = await emailChanges.pending(account.id);
    const own = parseEmailAddress(account.verifiedEmail ?? '');
    const trouble = own.ok ? await needs.troubles.troubleWith(own.key) : undefined;
    statusOf(ctx, problem);
    ctx.render('cabinet/email', {
      ...(account.verifiedEmail !== undefined && { email: account.verifiedEmail }),
      troubled: trouble !== undefined,
      typed,
      ...(change && {
        pending: { address: change.address.original, stage: change.proved ? 'link' : 'code' },
      }),
      ...(problem && { problem }),
    });
  };
  show('/email', (ctx, { account }) => emailRoom(ctx, account));
  act('/email', async (ctx, { account }) => {
    const form = readForm(ctx, { email: text, password: text });
    const problem = await beginEmailChange(needs, account, ctx.state.origin, form);
    await (problem ? emailRoom(ctx, account, problem, form.email) : goTo(ctx, '/cabinet/email'));
  });
  act('/email/code', async (ctx, { account }) => {
    const { code } = readForm(ctx, { code: text });
    const problem = await proveOldAddress(needs, account, ctx.state.origin, code);
    await (problem ? emailRoom(ctx, account, problem) : goTo(ctx, '/cabinet/email'));
  });
  act('/email/again', async (ctx, { account }) => {
    readForm(ctx, {});
    const problem = await repeatEmailCode(needs, account);
    await (problem ? emailRoom(ctx, account, problem) : goTo(ctx, '/cabinet/email'));
  });
  act('/email/cancel', async (ctx, { account }) => {
    readForm(ctx, {});
    await cancelEmailChange(needs, account, ctx.state.origin);
    goTo(ctx, '/cabinet/email');
  });

  const deleteRoom = async (ctx: GatewayContext, account: Account, problem?: Problem) => {
    const deletion = await deletions.of(account.id);
    const coded = await secrets.issuedAt('delete-account', account.id);
    statusOf(ctx, problem);
    const stage = deletion ? 'waiting' : coded ? 'code' : 'effects';
    // A code that has expired meanwhile has no field any more.
    const shown =
      problem?.field === 'code' && stage !== 'code' ? { ...problem, field: 'form' as const } : problem;
    ctx.render('cabinet/delete', {
      stage,
      ...(deletion && { due: deletion.due }),
      ...(shown && { problem: shown }),
    });
  };
  show('/delete', (ctx, { account }) => deleteRoom(ctx, account));
  act('/delete', async (ctx, { account }) => {
    const { password } = readForm(ctx, { password: text });
    const problem = await beginDeletion(needs, account, ctx.state.origin, password);
    await (problem ? deleteRoom(ctx, account, problem) : goTo(ctx, '/cabinet/delete'));
  });
  act('/delete/code', async (ctx, { account }) => {
    const { code } = readForm(ctx, { code: text });
    const problem = await requestDeletion(needs, account, ctx.state.origin, code);
    await (problem ? deleteRoom(ctx, account, problem) : goTo(ctx, '/cabinet/delete'));
  });
  act('/delete/again', async (ctx, { account }) => {
    readForm(ctx, {});
    const problem = await repeatDeletionCode(needs, account);
    await (problem ? deleteRoom(ctx, account, problem) : goTo(ctx, '/cabinet/delete'));
  });
  act('/delete/cancel', async (ctx, { account }) => {
    readForm(ctx, {});
    await cancelDeletion(needs, account, ctx.state.origin);
    notices.leave(ctx, 'deletion_cancelled');
    goTo(ctx, '/cabinet');
  });

  const dataRoom = async (ctx: GatewayContext, account: Account, problem?: Problem) => {
    const held = await dataHeld(needs, account);
    statusOf(ctx, problem);
    ctx.render('cabinet/data', {
      categories: held.map(({ category, records }) => ({ key: category, count: records.length })),
      ...(problem && { problem }),
    });
  };
  show('/data', (ctx, { account }) => dataRoom(ctx, account));
  act('/data/file', async (ctx, { account }) => {
    const { password } = readForm(ctx, { password: text });
    const { origin } = ctx.state;
    const problem = await provePassword(needs, account, origin, password, 'data_export');
    if (problem) return dataRoom(ctx, account, problem);
    const held = await dataHeld(needs, account);
    await events.dataExported(origin, account.id);
    ctx.set('Content-Disposition', 'attachment; filename="union-id-data.json"');
    ctx.type = 'application/json; charset=utf-8';
    const sections = Object.fromEntries(held.map(({ category, records }) => [category, records]));
    ctx.body = `${JSON.stringify({ madeAt: new Date(), ...sections }, undefined, 2)}\n`;
  });
}

const STATUS: Readonly<Record<string, number>> = { throttled: 429, overloaded: 503 };
