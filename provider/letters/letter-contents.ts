/** What each letter holds beside the sentences of its catalogue entry: values, codes, links. One row per letter. */
import { formatTicketNumber } from '../data-rules/ticket-number.ts';
import type { Translate } from '../http/texts.ts';
import type { LetterFacts, LetterName } from './post.ts';

/** What one letter has beyond the sentences every letter has. */
export type Contents = {
  /** Facts of the catalogue, in its order. */
  readonly values?: Readonly<Record<string, string>>;
  /** Titles, one a line. */
  readonly list?: readonly string[];
  /** Stands on a line of its own, to be copied. */
  readonly code?: string;
  /** Further sentences, before the advice. */
  readonly terms?: readonly string[];
  /** Of our own issuer. */
  readonly path?: string;
  /** A sentence about the link, below it. */
  readonly linkTerms?: string;
  readonly action?: string;
  /** Of our own issuer, to be read by the way. */
  readonly further?: readonly { readonly title: string; readonly path: string }[];
  readonly lead?: readonly string[];
  readonly advice?: string;
  readonly subject?: string;
  readonly unsubscribePath?: string;
};

export type Tell = { readonly t: Translate; moment(at: Date): string };

const ACCOUNT = '/cabinet';

const toAccount = (t: Translate, path = ACCOUNT) => ({ path, action: t('mail.common.open_account') });
const codeOf = (t: Translate, code: string, minutes: number): Contents => ({
  code,
  terms: [t('mail.common.code_lasts', { count: minutes }), t('mail.common.tell_nobody')],
});

