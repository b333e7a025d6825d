/** The rooms where an account is seen as a whole, given another address, or ended. */
import type Router from '@koa/router';
import { z } from 'zod';
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
import type { Doorkeeper, Visitor } from './enter.ts';
import { proofOf, provePerson } from './prove-person.ts';
import { goTo, rooms, statusOf } from './rooms.ts';

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
/** Not in the form of whoever has none. */
const password = text.optional();

export function accountRooms(router: Router<GatewayState>, needs: AccountRoomNeeds): void {
  const { doorkeeper, readForm, notices, deletions, secrets, emailChanges, events } = needs;
  const { show, act } = rooms(router, doorkeeper);

  const emailRoom = async (ctx: GatewayContext, visitor: Visitor, problem?: Problem, typed = '') => {
    const { account } = visitor;
    const change = await emailChanges.pending(account.id);
    const own = parseEmailAddress(account.verifiedEmail ?? '');
    const trouble = own.ok ? await needs.troubles.troubleWith(own.key) : undefined;
    statusOf(ctx, problem);
    ctx.render('cabinet/email', {
      ...(account.verifiedEmail !== undefined && { email: account.verifiedEmail }),
      troubled: trouble !== undefined,
      proof: await proofOf(needs, visitor),
      typed,
      ...(change && {
        pending: { address: change.address.original, stage: change.proved ? 'link' : 'code' },
      }),
      ...(problem && { problem }),
    });
  };
  show('/email', (ctx, visitor) => emailRoom(ctx, visitor));
  act('/email', async (ctx, visitor) => {
    const form = readForm(ctx, { email: text, password });
    const problem = await beginEmailChange(needs, visitor, ctx.state.origin, form);
    await (problem ? emailRoom(ctx, visitor, problem, form.email) : goTo(ctx, '/cabinet/email'));
  });
  act('/email/code', async (ctx, visitor) => {
    const { code } = readForm(ctx, { code: text });
    const problem = await proveOldAddress(needs, visitor.account, ctx.state.origin, code);
    await (problem ? emailRoom(ctx, visitor, problem) : goTo(ctx, '/cabinet/email'));
  });
  act('/email/again', async (ctx, visitor) => {
    readForm(ctx, {});
    const problem = await repeatEmailCode(needs, visitor.account);
    await (problem ? emailRoom(ctx, visitor, problem) : goTo(ctx, '/cabinet/email'));
  });
  act('/email/cancel', async (ctx, { account }) => {
    readForm(ctx, {});
    await cancelEmailChange(needs, account, ctx.state.origin);
    goTo(ctx, '/cabinet/email');
  });

  const deleteRoom = async (ctx: GatewayContext, visitor: Visitor, problem?: Problem) => {
    const { account } = visitor;
    const deletion = await deletions.of(account.id);
    const coded = await secrets.issuedAt('delete-account', account.id);
    statusOf(ctx, problem);
    const stage = deletion ? 'waiting' : coded ? 'code' : 'effects';
    // A code that has expired meanwhile has no field any more.
    const shown =
      problem?.field === 'code' && stage !== 'code' ? { ...problem, field: 'form' as const } : problem;
    ctx.render('cabinet/delete', {
      stage,
      proof: await proofOf(needs, visitor),
      byCode: account.verifiedEmail !== undefined,
      ...(deletion && { due: deletion.due }),
      ...(shown && { problem: shown }),
    });
  };
  show('/delete', (ctx, visitor) => deleteRoom(ctx, visitor));
  act('/delete', async (ctx, visitor) => {
    const form = readForm(ctx, { password });
    const problem = await beginDeletion(needs, visitor, ctx.state.origin, form.password);
    await (problem ? deleteRoom(ctx, visitor, problem) : goTo(ctx, '/cabinet/delete'));
  });
  act('/delete/code', async (ctx, visitor) => {
    const { code } = readForm(ctx, { code: text });
    const problem = await requestDeletion(needs, visitor.account, ctx.state.origin, code);
    await (problem ? deleteRoom(ctx, visitor, problem) : goTo(ctx, '/cabinet/delete'));
  });
  act('/delete/again', async (ctx, visitor) => {
    readForm(ctx, {});
    const problem = await repeatDeletionCode(needs, visitor.account);
    await (problem ? deleteRoom(ctx, visitor, problem) : goTo(ctx, '/cabinet/delete'));
  });
  act('/delete/cancel', async (ctx, { account }) => {
    readForm(ctx, {});
    await cancelDeletion(needs, account, ctx.state.origin);
    notices.leave(ctx, 'deletion_cancelled');
    goTo(ctx, '/cabinet');
  });

  const dataRoom = async (ctx: GatewayContext, visitor: Visitor, problem?: Problem) => {
    const held = await dataHeld(needs, visitor.account);
    statusOf(ctx, problem);
    ctx.render('cabinet/data', {
      categories: held.map(({ category, records }) => ({ key: category, count: records.length })),
      proof: await proofOf(needs, visitor),
      ...(problem && { problem }),
    });
  };
  show('/data', (ctx, visitor) => dataRoom(ctx, visitor));
  act('/data/file', async (ctx, visitor) => {
    const form = readForm(ctx, { password });
    const { account } = visitor;
    const { origin } = ctx.state;
    const problem = await provePerson(needs, visitor, origin, form.password, 'data_export');
    if (problem) return dataRoom(ctx, visitor, problem);
    const held = await dataHeld(needs, account);
    await events.dataExported(origin, account.id);
    ctx.set('Content-Disposition', 'attachment; filename="union-id-data.json"');
    ctx.type = 'application/json; charset=utf-8';
    const sections = Object.fromEntries(held.map(({ category, records }) => [category, records]));
    ctx.body = `${JSON.stringify({ madeAt: new Date(), ...sections }, undefined, 2)}\n`;
  });
}
