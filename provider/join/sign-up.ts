/** What the signature brings about (SYS-01, SYS-05): the account is the member's, or the application is handed in. */
import {
  type Account,
  AccountGone,
  type AccountRegister,
  IdentifierTaken,
} from '../../adapters/account-store/account-store.ts';
import {
  type ApplicationStore,
  ApplicationUnderWay,
} from '../../adapters/application-store/application-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type { Signing } from '../../adapters/document-store/document-store.ts';
import type { Draft, DraftStore } from '../../adapters/draft-store/draft-store.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { RegistryApplication, RememberMember } from '../../adapters/registry/registry.ts';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import type { Signings, SignOutcome } from '../documents/signing.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import { applicationDraftOf, type ReadApplication, readApplication } from './application-form.ts';
import { type CheckNeeds, compareWithRegister } from './check-data.ts';
import type { FormProblem } from './person-fields.ts';
import { inRussian, nameOf } from './prepare-documents.ts';
import { readTicket, ticketDraftOf } from './ticket-form.ts';

export type SignUpNeeds = Pick<CheckNeeds, 'registry'> & {
  readonly register: AccountRegister;
  readonly rememberMember: RememberMember;
  readonly applications: ApplicationStore;
  readonly drafts: DraftStore;
  readonly signings: Signings;
  readonly jobs: JobQueue;
  readonly events: Events;
  readonly clock: Clock;
};

export type SignUp =
  | SignOutcome
  /** What was typed is not, or not any more, what may be signed: nothing was done. */
  | { readonly kind: 'stopped'; readonly problem: FormProblem<never> };

/** The draft was saved again between the check and the signature. */
class DraftChanged extends Error {
  override name = 'DraftChanged';
}

export async function signUp(
  needs: SignUpNeeds,
  account: Account,
  draft: Draft,
  signingId: string,
  code: string,
  origin: RequestOrigin,
): Promise<SignUp> {
  const stopped = (code: FormProblem<never>['code']): SignUp => ({
    kind: 'stopped',
    problem: { field: 'form', code },
  });
  const effect = await effectOf(needs, account, draft, origin);
  if ('code' in effect) return stopped(effect.code);
  try {
    return await needs.signings.sign(account, signingId, code, origin, async (tx, signing) => {
      const now = await needs.drafts.find(account.id, tx);
      if (now?.revision !== draft.revision) throw new DraftChanged();
      await effect.act(tx, signing);
      await needs.drafts.finish(account.id, tx, effect.kept);
    });
  } catch (error) {
    if (error instanceof DraftChanged || error instanceof AccountGone) return stopped('documents_changed');
    if (error instanceof IdentifierTaken) return stopped('membership_bound');
    if (error instanceof ApplicationUnderWay) return stopped('application_under_way');
    throw error;
  }
}

type Act = {
  readonly act: (tx: Queryable, signing: Signing) => Promise<void>;
  /** What was typed and may have to be corrected. */
  readonly kept?: 'application';
};

async function effectOf(
  needs: SignUpNeeds,
  account: Account,
  draft: Draft,
  origin: RequestOrigin,
): Promise<Act | { readonly code: FormProblem<never>['code'] }> {
  const today = dayInMoscow(needs.clock.now());
  if (draft.variant === 'ticket') {
    const form = ticketDraftOf(draft);
    const read = form?.matched ? readTicket(form.typed, today) : undefined;
    if (!read?.ok) return { code: 'documents_changed' };
    const { claimed } = read;
    // Asked again: what was true at the check may have ended since.
    const check = await compareWithRegister(needs, account, claimed);
    if (check.kind === 'refused') return { code: check.problem.code };
    const { member } = check;
    const act: Act['act'] = async (tx) => {
      await needs.rememberMember(tx, member);
      await needs.register.bindMember(
        account.id,
        { id: member.id, ticket: claimed.ticket },
        nameOf(claimed),
        tx,
      );
      await needs.events.memberBound(origin, account.id, tx);
    };
    return { act };
  }
  const form = applicationDraftOf(draft);
  const read = form && readApplication(form, today);
  if (!read?.ok) return { code: 'documents_changed' };
  const { application } = read;
  const act: Act['act'] = async (tx, signing) => {
    const told = tellRegister(application, account.verifiedEmail ?? '', signing);
    await needs.applications.create(account.id, told, application.organisation.shortName, tx);
    await needs.register.describe(account.id, nameOf(application), application.phone, tx);
    await needs.jobs.add('application', { applicationId: told.id }, tx);
    await needs.events.applicationSigned(origin, account.id, told.id, tx);
  };
  return { act, kept: 'application' };
}

/** The id of the signing is that of the application: signed once, handed in once. */
function tellRegister(
  { organisation, employment, ...application }: ReadApplication,
  email: string,
  { id, signedAt, documents }: Signing,
): RegistryApplication {
  return {
    ...application,
    id,
    organisationId: organisation.id,
    email,
    employment: inRussian(`join.application.${employment}`),
    signedAt: (signedAt ?? new Date()).toISOString(),
    documents: documents.map(({ type, version, sha256, body }) => ({ type, version, sha256, body })),
  };
}
