/**
 * Everything that an operator is shown of one person, gathered: by what she signs in, where she is signed in, what she has
 * signed, what is under way. Identifiers are masked; each is shown by itself, on demand.
 */
import type { AccountActivity, ConsentBook } from '../../adapters/account-activity/account-activity.ts';
import type { AccountMerges } from '../../adapters/account-merges/account-merges.ts';
import type { Account, AccountStore, CredentialStore } from '../../adapters/account-store/account-store.ts';
import type { ApplicationStore } from '../../adapters/application-store/application-store.ts';
import type {
  CodeApp,
  CodeApps,
  Passkeys,
  Protections,
} from '../../adapters/authenticators/authenticators.ts';
import type { CaseStore } from '../../adapters/case-store/case-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { DocumentStore } from '../../adapters/document-store/document-store.ts';
import type { IntegrationStore } from '../../adapters/integration-store/integration-store.ts';
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import type { OfficeStore } from '../../adapters/office-store/office-store.ts';
import type { FoundPerson, PersonSearch } from '../../adapters/person-search/person-search.ts';
import { STAFF_ROLES, type StaffStore } from '../../adapters/staff-store/staff-store.ts';
import { stateOf } from '../cabinet/documents-page.ts';
import { nameOfUpstream } from '../cabinet/ways.ts';
import { formatCalendarDate } from '../data-rules/calendar-date.ts';
import { maskEmailAddress, parseEmailAddress } from '../data-rules/email-address.ts';
import { formatTicketNumber, maskTicketNumber } from '../data-rules/ticket-number.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { Locale } from '../http/texts.ts';
import { INTEGRATIONS_PER_PERSON } from '../integrations/create.ts';
import { clientView } from '../interactions/client-view.ts';
import type { AddressTroubles } from '../letters/post.ts';
import type { GuessLimits } from '../login/guess-limits.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import type { Officer } from '../staff/officer.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { type AccountState, fittingActs } from './fitting-acts.ts';
import type { Unmaskable } from './names.ts';
import { whoseAccount } from './whose-account.ts';
import { nameOf } from './whose-page.ts';

/** What the page shows of itself: kinds, for the audit. */
export const PAGE_FIELDS = [
  ...['name', 'organisation', 'membership', 'ways', 'protection', 'sessions', 'portals', 'documents'],
  ...['applications', 'cases', 'offices', 'integrations', 'letters'],
];

export type PersonPageNeeds = {
  readonly accounts: AccountStore;
  readonly people: Pick<PersonSearch, 'byClue' | 'ofMember'>;
  readonly activity: Pick<AccountActivity, 'sessionsOf'>;
  readonly consents: Pick<ConsentBook, 'connectionsOf'>;
  readonly credentials: Pick<CredentialStore, 'passwordSetAt'>;
  readonly links: Pick<LinkStore, 'linksOf'>;
  readonly codeApps: Pick<CodeApps, 'of'>;
  readonly passkeys: Pick<Passkeys, 'of'>;
  readonly protections: Pick<Protections, 'of'>;
  readonly documents: Pick<DocumentStore, 'documentsOf'>;
  readonly applications: Pick<ApplicationStore, 'of'>;
  readonly cases: Pick<CaseStore, 'ofIdentity'>;
  readonly offices: Pick<OfficeStore, 'of'>;
  readonly staff: Pick<StaffStore, 'has'>;
  readonly integrations: Pick<IntegrationStore, 'ofOwner'>;
  readonly merges: Pick<AccountMerges, 'of'>;
  readonly troubles: AddressTroubles;
  readonly clients: ClientDirectory;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly limits: Pick<GuessLimits, 'heldUntil'>;
  readonly clock: Clock;
};

type PersonScreen = Screens['operator/people/person'];

export const personPath = (accountId: string): string => `/operator/people/${encodeURIComponent(accountId)}`;

