/** Variant 2, «Вступить в Профсоюз» (C-24 … C-33): the form, the search of the organisation, the way to the review. */
import type { ApplicationStore } from '../../adapters/application-store/application-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { DraftStore } from '../../adapters/draft-store/draft-store.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { RegistryOrganisation } from '../../adapters/registry/registry.ts';
import { returnedApplication } from '../applications/returned.ts';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import type { Templates } from '../documents/write-documents.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import { translator } from '../http/texts.ts';
import {
  type ApplicationDraft,
  type ApplicationField,
  applicationDraftOf,
  applicationFields,
  readApplication,
} from './application-form.ts';
import type { CheckNeeds } from './check-data.ts';
import { chooseOrganisation, findOrganisations, type OrganisationSearch } from './find-organisation.ts';
import type { FormProblem } from './person-fields.ts';
import { type PrepareNeeds, prepareDocuments } from './prepare-documents.ts';
import { type Guest, leadTo, type Rooms } from './rooms.ts';

/** Somebody who types without pause, a letter every half second. */
export const SEARCHES_PER_ACCOUNT = { points: 120, seconds: 60 } as const;

export type ApplicationNeeds = PrepareNeeds &
  Pick<CheckNeeds, 'database'> & {
    readonly registry: OrganisationSearch;
    readonly searches: Pick<Limiter, 'take'>;
    readonly templates: Pick<Templates, 'currentConsent'>;
    readonly drafts: DraftStore;
    readonly applications: Pick<ApplicationStore, 'of'>;
    readonly clock: Clock;
    readonly events: Events;
    readonly readForm: ReadForm;
  };

type Problems = readonly FormProblem<ApplicationField>[];

const EMPTY: ApplicationDraft = {
  typed: {
    ...{ family: '', given: '', middle: '', birthdate: '', phone: '', organisation_query: '', unit: '' },
    purpose: 'joining',
  },
};

export function applicationRooms(needs: ApplicationNeeds, { show, act }: Rooms): void {
  const { registry, searches, templates, drafts, clock, events, database, readForm } = needs;
  const showForm = async (
    ctx: GatewayContext,
    { account }: Guest,
    form: ApplicationDraft,
    found?: readonly RegistryOrganisation[],
    problems?: Problems,
  ): Promise<void> => {
    const returned = await returnedApplication(needs, account);
    if (problems && ctx.method === 'POST') ctx.status = 422;
    ctx.render('join/application', {
      ...form,
      ...(returned && { returned }),
      ...(found && { found }),
      ...(problems && problems.length > 0 && { problems }),
    });
  };
  /** What the query finds while nothing is chosen; the problem of finding nothing belongs to its field. */
  const look = async ({ typed, organisation }: ApplicationDraft) => {
    if (organisation || typed.organisation_query.trim() === '') return {};
    const search = await findOrganisations(registry, typed.organisation_query);
    return search.ok
      ? { found: search.found }
      : { problem: { field: 'organisation_query', code: search.code } as const };
  };

  show(
    '/application',
    async (ctx, guest) => {
      const form = applicationDraftOf(guest.draft) ?? EMPTY;
      const { found, problem } = await look(form);
      await showForm(ctx, guest, form, found, problem && [problem]);
    },
    'application',
  );

  act(
    '/application',
    async (ctx, guest) => {
      const { account } = guest;
      const { organisation: id, intent, ...typed } = readForm(ctx, applicationFields);
      // «Найти» begins a new search; whatever was chosen before is not meant any more.
      const choice = id && intent !== 'find' ? await chooseOrganisation(registry, id) : undefined;
      const form = { typed, ...(choice?.ok && { organisation: choice.organisation }) };
      await drafts.save(account.id, 'application', form);
      if (intent === 'find') return leadTo(ctx, '/join/application#organisation_query');

      const read = readApplication(form, dayInMoscow(clock.now()));
      if (!read.ok) {
        const { found, problem } = await look(form);
        const better = choice?.ok === false ? choice.code : problem?.code;
        const problems = read.problems.map((one) =>
          one.code === 'organisation_missing' && better ? { ...one, code: better } : one,
        );
        return showForm(ctx, guest, form, found, problems);
      }
      const { version } = templates.currentConsent('union_pd');
      await events.consentTicked(ctx.state.origin, account.id, { type: 'union_pd', version }, database);
      const signing = await prepareDocuments(needs, account, 'application');
      leadTo(ctx, signing ? '/join/review' : '/join/application');
    },
    'application',
  );

  /** For the page's script: the same search, as JSON. */
  show(
    '/organisations',
    async (ctx, { account }) => {
      const t = translator(ctx.state.locale);
      const { allowed, retryAfter } = await searches.take(account.id);
      if (!allowed) {
        ctx.status = 429;
        ctx.set('Retry-After', String(retryAfter));
        ctx.body = { problem: t('problem.overloaded') };
        return;
      }
      const typed = ctx.query.q;
      const search = await findOrganisations(registry, typeof typed === 'string' ? typed : '');
      ctx.body = search.ok
        ? { found: search.found.map(suggestion) }
        : { problem: t(`problem.${search.code}`) };
    },
    'application',
  );
}

/** What the list shows; nothing of the register beyond it. */
function suggestion({ id, name, shortName, town, region, inn, units, admits }: RegistryOrganisation) {
  return { id, name, shortName, town, region, inn, units, admits };
}