export const CONTENTS: {
  readonly [Name in LetterName]: (facts: LetterFacts[Name], tell: Tell) => Contents;
} = {
  'password-changed': ({ at, network }, { t, moment }) => ({
    values: { at: moment(at), network },
    ...toAccount(t),
  }),
  'new-device': ({ at, network, device }, { moment }) => ({
    values: { at: moment(at), device, network },
    path: `${ACCOUNT}/sessions`,
  }),
  'confirm-registration': ({ path, hours }, { t }) => ({
    path,
    linkTerms: t('mail.common.link_lasts_hours', { count: hours }),
  }),
  'already-registered': ({ at, network }, { t, moment }) => ({
    values: { at: moment(at), network },
    ...toAccount(t),
  }),
  'signing-code': ({ code, documents, minutes }, { t }) => ({
    list: documents,
    ...codeOf(t, code, minutes),
  }),
  'password-reset': ({ path, minutes }, { t }) => ({
    path,
    linkTerms: t('mail.common.link_lasts_minutes', { count: minutes }),
  }),
  enrolled: ({ ticket }, { t }) => ({
    ...toAccount(t),
    ...(ticket !== undefined && {
      lead: [t('mail.enrolled.lead_with_ticket', { ticket: formatTicketNumber(ticket) })],
      advice: t('mail.enrolled.advice_with_ticket'),
    }),
  }),
  'application-returned': ({ reason }, { t }) => ({ values: { reason }, ...toAccount(t) }),
  'application-rejected': ({ reason }, { t }) => ({ values: { reason }, ...toAccount(t) }),
  'ticket-assigned': ({ ticket }, { t }) => ({
    lead: [t('mail.ticket-assigned.lead', { ticket: formatTicketNumber(ticket) })],
    ...toAccount(t),
  }),
  'ticket-replaced': ({ at, ticket }, { t, moment }) => ({
    values: { ticket: formatTicketNumber(ticket), at: moment(at) },
    ...toAccount(t),
  }),
  'applications-waiting': ({ count, organisation, path }, { t }) => ({
    lead: [t('mail.applications-waiting.lead', { count, organisation })],
    path,
  }),
  'applications-escalated': ({ count, organisation, path }, { t }) => ({
    lead: [t('mail.applications-escalated.lead', { count, organisation })],
    path,
  }),
  'change-email-code': ({ code, minutes }, { t }) => codeOf(t, code, minutes),
  'link-code': ({ code, minutes }, { t }) => codeOf(t, code, minutes),
  'step-up-code': ({ code, minutes, purpose }, { t }) => ({
    lead: [t(`mail.step-up-code.purpose.${purpose}`)],
    ...codeOf(t, code, minutes),
  }),
  'chair-credentials': ({ password, organisation, days, guides }, { t }) => ({
    values: { organisation },
    code: password,
    terms: [t('mail.chair-credentials.lasts', { count: days }), t('mail.chair-credentials.known')],
    path: '/staff',
    further: guides,
  }),
  'first-password-code': ({ code, minutes }, { t }) => codeOf(t, code, minutes),
  'office-ended': ({ organisation, at }, { moment }) => ({ values: { organisation, at: moment(at) } }),
  'deletion-code': ({ code, minutes }, { t }) => codeOf(t, code, minutes),
  'change-email-link': ({ path, hours }, { t }) => ({
    path,
    linkTerms: t('mail.common.link_lasts_hours', { count: hours }),
  }),
  'email-changed': ({ at, path, days }, { t, moment }) => ({
    values: { at: moment(at) },
    path,
    linkTerms: t('mail.common.link_lasts_days', { count: days }),
  }),
  'consent-withdrawn': ({ document, at }, { moment }) => ({
    values: { document, at: moment(at) },
    path: `${ACCOUNT}/documents`,
  }),
  'member-withdrew-consent': ({ card, at }, { moment }) => ({ values: { card, at: moment(at) } }),
  'deletion-requested': ({ at, due }, { moment }) => ({
    values: { at: moment(at), due: moment(due) },
    path: `${ACCOUNT}/delete`,
  }),
  'deletion-cancelled': ({ at }, { t, moment }) => ({ values: { at: moment(at) }, ...toAccount(t) }),
  'account-deleted': ({ at }, { moment }) => ({ values: { at: moment(at) } }),
  'way-removed': ({ at, network, way }, { moment }) => ({
    values: { way, at: moment(at), network },
    path: `${ACCOUNT}/ways`,
  }),
  'way-added': ({ at, network, way }, { moment }) => ({
    values: { way, at: moment(at), network },
    path: `${ACCOUNT}/ways`,
  }),
  'factor-added': ({ at, network, what }, { moment }) => ({
    values: { what, at: moment(at), network },
    path: `${ACCOUNT}/protection`,
  }),
  'factor-removed': ({ at, network, what }, { moment }) => ({
    values: { what, at: moment(at), network },
    path: `${ACCOUNT}/protection`,
  }),
  'recovery-code-used': ({ at, network, left }, { moment }) => ({
    values: { at: moment(at), network, left: String(left) },
    path: `${ACCOUNT}/protection`,
  }),
  'factors-lost': ({ at, network }, { moment }) => ({
    values: { at: moment(at), network },
    path: `${ACCOUNT}/protection`,
  }),
  'second-proof-on': ({ at, network }, { moment }) => ({
    values: { at: moment(at), network },
    path: `${ACCOUNT}/protection`,
  }),
  'second-proof-off': ({ at, network }, { moment }) => ({
    values: { at: moment(at), network },
    path: `${ACCOUNT}/protection`,
  }),
  'case-linked': ({ at, way, number }, { moment }) => ({
    values: { way, at: moment(at), number },
    path: `${ACCOUNT}/ways`,
  }),
  'case-unlinked': ({ at, way, number }, { moment }) => ({
    values: { way, at: moment(at), number },
    path: `${ACCOUNT}/ways`,
  }),
  'account-locked': ({ at }, { moment }) => ({ values: { at: moment(at) } }),
  'account-unlocked': ({ at }, { t, moment }) => ({ values: { at: moment(at) }, ...toAccount(t) }),
  'signed-out': ({ at }, { t, moment }) => ({ values: { at: moment(at) }, ...toAccount(t) }),
  'member-released': ({ at }, { t, moment }) => ({ values: { at: moment(at) }, ...toAccount(t) }),
  'factors-removed': ({ at, what, stillAsked, due }, { t, moment }) => ({
    list: what,
    values: { at: moment(at) },
    terms: [
      due
        ? t('mail.factors-removed.waiting', { due: moment(due) })
        : t(stillAsked ? 'mail.factors-removed.still_asked' : 'mail.factors-removed.by_password'),
    ],
    path: '/recovery',
  }),
  'accounts-merged': ({ at, days, asksAlways }, { t, moment }) => ({
    values: { at: moment(at) },
    terms: [
      ...(asksAlways ? [t('mail.accounts-merged.asks_always')] : []),
      t('mail.accounts-merged.undo', { count: days }),
    ],
    ...toAccount(t),
  }),
  'accounts-parted': ({ at }, { t, moment }) => ({ values: { at: moment(at) }, ...toAccount(t) }),
  'password-reset-forced': ({ at }, { moment }) => ({ values: { at: moment(at) }, path: '/recovery' }),
  'integration-changed': ({ at, name, network }, { moment }) => ({
    values: { application: name, at: moment(at), network },
  }),
  'integration-approved': ({ at, name, note }, { moment }) => ({
    values: { application: name, at: moment(at), note: note || '–' },
  }),
  'integration-refused': ({ at, name, reason }, { moment }) => ({
    values: { application: name, at: moment(at), reason },
  }),
  'integration-blocked': ({ at, name, reason }, { moment }) => ({
    values: { application: name, at: moment(at), reason },
  }),
  'integration-unblocked': ({ at, name }, { moment }) => ({
    values: { application: name, at: moment(at) },
  }),
  'event-stream-paused': ({ since, name }, { moment }) => ({
    values: { application: name, since: moment(since) },
  }),
  'integrations-will-stop': ({ names, due }, { moment }) => ({
    list: names,
    values: { due: moment(due) },
    path: `${ACCOUNT}/delete`,
  }),
  news: ({ subject, text, unsubscribePath }) => ({ subject, lead: paragraphs(text), unsubscribePath }),
};

function paragraphs(text: string): readonly string[] {
  return text
    .split(/\r?\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
}
