/**
 * «Получить сертификат»: the full name is asked of the gateway when somebody wants a certificate, by an authorization
 * request of its own, and is kept with the certificate alone. Afterwards the page can be printed at any time.
 */
import Router from '@koa/router';
import { z } from 'zod';
import type { Attempt, Attempts } from '../quiz/attempts.ts';
import { dayOf, yearOf } from '../quiz/moments.ts';
import type { QuestionBook } from '../quiz/question-book.ts';
import { finishedOf } from '../quiz/standing.ts';
import { type Authorization, declineTo, type Purpose } from '../relying-party/authorization.ts';
import { type PortalContext, type PortalState, seeOther } from '../relying-party/context.ts';
import { PortalError } from '../relying-party/errors.ts';
import type { ReadForm } from '../relying-party/forms.ts';
import { withNotice } from '../relying-party/pages.ts';
import type { Session, Sessions } from '../relying-party/sessions.ts';
import { signedInOnly } from '../relying-party/sign-in.ts';
import type { Certificates } from './certificates.ts';

/** Name of the purpose. */
export const CERTIFICATE = 'certificate';

const SCOPE = 'openid certificate_name';
const NUMBER_DIGITS = 6;

const fullName = z.string().trim().min(1).max(300);

export type CertificateNeeds = {
  readonly attempts: Attempts;
  readonly certificates: Certificates;
  readonly book: QuestionBook;
};

export function certificatePurpose(
  { attempts, certificates }: CertificateNeeds,
  sessions: Pick<Sessions, 'renew'>,
): Purpose {
  return {
    scope: SCOPE,
    settle(ctx, answer, returnTo) {
      const { session } = ctx.state;
      if (!session) throw new PortalError('sign_in_expired');
      // Somebody else has meanwhile signed in at the gateway in this browser: her name is not for this certificate.
      if (answer.sub !== session.sub) throw new PortalError('other_person');
      sessions.renew(session.id, answer);
      const attempt = finishedAttempt(attempts, session);
      const name = fullName.safeParse(answer.claims.name);
      if (!attempt || !name.success) return seeOther(ctx, withNotice('/', 'name_missing'));
      certificates.issue(attempt.id, name.data);
      ctx.state.log.info({ sub: session.sub }, 'certificate issued');
      seeOther(ctx, returnTo);
    },
    decline: declineTo('/', 'name_refused'),
  };
}

export function certificateRoutes(
  { attempts, certificates, book }: CertificateNeeds,
  authorization: Authorization,
  readForm: ReadForm,
): Router<PortalState> {
  const router = new Router<PortalState>();
  const forMembers = signedInOnly();
  const asMember = (page: (ctx: PortalContext, session: Session) => unknown) => async (raw: unknown) => {
    const ctx = raw as PortalContext;
    await forMembers(ctx, async () => page(ctx, ctx.state.session!));
  };

  router.post(
    '/certificate',
    asMember((ctx, session) => {
      readForm(ctx, {});
      const attempt = finishedAttempt(attempts, session);
      if (!attempt) return seeOther(ctx, '/');
      if (certificates.of(attempt.id)) return seeOther(ctx, '/certificate');
      return authorization.ask(ctx, CERTIFICATE, { returnTo: '/certificate' });
    }),
  );

  router.get(
    '/certificate',
    asMember((ctx, session) => {
      const attempt = finishedAttempt(attempts, session);
      const certificate = attempt && certificates.of(attempt.id);
      if (!certificate) return seeOther(ctx, '/');
      return ctx.render('certificate', {
        fullName: certificate.fullName,
        year: yearOf(certificate.issuedAt),
        number: String(certificate.number).padStart(NUMBER_DIGITS, '0'),
        day: dayOf(certificate.issuedAt),
        finished: finishedOf(attempt, book),
      });
    }),
  );
  return router;
}

function finishedAttempt(attempts: Attempts, { sub }: Session): Attempt | undefined {
  return attempts.ofPerson(sub).find(({ result }) => result !== undefined);
}
