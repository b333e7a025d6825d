/** Documents before the signature (C-17, C-18, C-32 … C-35): to be reviewed, opened, and sent a code for. */

import { z } from 'zod';
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { DocumentStore, Signing } from '../../adapters/document-store/document-store.ts';
import { dayInMoscow, formatCalendarDate } from '../data-rules/calendar-date.ts';
import { paragraphsOf } from '../documents/paragraphs.ts';
import type { SigningProblem, Signings } from '../documents/signing.ts';
import type { Templates } from '../documents/write-documents.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import { paramOf } from '../http/param.ts';
import { applicationDraftOf, readApplication } from './application-form.ts';
import { tick } from './person-fields.ts';
import { formOf, type Guest, leadTo, overviewOf, type Rooms } from './rooms.ts';

export type DocumentNeeds = {
  readonly signings: Signings;
  readonly documents: Pick<DocumentStore, 'acceptedTerms'>;
  readonly templates: Pick<Templates, 'currentTerms' | 'unionConsent' | 'messagesConsent'>;
  readonly clock: Clock;
  readonly readForm: ReadForm;
};

const BLANK = '________';

export function documentRooms(needs: DocumentNeeds, { show, act }: Rooms): void {
  const { signings, documents, templates, clock, readForm } = needs;

  const signingOf = async ({ account, draft }: Guest): Promise<Signing | undefined> =>
    draft?.signingId === undefined ? undefined : signings.signing(account, draft.signingId);

  /** Asked again only when newer ones were published since the person accepted them (63-ФЗ art. 9 part 2). */
  const termsToAccept = async (account: Account): Promise<{ readonly version: string } | undefined> => {
    const { version } = templates.currentTerms();
    return (await documents.acceptedTerms(account.id)) === version ? undefined : { version };
  };

  const overview = async (ctx: GatewayContext, guest: Guest, problem?: SigningProblem): Promise<void> => {
    const { account, draft } = guest;
    const signing = await signingOf(guest);
    if (!draft || !signing) return leadTo(ctx, draft?.finishedAt ? '/join/done' : formOf(draft?.variant));
    const terms = await termsToAccept(account);
    if (problem) ctx.status = problem.startsWith('signing_too_many') ? 429 : 422;
    const shown = {
      documents: signing.documents.map(({ id, type, title, openedAt }) => ({
        id,
        type,
        title,
        opened: openedAt !== undefined,
      })),
      ...(terms && { terms }),
      ...(problem && { problem: { field: 'form', code: problem } as const }),
    };
    if (draft.variant !== 'application') return ctx.render('join/documents', shown);
    const form = applicationDraftOf(draft);
    const read = form && readApplication(form, dayInMoscow(clock.now()));
    if (!read?.ok) return leadTo(ctx, formOf(draft.variant));
    const { application } = read;
    ctx.render('join/review', {
      ...shown,
      application: { ...application, birthdate: formatCalendarDate(application.birthdate) },
      messages: form?.typed.union_messages === 'yes',
    });
  };

  for (const variant of ['ticket', 'application'] as const) {
    show(overviewOf(variant).slice('/join'.length), async (ctx, guest) => {
      const right = overviewOf(guest.draft?.variant);
      if (ctx.path === right) await overview(ctx, guest);
      else leadTo(ctx, right);
    });
  }

  act('/documents/sign', async (ctx, guest) => {
    const { account } = guest;
    const posted = readForm(ctx, { terms: tick, terms_version: z.string().max(20).optional() });
    const { version } = templates.currentTerms();
    if (posted.terms === 'yes' && posted.terms_version === version) {
      await signings.acceptTerms(account, version, ctx.state.origin);
    }
    const signing = await signingOf(guest);
    if (!signing) return overview(ctx, guest);
    const outcome = await signings.sendCode(account, signing.id, ctx.state.origin);
    if (outcome.kind === 'refused') return overview(ctx, guest, outcome.problem);
    leadTo(ctx, outcome.kind === 'already-signed' ? '/join/done' : '/join/code');
  });

  /** «Согласие»: remembered, then shown; a page that is merely fetched was opened by nobody. */
  act('/documents/:id/open', async (ctx, { account }) => {
    readForm(ctx, {});
    const document = await signings.open(account, paramOf(ctx, 'id'), ctx.state.origin);
    if (!document) throw new GatewayError('not_found');
    leadTo(ctx, `/join/documents/${document.id}`);
  });

  show('/documents/:id', async (ctx, guest) => {
    const signing = await signingOf(guest);
    const document = signing?.documents.find(({ id }) => id === paramOf(ctx, 'id'));
    if (!document) return leadTo(ctx, overviewOf(guest.draft?.variant));
    ctx.render('join/document', {
      blocks: paragraphsOf(document.body),
      version: document.version,
      back: overviewOf(guest.draft?.variant),
    });
  });

  /** The text of a consent before there is anything to put into it: to be read beside the tick. */
  show('/consents/:type', (ctx, { account }) => {
    const blank = {
      name: { family: BLANK, given: BLANK },
      email: account.verifiedEmail ?? BLANK,
      birthdate: BLANK,
      phone: BLANK,
      ticket: BLANK,
    };
    const documentsByType = {
      union_pd: () => templates.unionConsent(blank),
      union_messages: () =>
        templates.messagesConsent(blank, {
          channels: ['sms', 'push', 'email'],
          senders: ['union', 'organisations'],
        }),
    };
    const type = z.enum(['union_pd', 'union_messages']).safeParse(paramOf(ctx, 'type'));
    if (!type.success) throw new GatewayError('not_found');
    const { body, version } = documentsByType[type.data]();
    ctx.render('join/document', { blocks: paragraphsOf(body), version });
  });
}
