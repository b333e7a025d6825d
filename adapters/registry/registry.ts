/**
 * The member register (АИС «Единый реестр»), whoever keeps it: we ourselves, or another system behind a network.
 * Knows nothing of accounts; who may ask, and what the person is told, is decided elsewhere.
 */
import type { MembershipState } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

/** The register cannot be reached or does not answer in time; trying again later makes sense. */
export class RegistryUnavailable extends Error {
  override name = 'RegistryUnavailable';
}

/** The register will never take this application, such as one to an organisation that was closed meanwhile. */
export class ApplicationRefused extends Error {
  override name = 'ApplicationRefused';
  /** In the words of the register, for the applicant. */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super('the register refuses this application', options);
    this.reason = reason;
  }
}

/** The register answers, but finds fault with the message itself: an operator must look, others may pass. */
export class ApplicationMisunderstood extends Error {
  override name = 'ApplicationMisunderstood';
}

export type RegistryOrganisation = {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly town?: string;
  readonly region: string;
  /** 10 digits. */
  readonly inn?: string;
  readonly email?: string;
  readonly phone?: string;
  /** False: nobody can be its member, because no primary organisation exists there or it was closed (C-28). */
  readonly admits: boolean;
  /** Structural units to choose from (E-09); may be empty. */
  readonly units: readonly string[];
};

export type TicketState =
  | 'number_assigned'
  | 'ordered'
  | 'in_production'
  | 'shipped'
  | 'at_committee'
  | 'issued'
  | 'blocked'
  | 'replaced';

export type RegistryMember = {
  readonly id: string;
  readonly family: string;
  readonly given: string;
  readonly middle?: string;
  /** yyyy-mm-dd. */
  readonly birthdate: string;
  readonly membership: MembershipState;
  readonly organisation: RegistryOrganisation;
  /** All of the person's numbers, replaced ones included. */
  readonly tickets: readonly { readonly number: string; readonly state: TicketState }[];
};

/** What somebody typed to find an organisation, cut into words by the data rules (domain.md §3.9). */
export type OrganisationQuery = {
  /** Normal forms; `whole` words (numbers) match exactly, others by their beginning. */
  readonly words: readonly { readonly text: string; readonly whole: boolean }[];
  readonly inn?: string;
  readonly limit: number;
};

export type RegistryApplication = {
  /** Idempotency key: the same application is never taken twice. */
  readonly id: string;
  readonly purpose: 'joining' | 'enrolment';
  readonly organisationId: string;
  readonly unit?: string;
  readonly family: string;
  readonly given: string;
  readonly middle?: string;
  readonly sex: 'male' | 'female';
  /** yyyy-mm-dd. */
  readonly birthdate: string;
  /** E.164. */
  readonly phone: string;
  readonly email: string;
  readonly employment: string;
  /** ISO 8601, UTC. */
  readonly signedAt: string;
  /** The signed documents: exact bytes as text, and their SHA-256 in hex. */
  readonly documents: readonly {
    readonly type: string;
    readonly version: string;
    readonly sha256: string;
    readonly body: string;
  }[];
};

export type PaperConsent = {
  readonly type: 'union_pd' | 'finfort_pd' | 'union_messages';
  readonly given: boolean;
  /** ISO 8601 of the tick, and the name and office of who set it (E-13). */
  readonly at: string;
  readonly by: string;
  /** yyyy-mm-dd, as it stands on the paper. */
  readonly dated?: string;
};

/** In the order they happened; each may be told more than once. */
export type RegistryChange =
  | {
      readonly kind: 'application';
      readonly id: string;
      readonly state: 'received' | 'accepted' | 'returned' | 'rejected';
      readonly reason?: string;
      readonly member?: RegistryMember;
    }
  | { readonly kind: 'member'; readonly member: RegistryMember; readonly consents?: readonly PaperConsent[] };

/** Every method throws RegistryUnavailable when the register is away. */
export interface Registry {
  /** The member who has or had this number, with the person's names as the register spells them. */
  memberByTicket(number: string): Promise<RegistryMember | undefined>;
  /** The best first; organisations that admit nobody are found too. */
  searchOrganisations(query: OrganisationQuery): Promise<readonly RegistryOrganisation[]>;
  organisation(id: string): Promise<RegistryOrganisation | undefined>;
  /** May be repeated: the same id is taken once. Throws ApplicationRefused, ApplicationMisunderstood. */
  submit(application: RegistryApplication): Promise<void>;
  /** What happened after `cursor` (undefined: from the beginning), some hundred at a time; the next cursor. */
  changes(
    cursor: string | undefined,
  ): Promise<{ readonly changes: readonly RegistryChange[]; readonly cursor: string | undefined }>;
}

/**
 * Keeps our copy of a member with her organisation and tickets up to date: what sign-in, pages and tokens read whether
 * or not the register answers. Only people with an account here are to be copied.
 */
export type RememberMember = (tx: Queryable, member: RegistryMember) => Promise<void>;
