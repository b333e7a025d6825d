/** «Защита входа»: code applications, passkeys and codes on paper, seen, added and removed by whoever has proved herself. */

import type Router from '@koa/router';
import type Provider from 'oidc-provider';
import QRCode from 'qrcode';
import { z } from 'zod';
import { GatewayError } from '../errors.ts';
import type { DeviceKind } from '../events/protection.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { paramOf } from '../http/param.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { SessionEnder } from '../oidc/end-session.ts';
import {
  addCodeApp,
  addPasskey,
  askAlways,
  type ChangeFactorNeeds,
  makeRecoveryCodes,
  readName,
  removeFactor,
} from '../second-factor/change-factors.ts';
import type { Enrolments } from '../second-factor/enrolments.ts';
import type { PasskeyParty } from '../second-factor/passkeys.ts';
import { spelledCode } from '../second-factor/recovery-codes.ts';
import { enrolmentUri, stepOf } from '../second-factor/time-code.ts';
import type { Visitor } from './enter.ts';
import { type ProofRoomNeeds, proofRooms, type ShowProtection } from './proof-rooms.ts';
import { PROTECTION, pathOfDevice, protectionPage } from './protection-page.ts';
import { goTo, type Room, rooms, statusOf } from './rooms.ts';

export type ProtectionRoomNeeds = Omit<ProofRoomNeeds, 'passkeyParty'> &
  ChangeFactorNeeds & {
    readonly provider: Provider;
    readonly issuer: string;
    readonly passkeyParty: PasskeyParty;
    readonly enrolments: Enrolments;
    readonly sessions: Pick<SessionEnder, 'endAllOthers'>;
  };

type AppProblem = Screens['cabinet/code-app']['problem'];

const text = z.string().max(200);
const NEW_APP = `${PROTECTION}/app`;