export async function personPage(
  needs: PersonPageNeeds,
  account: Account,
  locale: Locale,
  shown: Unmaskable | undefined,
  officer: Pick<Officer, 'account' | 'roles'>,
): Promise<Omit<PersonScreen, 'notice' | 'problem'>> {
  const { id } = account;
  const path = personPath(id);
  const [[person], sessions, connections, passwordSetAt, links, documents] = await Promise.all([
    needs.people.byClue({ kind: 'account', value: id }),
    needs.activity.sessionsOf(id),
    needs.consents.connectionsOf(id),
    needs.credentials.passwordSetAt(id),
    needs.links.linksOf(id),
    needs.documents.documentsOf(id),
  ]);
  const [protection, applications, offices, owned, merges, trouble, roles, cases, portals] =
    await Promise.all([
      protectionOf(needs, id, path),
      needs.applications.of(id),
      needs.offices.of(id),
      needs.integrations.ofOwner(id, { limit: INTEGRATIONS_PER_PERSON }),
      needs.merges.of(id),
      troubleOf(needs, account.verifiedEmail),
      Promise.all(STAFF_ROLES.map(async (role) => ((await needs.staff.has(id, role)) ? [role] : []))),
      Promise.all(links.map((link) => needs.cases.ofIdentity(link))),
      Promise.all(
        connections.map(async ({ clientId, since }) => ({
          name: clientView(clientId, await needs.clients.record(clientId)).name,
          since,
        })),
      ),
    ]);
  const offers = needs.upstreams.offers();
  const [{ heldUntil, ...state }, barred] = await Promise.all([
    stateOfAccount(needs, account),
    whoseAccount(needs, officer, [id]),
  ]);
  const now = needs.clock.now();
  return {
    ...(heldUntil && { heldUntil }),
    ...(barred ? { barred, acts: [] } : { acts: fittingActs(state) }),
    ...{ path, id, status: account.status },
    ...headOf(account, person),
    identifiers: identifiersOf(account, person, shown),
    ...(passwordSetAt && { passwordSetAt }),
    links: links.map(({ upstream, linkedAt, usedAt }) => ({
      ...{ name: nameOfUpstream(offers, upstream, locale), linkedAt, usedAt },
      removePath: `${path}/ways/${encodeURIComponent(upstream)}`,
    })),
    protection,
    sessions: sessions.map(({ uid, device, network, signedInAt }) => ({
      ...{ device, network, signedInAt, endPath: `${path}/sessions/${encodeURIComponent(uid)}` },
    })),
    portals,
    documents: documents.map((document) => ({
      ...{ type: document.type, state: stateOf(document, documents) },
      ...(document.signing && { title: document.title, version: document.version }),
      ...(document.paper && { paper: document.paper }),
      givenAt: document.signing?.signedAt ?? document.paper?.at ?? document.renderedAt,
      path: `${path}/documents/${encodeURIComponent(document.id)}`,
    })),
    applications: applications.map(({ purpose, organisation, state, signedAt }) => ({
      ...{ purpose, organisation, state, signedAt },
    })),
    cases: cases.flat().map(({ number, state, openedAt }) => ({ number, state, openedAt })),
    held: offices.map(({ role, organisation }) => ({
      ...{ role, kind: organisation.kind, name: organisation.shortName },
    })),
    roles: roles.flat(),
    integrations: owned.map(({ item: { clientId, stage } }) => ({ clientId, stage })),
    merges: merges.map(({ id: merge, closedId, mergedAt, undone, undoUntil }) => ({
      ...{ path: `/operator/merges/${merge}`, mergedAt, undone: undone !== undefined },
      ...{ isClosed: closedId === id, canBeUndone: !undone && undoUntil > now },
    })),
    ...(trouble && { trouble }),
  };
}

/** Of one as it is written for people: the year alone. */
export const maskBirthdate = (date: string): string => `••.••.${date.slice(-4)}`;

/** A member who has no account yet: what the register says. */
export function memberPage(
  member: FoundPerson & { readonly memberId: string },
): Screens['operator/people/member'] {
  const { name, birthdate, organisation = '', membership } = member;
  return {
    name: [name?.family, name?.given, name?.middle].filter((part) => part !== undefined).join(' '),
    ...(birthdate !== undefined && { birthdate: formatCalendarDate(birthdate) }),
    organisation,
    ...(membership && { membership }),
  };
}

function headOf(account: Account, person: FoundPerson | undefined) {
  const { member } = account;
  const name = nameOf(account, person);
  return {
    ...(name !== undefined && { name }),
    ...(member && { membership: member.membership, organisation: member.organisation.shortName }),
    isMember: member !== undefined,
  };
}

function identifiersOf(
  { verifiedEmail, phone, member }: Account,
  person: FoundPerson | undefined,
  shown: Unmaskable | undefined,
): PersonScreen['identifiers'] {
  const born = person?.birthdate && formatCalendarDate(person.birthdate);
  const values: readonly (readonly [Unmaskable, string | undefined, (value: string) => string])[] = [
    ['email', verifiedEmail, maskEmailAddress],
    [
      'ticket',
      member?.ticket && formatTicketNumber(member.ticket),
      () => maskTicketNumber(member?.ticket ?? ''),
    ],
    ['phone', phone, (value) => `${value.slice(0, 2)} ••• •••-••-${value.slice(-2)}`],
    ['birthdate', born, maskBirthdate],
  ];
  return values.flatMap(([kind, value, mask]) =>
    value === undefined || value === ''
      ? []
      : [{ kind, value: kind === shown ? value : mask(value), masked: kind !== shown }],
  );
}

async function protectionOf(
  { codeApps, passkeys, protections }: PersonPageNeeds,
  id: string,
  path: string,
): Promise<PersonScreen['protection']> {
  const [apps, keys, { recoveryCodes, alwaysAsked, mailCountsAt }] = await Promise.all([
    codeApps.of(id),
    passkeys.of(id),
    protections.of(id),
  ]);
  const isEmpty = apps.length + keys.length + recoveryCodes === 0;
  return {
    passkeys: keys.map((key) => ({ ...deviceOf(key), syncable: key.syncable })),
    codeApps: apps.map(deviceOf),
    ...{ recoveryCodes, alwaysAsked },
    ...(mailCountsAt && { mailCountsAt }),
    ...(!isEmpty && { removePath: `${path}/second-factor` }),
  };
}

const deviceOf = ({ name, addedAt, usedAt }: CodeApp) => ({ name, addedAt, ...(usedAt && { usedAt }) });

export async function stateOfAccount(
  { limits }: Pick<PersonPageNeeds, 'limits'>,
  { id, status, member, verifiedEmail }: Account,
): Promise<AccountState & { readonly heldUntil: Date | undefined }> {
  const heldUntil = await limits.heldUntil(id);
  const isHeldBack = heldUntil !== undefined;
  return {
    ...{ status, isHeldBack, heldUntil },
    ...{ isMember: member !== undefined, hasAddress: verifiedEmail !== undefined },
  };
}

/** Letters to it do not arrive. */
export async function troubleOf(
  { troubles }: { readonly troubles: AddressTroubles },
  address: string | undefined,
) {
  const parsed = parseEmailAddress(address ?? '');
  return parsed.ok ? troubles.troubleWith(parsed.key) : undefined;
}
