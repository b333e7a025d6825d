/**
 * A consent as a document of its own: chosen, opened, signed by a mailed code. Three pages, each of which can be
 * come back to; nothing is ticked beforehand, and membership depends on none of it.
 */

import type Router from '@koa/router';
import { z } from 'zod';
import {
  CONSENT_TYPES,
  type ConsentType,
  type DocumentStore,
  type Signing,
} from '../../adapters/document-store/document-store.ts';
import { CHANNELS, SENDERS } from '../../adapters/message-channels/message-channels.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import { type ConsentTextNeeds, writeConsent } from '../consents/consent-text.ts';
import { paragraphsOf } from '../documents/paragraphs.ts';
import type { SigningProblem, Signings } from '../documents/signing.ts';
import type { Templates } from '../documents/write-documents.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { Doorkeeper, Visitor } from './enter.ts';
import { goTo, rooms } from './rooms.ts';

export type ConsentSigningNeeds = Omit<ConsentTextNeeds, 'templates'> & {
  readonly templates: Templates;
  readonly doorkeeper: Doorkeeper;
  readonly documents: DocumentStore;
  readonly signings: Signings;
  readonly secrets: Pick<OneTimeSecrets, 'issuedAt'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

const LIST = '/cabinet/documents';
const ticked = z.literal('yes').optional();
/** Of union_messages; the others post nothing. */
const choiceForm = { email: ticked, sms: ticked, push: ticked, union: ticked, organisations: ticked };
const termsForm = { terms: ticked, terms_version: z.string().max(20).optional() };
const codeForm = { code: z.string().max(100) };

export function consentRooms(router: Router<GatewayState>, needs: ConsentSigningNeeds): void {
  const { doorkeeper, documents, signings, secrets, templates, notices, readForm } = needs;
  const { show, act } = rooms(router, doorkeeper);
  const pathOf = ({ id }: Signing, type: ConsentType) => `/cabinet/consents/${type}/${id}`;

  const findSigning = async (ctx: GatewayContext, { account }: Visitor) => {
    const type = typeOf(ctx);
    const signing = await signings.signing(account, paramOf(ctx, 'signing'));
    return { type, signing: signing?.purpose === `consent:${type}` ? signing : undefined };
  };
  /** Gone: replaced by a newer choice, or never hers. Signed: there is nothing left to do. */
  const withSigning =
    (room: (ctx: GatewayContext, visitor: Visitor, type: ConsentType, signing: Signing) => Promise<void>) =>
    async (ctx: GatewayContext, visitor: Visitor): Promise<void> => {
      const { type, signing } = await findSigning(ctx, visitor);
      if (!signing) return goTo(ctx, `/cabinet/consents/${type}`);
      if (signing.signedAt) return goTo(ctx, LIST);
      await room(ctx, visitor, type, signing);
    };

  const showText = async (
    ctx: GatewayContext,
    { account }: Visitor,
    type: ConsentType,
    signing: Signing,
    problem?: SigningProblem,
  ): Promise<void> => {
    const accepted = await documents.acceptedTerms(account.id);
    const { version } = templates.currentTerms();
    const [document] = signing.documents;
    if (problem) ctx.status = 422;
    ctx.render('cabinet/consent-text', {
      type,
      title: document?.title ?? '',
      blocks: paragraphsOf(document?.body ?? '').filter(({ kind }) => kind !== 'title'),
      action: pathOf(signing, type),
      termsVersion: version,
      ...(accepted !== version && { terms: `/join/terms/${version}` }),
      ...(problem && { problem: { field: problem === 'signing_terms' ? 'terms' : 'form', code: problem } }),
    });
  };

  show('/consents/:type', async (ctx, { account }) => {
    const type = typeOf(ctx);
    if (!account.name) return goTo(ctx, LIST);
    // The code that signs it comes by letter.
    if (account.verifiedEmail === undefined) return goTo(ctx, '/cabinet/email');
    ctx.render('cabinet/consent', { type, action: `/cabinet/consents/${type}`, ticked: {} });
  });

  act('/consents/:type', async (ctx, { account }) => {
    const type = typeOf(ctx);
    const chosen = readForm(ctx, type === 'union_messages' ? choiceForm : {});
    const isTicked = (name: string) => (chosen as Readonly<Record<string, unknown>>)[name] === 'yes';
    const choice = { channels: CHANNELS.filter(isTicked), senders: SENDERS.filter(isTicked) };
    const problem = type === 'union_messages' ? choiceProblem(choice) : undefined;
    if (problem) {
      ctx.status = 422;
      const names = [...choice.channels, ...choice.senders];
      ctx.render('cabinet/consent', {
        type,
        action: `/cabinet/consents/${type}`,
        ticked: Object.fromEntries(names.map((name) => [name, true])),
        problem,
      });
      return;
    }
    const document = await writeConsent(needs, account, type, choice);
    if (!document) return goTo(ctx, LIST);
    const signing = await signings.prepare(account, `consent:${type}`, [document]);
    for (const { id } of signing.documents) await signings.open(account, id, ctx.state.origin);
    goTo(ctx, pathOf(signing, type));
  });

  show('/consents/:type/:signing', withSigning(showText));

  act('/consents/:type/:signing', async (ctx, visitor) => {
    const { terms, terms_version: shown } = readForm(ctx, termsForm);
    await withSigning(async (_ctx, { account }, type, signing) => {
      const { version } = templates.currentTerms();
      // A tick is for the terms that were shown.
      if (terms && shown === version && (await documents.acceptedTerms(account.id)) !== version) {
        await signings.acceptTerms(account, version, ctx.state.origin);
      }
      const outcome = await signings.sendCode(account, signing.id, ctx.state.origin);
      if (outcome.kind === 'refused') return showText(ctx, visitor, type, signing, outcome.problem);
      goTo(ctx, outcome.kind === 'already-signed' ? LIST : `${pathOf(signing, type)}/code`);
    })(ctx, visitor);
  });

  const showCode = async (
    ctx: GatewayContext,
    { account }: Visitor,
    type: ConsentType,
    signing: Signing,
    problem?: { readonly field: 'code' | 'form'; readonly code: SigningProblem },
  ): Promise<void> => {
    const path = pathOf(signing, type);
    if (problem) ctx.status = 422;
    ctx.render('cabinet/consent-code', {
      title: signing.documents[0]?.title ?? '',
      sent: (await secrets.issuedAt('sign', signing.id)) !== undefined,
      address: account.verifiedEmail ?? '',
      action: `${path}/code`,
      againAction: `${path}/again`,
      textPath: path,
      ...(problem && { problem }),
    });
  };

  show('/consents/:type/:signing/code', withSigning(showCode));

  act('/consents/:type/:signing/again', async (ctx, visitor) => {
    readForm(ctx, {});
    await withSigning(async (_ctx, { account }, type, signing) => {
      const outcome = await signings.sendCode(account, signing.id, ctx.state.origin);
      if (outcome.kind === 'refused' || outcome.kind === 'standing') {
        const code = outcome.kind === 'refused' ? outcome.problem : 'signing_resend_early';
        return showCode(ctx, visitor, type, signing, { field: 'form', code });
      }
      goTo(ctx, outcome.kind === 'sent' ? `${pathOf(signing, type)}/code` : LIST);
    })(ctx, visitor);
  });

  act('/consents/:type/:signing/code', async (ctx, visitor) => {
    const { code } = readForm(ctx, codeForm);
    await withSigning(async (_ctx, { account }, type, signing) => {
      // What follows from the consent is part of its signature: effective-documents.ts.
      const outcome = await signings.sign(account, signing.id, code, ctx.state.origin, async () => {});
      if (outcome.kind === 'refused' || outcome.kind === 'wrong') {
        return showCode(ctx, visitor, type, signing, { field: 'code', code: outcome.problem });
      }
      notices.leave(ctx, 'consent_signed');
      goTo(ctx, LIST);
    })(ctx, visitor);
  });
}

function typeOf(ctx: GatewayContext): ConsentType {
  const asked = paramOf(ctx, 'type');
  const type = CONSENT_TYPES.find((known) => known === asked);
  if (!type) throw new GatewayError('not_found');
  return type;
}

function choiceProblem({
  channels,
  senders,
}: {
  readonly channels: readonly unknown[];
  readonly senders: readonly unknown[];
}) {
  if (channels.length === 0) return { field: 'email', code: 'channels_missing' } as const;
  if (senders.length === 0) return { field: 'union', code: 'senders_missing' } as const;
  return undefined;
}
