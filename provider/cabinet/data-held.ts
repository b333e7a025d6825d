/**
 * «Какие данные обо мне хранятся»: everything the stores hold of one account, category by category (152-ФЗ, art. 14).
 * Secrets are no data of the person's: of a password it says when it was set, of a session not its id.
 */
import type { AccountActivity, ConsentBook } from '../../adapters/account-activity/account-activity.ts';
import type { AccountDoors } from '../../adapters/account-doors/account-doors.ts';
import type { Account, CredentialStore } from '../../adapters/account-store/account-store.ts';
import type { ApplicationStore } from '../../adapters/application-store/application-store.ts';
import type { AuditPages, AuditReader } from '../../adapters/audit-log/audit-log.ts';
import type { CodeApps, Passkeys, Protections } from '../../adapters/authenticators/authenticators.ts';
import type { CaseStore } from '../../adapters/case-store/case-store.ts';
import type { Deletions } from '../../adapters/deletions/deletions.ts';
import type { DocumentStore } from '../../adapters/document-store/document-store.ts';
import type { DraftStore } from '../../adapters/draft-store/draft-store.ts';
import type { EmailChanges } from '../../adapters/email-changes/email-changes.ts';
import type {
  IntegrationRequests,
  IntegrationStore,
} from '../../adapters/integration-store/integration-store.ts';
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import type { MessageChannels } from '../../adapters/message-channels/message-channels.ts';
import type { SchoolRegister } from '../../adapters/school-register/school-register.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import type { DataCategory } from '../http/texts.ts';
import { INTEGRATIONS_PER_PERSON } from '../integrations/create.ts';
import { fieldsOf } from '../integrations/metadata.ts';
import type { AddressTroubles } from '../letters/post.ts';
import { CABINET_CLIENT_ID } from './enter.ts';

export type DataHeldNeeds = {
  readonly activity: Pick<AccountActivity, 'sessionsOf' | 'grantsOf'>;
  readonly consents: Pick<ConsentBook, 'connectionsOf'>;
  readonly documents: Pick<DocumentStore, 'documentsOf' | 'acceptedTerms'>;
  readonly applications: Pick<ApplicationStore, 'of'>;
  readonly drafts: Pick<DraftStore, 'find'>;
  readonly channels: Pick<MessageChannels, 'channelsOf'>;
  readonly troubles: AddressTroubles;
  readonly emailChanges: Pick<EmailChanges, 'pending'>;
  readonly deletions: Pick<Deletions, 'of'>;
  readonly credentials: Pick<CredentialStore, 'passwordSetAt'>;
  readonly links: Pick<LinkStore, 'linksOf'>;
  readonly doors: Pick<AccountDoors, 'formerLinksOf'>;
  readonly cases: Pick<CaseStore, 'ofIdentity'>;
  readonly schools: Pick<SchoolRegister, 'personOf'>;
  readonly integrations: Pick<IntegrationStore, 'ofOwner'>;
  readonly requests: Pick<IntegrationRequests, 'of'>;
  readonly codeApps: Pick<CodeApps, 'of'>;
  readonly passkeys: Pick<Passkeys, 'of'>;
  readonly protections: Pick<Protections, 'of'>;
  readonly auditReader: AuditReader;
  readonly auditPages: Pick<AuditPages, 'sightsOf'>;
};

/** The cabinet is a relying party too, but no portal she has told anything. */
const isPortal = ({ clientId }: { readonly clientId: string }): boolean => clientId !== CABINET_CLIENT_ID;

/** Of these there are a few in a lifetime. */
const MOST_SIGHTS = 10_000;

export type Held = { readonly category: DataCategory; readonly records: readonly object[] };

