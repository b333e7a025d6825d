/** «Профсоюзный компас»: as many attempts as one likes, without a clock; the best counts. */
import Router from '@koa/router';
import { sqliteAttempts } from '../quiz/attempts.ts';
import { type Membership, memberProfile } from '../quiz/member.ts';
import { readQuestionBook } from '../quiz/question-book.ts';
import { admittedOnly, quizRoutes } from '../quiz/routes.ts';
import { standingOf } from '../quiz/standing.ts';
import type { PortalContext, PortalState } from '../relying-party/context.ts';
import { NOTICES } from '../relying-party/pages.ts';
import {
  type PortalDefinition,
  type RunningPortal,
  type StartOptions,
  startPortal as start,
} from '../relying-party/portal.ts';
import { type Environment, readSettings } from '../relying-party/settings.ts';

const FOLDER = new URL('./', import.meta.url);
const ADMITTED: readonly Membership[] = ['member'];

export type CompassSettings = ReturnType<typeof readCompassSettings>;

/** Throws SettingsError that names every fault. */
export function readCompassSettings(environment: Environment) {
  return readSettings(environment, {});
}

/** Throws QuestionBookError when the questions are faulty; see `startPortal` of the relying party for the rest. */
export function startPortal(settings: CompassSettings, options?: StartOptions): Promise<RunningPortal> {
  return start(definition(), settings, options);
}

function definition(): PortalDefinition {
  const book = readQuestionBook(new URL('questions.json', FOLDER));
  return {
    name: 'compass',
    scope: 'openid profile_min membership',
    readProfile: memberProfile,
    signsInSilently: true,
    folders: [new URL('../quiz/', FOLDER), FOLDER],
    notices: NOTICES,
    always: { total: book.questions.length },
    offer({ database, clock, readForm }) {
      const attempts = sqliteAttempts(database, clock, book, {});
      const router = new Router<PortalState>();
      const admitted = admittedOnly(ADMITTED);
      router.get('/', async (raw) => {
        const ctx = raw as unknown as PortalContext;
        await admitted(ctx, async () => {
          const { session } = ctx.state;
          const standing = standingOf(session ? attempts.ofPerson(session.sub) : [], book);
          const answered = standing.open && attempts.answersOf(standing.open.id).size;
          ctx.render('start', { standing, answered });
        });
      });
      return {
        purposes: {},
        routes: () => [
          router,
          quizRoutes({
            book,
            attempts,
            clock,
            readForm,
            admitted: ADMITTED,
            showsAnswers: () => true,
            besideResult: () => ({}),
          }),
        ],
        tidy: () => attempts.closeOverdue(),
      };
    },
  };
}
