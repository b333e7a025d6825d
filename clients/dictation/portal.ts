/** «Профсоюзный диктант»: one attempt in an hour, then a certificate, and a table of regions for everybody. */
import Router from '@koa/router';
import { type Attempt, sqliteAttempts } from '../quiz/attempts.ts';
import { type Membership, memberProfile } from '../quiz/member.ts';
import { readQuestionBook } from '../quiz/question-book.ts';
import { admittedOnly, quizRoutes } from '../quiz/routes.ts';
import { standingOf, timeLeft } from '../quiz/standing.ts';
import type { PortalContext, PortalState } from '../relying-party/context.ts';
import { NOTICES } from '../relying-party/pages.ts';
import {
  type PortalDefinition,
  type RunningPortal,
  type StartOptions,
  startPortal as start,
} from '../relying-party/portal.ts';
import { CERTIFICATE, certificatePurpose, certificateRoutes } from './certificate-routes.ts';
import { sqliteCertificates } from './certificates.ts';
import { regionTable } from './regions.ts';
import type { DictationSettings } from './settings.ts';

const FOLDER = new URL('./', import.meta.url);
/** whoever has signed an application takes part, too. */
const ADMITTED: readonly Membership[] = ['member', 'applicant'];

/** Throws QuestionBookError when the questions are faulty; see `startPortal` of the relying party for the rest. */
export function startPortal(settings: DictationSettings, options?: StartOptions): Promise<RunningPortal> {
  return start(definitionOf(settings), settings, options);
}

function definitionOf({ own: { ANSWERS_FROM } }: DictationSettings): PortalDefinition {
  const book = readQuestionBook(new URL('questions.json', FOLDER));
  return {
    name: 'dictation',
    scope: 'openid profile_min membership region',
    readProfile: memberProfile,
    signsInSilently: false,
    folders: [new URL('../quiz/', FOLDER), FOLDER],
    notices: NOTICES,
    always: { total: book.questions.length, minutes: book.minutes },
    offer({ database, clock, sessions, readForm }) {
      const attempts = sqliteAttempts(database, clock, book, { attemptsPerPerson: 1 });
      const certificates = sqliteCertificates(database, clock);
      const regions = regionTable(database, book.grades[0]!.from);
      const certificate = { attempts, certificates, book };
      const answersFrom = ANSWERS_FROM?.getTime() ?? 0;

      const certificateState = (attempt: Attempt | undefined) => ({
        hasCertificate: attempt !== undefined && certificates.of(attempt.id) !== undefined,
      });

      const router = new Router<PortalState>();
      const admitted = admittedOnly(ADMITTED);
      router.get('/', async (raw) => {
        const ctx = raw as unknown as PortalContext;
        await admitted(ctx, async () => {
          const { session } = ctx.state;
          const own = session ? attempts.ofPerson(session.sub) : [];
          const standing = standingOf(own, book);
          ctx.render('start', {
            ...certificateState(own.find(({ result }) => result !== undefined)),
            standing,
            clock: standing.open && timeLeft(standing.open, clock.now()),
            answered: standing.open && attempts.answersOf(standing.open.id).size,
          });
        });
      });
      router.get('/regions', (raw) => {
        (raw as unknown as PortalContext).render('regions', { regions: regions() });
      });

      return {
        purposes: { [CERTIFICATE]: certificatePurpose(certificate, sessions) },
        routes: (authorization) => [
          router,
          quizRoutes({
            book,
            attempts,
            clock,
            readForm,
            admitted: ADMITTED,
            showsAnswers: () => clock.now().getTime() >= answersFrom,
            besideResult: certificateState,
          }),
          certificateRoutes(certificate, authorization, readForm),
        ],
        tidy: () => attempts.closeOverdue(),
      };
    },
  };
}