export async function dataHeld(needs: DataHeldNeeds, account: Account): Promise<readonly Held[]> {
  const { id, member, verifiedEmail, signedOutAt: _, ...rest } = account;
  const readers: Readonly<Record<DataCategory, () => Promise<readonly (object | undefined)[]>>> = {
    account: async () => [{ id, ...rest }],
    identifiers: async () => [
      verifiedEmail === undefined ? undefined : { kind: 'email', value: verifiedEmail },
      member?.ticket === undefined ? undefined : { kind: 'ticket', value: member.ticket },
      await passwordOf(needs.credentials, id),
    ],
    // Of a link also what the upstream told last, and the number by which it knows her: both are kept.
    links: async () => [
      ...(await needs.links.linksOf(id)).map(({ accountId: __, ...link }) => link),
      ...(await needs.doors.formerLinksOf(id)),
    ],
    // By her own identities: one about her account may be somebody else's, who was taken for her.
    cases: async () => {
      const links = await needs.links.linksOf(id);
      const found = await Promise.all(links.map((link) => needs.cases.ofIdentity(link)));
      return found.flat().map(({ number, side, kinds, state, openedAt, effectiveAt }) => ({
        ...{ number, side, kinds, state, openedAt },
        ...(effectiveAt && { effectiveAt }),
      }));
    },
    school: async () => [await needs.schools.personOf(id)],
    membership: async () => [member],
    sessions: async () =>
      (await needs.activity.sessionsOf(id)).map(({ device, network, signedInAt }) => ({
        device,
        network,
        signedInAt,
      })),
    portals: async () => [
      ...(await needs.consents.connectionsOf(id)).filter(isPortal),
      ...(await needs.activity.grantsOf(id)).filter(isPortal).map(({ clientId, scope, createdAt }) => ({
        grant: clientId,
        scope,
        createdAt,
      })),
    ],
    documents: async () => {
      const terms = await needs.documents.acceptedTerms(id);
      return [...(await needs.documents.documentsOf(id)), terms === undefined ? undefined : { terms }];
    },
    integrations: async () => {
      const owned = await needs.integrations.ofOwner(id, { limit: INTEGRATIONS_PER_PERSON });
      const found = owned.map(async ({ item: { clientId, stage, createdAt, metadata } }) => {
        const asked = await needs.requests.of(clientId);
        const { name, owner, site } = fieldsOf(metadata);
        return {
          ...{ clientId, name, owner, site, stage, createdAt },
          requests: asked.map(({ wanted, purpose, contact, askedAt }) => ({
            wanted,
            purpose,
            contact,
            askedAt,
          })),
        };
      });
      return Promise.all(found);
    },
    applications: () => needs.applications.of(id),
    drafts: async () => {
      const draft = await needs.drafts.find(id);
      // A finished one holds nothing any more of what was typed.
      return [draft?.finishedAt ? undefined : draft];
    },
    messages: () => needs.channels.channelsOf(id),
    letters: async () => [await troubleOf(needs.troubles, verifiedEmail)],
    changes: async () => {
      const change = await needs.emailChanges.pending(id);
      const address = change && { newAddress: change.address.original, until: change.expiresAt };
      return [address, await needs.deletions.of(id)];
    },
    authenticators: async () => {
      const { recoveryCodes, alwaysAsked } = await needs.protections.of(id);
      const apps = await needs.codeApps.of(id);
      const keys = await needs.passkeys.of(id);
      return [
        ...apps.map((app) => ({ kind: 'code_app', ...app })),
        ...keys.map((key) => ({ kind: 'passkey', ...key })),
        recoveryCodes > 0 ? { kind: 'recovery_codes', left: recoveryCodes } : undefined,
        alwaysAsked ? { kind: 'second_factor_always' } : undefined,
      ];
    },
    sights: async () => {
      const person = { accountId: id, ...(member && { memberId: member.id }) };
      const found = await needs.auditPages.sightsOf(person, { limit: MOST_SIGHTS });
      return found.map(({ id: _id, ...sight }) => sight);
    },
    audit: () => needs.auditReader.entriesOf(id),
  };
  return Promise.all(
    Object.entries(readers).map(async ([category, read]) => ({
      category: category as DataCategory,
      records: (await read()).filter((record) => record !== undefined),
    })),
  );
}

async function passwordOf(credentials: DataHeldNeeds['credentials'], id: string) {
  const setAt = await credentials.passwordSetAt(id);
  return setAt && { kind: 'password', setAt };
}

async function troubleOf(troubles: AddressTroubles, address: string | undefined) {
  const parsed = parseEmailAddress(address ?? '');
  return parsed.ok ? troubles.troubleWith(parsed.key) : undefined;
}