export function protectionRooms(router: Router<GatewayState>, needs: ProtectionRoomNeeds): void {
  const { doorkeeper, recentProofs, protections, enrolments, passkeyParty, notices, readForm } = needs;
  const { show, act } = rooms(router, doorkeeper);
  const { host } = new URL(needs.issuer);

  const page: ShowProtection = async (ctx, visitor, problem) => {
    const notice = notices.take(ctx);
    statusOf(ctx, problem);
    const typedName = problem?.field === 'name' ? String(problem.params?.typed ?? '') : '';
    ctx.render('cabinet/protection', {
      ...(await protectionPage(needs, visitor)),
      typedName,
      ...(problem && { problem }),
      ...(notice && { notice }),
    });
  };
  show('/protection', (ctx, visitor) => page(ctx, visitor));
  proofRooms(router, needs, page);

  /** For whoever has proved herself within minutes; the others see what is asked first. */
  const proved =
    (room: Room): Room =>
    async (ctx, visitor) => {
      const isProved = await recentProofs.stands(visitor, await protections.of(visitor.account.id));
      await (isProved ? room(ctx, visitor) : goTo(ctx, PROTECTION));
    };
  const done = (ctx: GatewayContext, notice: Parameters<typeof notices.leave>[1]) => {
    notices.leave(ctx, notice);
    goTo(ctx, PROTECTION);
  };

  act(
    '/protection/app/new',
    proved(async (ctx, { session }) => {
      readForm(ctx, {});
      await enrolments.begin(session.uid);
      goTo(ctx, NEW_APP);
    }),
  );
  const appRoom = async (ctx: GatewayContext, secret: string, typedName = '', problem?: AppProblem) => {
    statusOf(ctx, problem);
    ctx.render('cabinet/code-app', {
      ...{ picture: `${NEW_APP}.svg`, action: NEW_APP, typedName },
      secret: secret.replace(/(.{4})(?=.)/g, '$1 '),
      ...(problem && { problem }),
    });
  };
  show(
    '/protection/app',
    proved(async (ctx, { session }) => {
      const secret = await enrolments.secretOf(session.uid);
      await (secret === undefined ? goTo(ctx, PROTECTION) : appRoom(ctx, secret));
    }),
  );
  show(
    '/protection/app.svg',
    proved(async (ctx, { account, session }) => {
      const secret = await enrolments.secretOf(session.uid);
      if (secret === undefined) throw new GatewayError('not_found');
      const uri = enrolmentUri(secret, host, account.verifiedEmail ?? account.id);
      ctx.type = 'image/svg+xml';
      ctx.body = await QRCode.toString(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
    }),
  );
  act(
    '/protection/app',
    proved(async (ctx, visitor) => {
      const { code, name: typed } = readForm(ctx, { code: text, name: text });
      const { account, session } = visitor;
      const secret = await enrolments.secretOf(session.uid);
      if (secret === undefined) return page(ctx, visitor, { field: 'form', code: 'enrolment_over' });
      const named = readName(typed);
      if ('fault' in named) return appRoom(ctx, secret, typed, { field: 'name', code: named.fault });
      const step = stepOf(secret, code, needs.clock.now());
      if (step === undefined) {
        const missing = code.trim() === '';
        return appRoom(ctx, secret, typed, {
          field: 'code',
          code: missing ? 'code_missing' : 'app_code_wrong',
        });
      }
      if (!(await enrolments.take(session.uid))) return goTo(ctx, PROTECTION);
      const problem = await addCodeApp(needs, account, ctx.state.origin, { ...named, secret, step });
      await (problem ? page(ctx, visitor, { field: 'form', code: problem }) : done(ctx, 'factor_added'));
    }),
  );

  act(
    '/protection/passkeys/options',
    proved(async (ctx, { account, session }) => {
      readForm(ctx, {});
      ctx.body = await passkeyParty.askToAdd(`add:${session.uid}`, account);
    }),
  );
  act(
    '/protection/passkeys',
    proved(async (ctx, visitor) => {
      const { response, name: typed } = readForm(ctx, { response: z.string().max(20_000), name: text });
      const { account, session } = visitor;
      const named = readName(typed);
      if ('fault' in named) {
        return page(ctx, visitor, { field: 'name', code: named.fault, params: { typed } });
      }
      const added = await passkeyParty.readAdded(`add:${session.uid}`, response, account.id);
      const problem = added
        ? await addPasskey(needs, account, ctx.state.origin, { ...added, ...named })
        : 'passkey_not_added';
      await (problem ? page(ctx, visitor, { field: 'form', code: problem }) : done(ctx, 'factor_added'));
    }),
  );

  act(
    '/protection/recovery',
    proved(async (ctx, { account }) => {
      readForm(ctx, {});
      const codes = (await makeRecoveryCodes(needs, account, ctx.state.origin)).map(spelledCode);
      // The answer itself: nothing keeps them to be shown after a redirect.
      ctx.render('cabinet/recovery-codes', {
        ...{ codes, host, email: account.verifiedEmail ?? account.id, madeAt: needs.clock.now() },
        file: `data:text/plain;charset=utf-8,${encodeURIComponent(`${host}\r\n${codes.join('\r\n')}\r\n`)}`,
      });
    }),
  );

  const kindOf = (ctx: GatewayContext): DeviceKind => {
    const kind = paramOf(ctx, 'kind');
    if (kind !== 'code_app' && kind !== 'passkey') throw new GatewayError('not_found');
    return kind;
  };
  const removeRoom = async (ctx: GatewayContext, { account }: Visitor, isAsked: boolean) => {
    const kind = kindOf(ctx);
    const id = paramOf(ctx, 'factor');
    const all = await (kind === 'passkey' ? needs.passkeys : needs.codeApps).of(account.id);
    const found = all.find((one) => one.id === id);
    if (!found) return goTo(ctx, PROTECTION);
    const { name } = found;
    const problem = isAsked
      ? await removeFactor(needs, account, ctx.state.origin, { kind, id, name })
      : undefined;
    if (isAsked && !problem) return done(ctx, 'factor_removed');
    if (problem) ctx.status = 422;
    ctx.render('cabinet/remove-factor', {
      ...{ kind, name, action: pathOfDevice(kind, id) },
      ...(problem && { problem: { field: 'form', code: problem } }),
    });
  };
  const REMOVE = '/protection/:kind/:factor/remove';
  show(
    REMOVE,
    proved((ctx, visitor) => removeRoom(ctx, visitor, false)),
  );
  act(
    REMOVE,
    proved(async (ctx, visitor) => {
      readForm(ctx, {});
      await removeRoom(ctx, visitor, true);
    }),
  );

  act(
    '/protection/always',
    proved(async (ctx, visitor) => {
      const wanted = readForm(ctx, { wanted: z.enum(['yes', 'no']) }).wanted === 'yes';
      const { account, session } = visitor;
      const problem = await askAlways(needs, account, ctx.state.origin, wanted);
      if (problem) return page(ctx, visitor, { field: 'form', code: problem });
      // Whoever has come in by the password alone is out.
      if (wanted) await needs.sessions.endAllOthers(needs.provider, account.id, session.uid);
      done(ctx, wanted ? 'second_proof_on' : 'second_proof_off');
    }),
  );
}
