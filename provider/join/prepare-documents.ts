/**
 * From what was typed to what is signed: the documents of a variant, made of its form and of nothing else. They belong to
 * one revision of the draft; a draft that is changed parts from them.
 */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { NewDocument, Signing } from '../../adapters/document-store/document-store.ts';
import type { Draft, DraftStore, Variant } from '../../adapters/draft-store/draft-store.ts';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import type { Signings } from '../documents/signing.ts';
import type { Declarant, Templates } from '../documents/write-documents.ts';
import { translator } from '../http/texts.ts';
import { applicationDraftOf, readApplication } from './application-form.ts';
import type { ReadPerson } from './person-fields.ts';
import { readTicket, ticketDraftOf } from './ticket-form.ts';

export type DocumentTexts = Pick<Templates, 'unionConsent' | 'messagesConsent' | 'application'>;

export type PrepareNeeds = {
  readonly drafts: DraftStore;
  readonly signings: Signings;
  readonly templates: DocumentTexts;
  readonly clock: Clock;
};

/** One tick stands for every way of the union and its organisations; each can be withdrawn by itself later. */
const MESSAGES = { channels: ['sms', 'push', 'email'], senders: ['union', 'organisations'] } as const;
const PURPOSE_OF = { ticket: 'membership', application: 'application' } as const;

/** Undefined when the form is not complete, or was changed in another tab meanwhile. */
export async function prepareDocuments(
  { drafts, signings, templates, clock }: PrepareNeeds,
  account: Account,
  variant: Variant,
): Promise<Signing | undefined> {
  const draft = await drafts.find(account.id);
  const texts = draft && textsOf(templates, account, variant, draft, dayInMoscow(clock.now()));
  if (!texts) return undefined;
  const signing = await signings.prepare(account, PURPOSE_OF[variant], texts);
  return (await drafts.attachSigning(account.id, draft.revision, signing.id)) ? signing : undefined;
}

/** Pure: equal drafts make equal documents. */
export function textsOf(
  templates: DocumentTexts,
  account: Account,
  variant: Variant,
  draft: Draft,
  today: string,
): readonly NewDocument[] | undefined {
  const email = account.verifiedEmail;
  if (email === undefined) return undefined;
  const consents = (declarant: Declarant, messages: boolean): NewDocument[] => [
    templates.unionConsent(declarant),
    ...(messages ? [templates.messagesConsent(declarant, MESSAGES)] : []),
  ];

  if (variant === 'ticket') {
    const form = ticketDraftOf(draft);
    const read = form?.matched ? readTicket(form.typed, today) : undefined;
    if (!form || !read?.ok) return undefined;
    const { birthdate, ticket } = read.claimed;
    const declarant = { name: nameOf(read.claimed), email, birthdate, ticket };
    return consents(declarant, form.typed.union_messages === 'yes');
  }
  const form = applicationDraftOf(draft);
  const read = form && readApplication(form, today);
  if (!form || !read?.ok) return undefined;
  const { application } = read;
  const { birthdate, phone, organisation, employment } = application;
  const declarant = { name: nameOf(application), email, birthdate, phone };
  // Documents are Russian, whatever language the pages are in.
  const text = { ...application, organisation, employment: inRussian(`join.application.${employment}`) };
  return [
    templates.application(declarant, text),
    ...consents(declarant, form.typed.union_messages === 'yes'),
  ];
}

export function nameOf({ family, given, middle }: ReadPerson) {
  return { family, given, ...(middle !== undefined && { middle }) };
}

export const inRussian = translator('ru');
