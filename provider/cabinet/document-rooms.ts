/** «Мои документы» (C-40): what was signed, as it was signed, and the way to withdraw what may be withdrawn. */

import type Router from '@koa/router';
import type { ApplicationStore } from '../../adapters/application-store/application-store.ts';
import type { StoredDocument } from '../../adapters/document-store/document-store.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { MessageChannels } from '../../adapters/message-channels/message-channels.ts';
import { type WithdrawNeeds, withdrawConsent } from '../consents/withdraw.ts';
import { documentPdf } from '../documents/pdf.ts';
import type { Templates } from '../documents/write-documents.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import { checkDocument, documentPage, documentsPage, stateOf } from './documents-page.ts';
import type { Doorkeeper } from './enter.ts';
import { goTo, rooms } from './rooms.ts';

export type DocumentNeeds = WithdrawNeeds & {
  readonly doorkeeper: Doorkeeper;
  readonly applications: ApplicationStore;
  readonly channels: MessageChannels;
  readonly templates: Pick<Templates, 'currentConsent'>;
  /** Files made for one account. */
  readonly pdfs: Pick<Limiter, 'take'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

/** One costs the event loop as much as ten sign-ins; nobody reads more of them in a minute. */
export const PDFS_PER_ACCOUNT = { points: 20, seconds: 60 } as const;

const LIST = '/cabinet/documents';

export function documentRooms(router: Router<GatewayState>, needs: DocumentNeeds): void {
  const { doorkeeper, documents, applications, channels, templates, pdfs, notices, readForm } = needs;
  const { show, act } = rooms(router, doorkeeper);

  /** Of this account: anybody else's does not exist. */
  const find = async (ctx: GatewayContext, accountId: string) => {
    const all = await documents.documentsOf(accountId);
    const id = paramOf(ctx, 'id');
    const document = all.find((each) => each.id === id);
    if (!document) throw new GatewayError('not_found');
    return { document, all };
  };

  show('/documents', async (ctx, { account }) => {
    const [all, sent, open] = await Promise.all([
      documents.documentsOf(account.id),
      applications.of(account.id),
      channels.channelsOf(account.id),
    ]);
    const notice = notices.take(ctx);
    ctx.render('cabinet/documents', {
      ...documentsPage(account, all, sent, open, templates.currentConsent),
      ...(notice && { notice }),
    });
  });

  show('/documents/:id', async (ctx, { account }) => {
    const { document, all } = await find(ctx, account.id);
    ctx.render('cabinet/document', documentPage(document, all, await channels.channelsOf(account.id)));
  });
  // After the page: of several routes that match the last one answers.
  show('/documents/:id.pdf', async (ctx, { account }) => {
    const { document } = await find(ctx, account.id);
    if (!document.signing) throw new GatewayError('not_found');
    const { allowed, retryAfter } = await pdfs.take(account.id);
    if (!allowed) throw new GatewayError('too_many_requests', { retryAfter: Math.max(1, retryAfter) });
    ctx.body = await documentPdf(document);
    ctx.type = 'application/pdf';
    ctx.attachment(fileName(document));
  });

  act('/documents/:id/check', async (ctx, { account }) => {
    readForm(ctx, {});
    const { document, all } = await find(ctx, account.id);
    if (!document.signing) throw new GatewayError('not_found');
    const open = await channels.channelsOf(account.id);
    ctx.render('cabinet/document', documentPage(document, all, open, checkDocument(document)));
  });

  show('/documents/:id/withdraw', async (ctx, { account }) => {
    const { document, all } = await find(ctx, account.id);
    const { type } = document;
    if (type === 'application') throw new GatewayError('not_found');
    // An older page, or a second tab: what there is to see is in the list.
    if (stateOf(document, all) !== 'in_force') return goTo(ctx, LIST);
    const path = `${LIST}/${document.id}`;
    ctx.render('cabinet/withdraw', { type, documentPath: path, action: `${path}/withdraw` });
  });
  act('/documents/:id/withdraw', async (ctx, { account }) => {
    readForm(ctx, {});
    const { document } = await find(ctx, account.id);
    if (document.type === 'application') throw new GatewayError('not_found');
    // Withdrawn a moment ago by another click: to the person the same.
    await withdrawConsent(needs, account, document, ctx.state.origin);
    notices.leave(ctx, 'consent_withdrawn');
    goTo(ctx, LIST);
  });
}

/** RFC 6266; what it is and when, never whose. */
function fileName({ type, version, signing }: StoredDocument): string {
  const day = (signing?.signedAt ?? new Date()).toISOString().slice(0, 10);
  return `${type.replaceAll('_', '-')}-${version}-${day}.pdf`;
}
