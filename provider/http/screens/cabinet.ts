/** The rooms of the cabinet, and the pages that links of its letters lead to. */

import type { MembershipState } from '../../../adapters/account-store/account-store.ts';
import type { ApplicationState } from '../../../adapters/application-store/application-store.ts';
import type { MismatchKind } from '../../../adapters/case-store/case-store.ts';
import type {
  ConsentType,
  DocumentType,
  PaperProtocol,
  SigningProtocol,
} from '../../../adapters/document-store/document-store.ts';
import type { TakenList } from '../../../adapters/member-lists/member-lists.ts';
import type { MessageChannel } from '../../../adapters/message-channels/message-channels.ts';
import type { TicketState } from '../../../adapters/registry/registry.ts';
import type { ReturnedApplication } from '../../applications/returned.ts';
import type { Block } from '../../documents/paragraphs.ts';
import type { Reason } from '../../operators/reason.ts';
import type { UpstreamOffer, UpstreamState } from '../../upstreams/upstreams.ts';
import type {
  ClaimName,
  DataCategory,
  NoticeCode,
  SeenKind,
  SignInMethod,
  WayRefusalText,
} from '../texts.ts';
import type { ClientName, Empty, FieldProblem, OrganisationContact } from './shared.ts';

/** One entry of «Мои документы». */
type DocumentSummary = {
  readonly type: DocumentType;
  readonly state: 'in_force' | 'signed' | 'replaced' | 'withdrawn';
  readonly givenAt: Date;
  readonly path?: string;
  /** A consent on paper has neither. */
  readonly title?: string;
  readonly version?: string;
  readonly paper?: PaperProtocol;
  readonly withdrawnAt?: Date;
  /** union_messages in force: the ways as they are now. */
  readonly channels?: readonly MessageChannel[];
};

/** What a delicate act asks for first: prove-person.ts. */
type Proved = { readonly proof: 'password' | 'recent' | 'sign-in' };

export type CabinetScreens = {
  readonly 'cabinet/who-looked': {
    readonly sights: readonly {
      readonly at: Date;
      readonly reason: Reason | 'work';
      readonly fields: readonly SeenKind[];
      /** Absent: somebody of the Union's own staff, or of a school. */
      readonly organisation?: string;
      readonly atSchool?: boolean;
      /** The same in one go of work, which began then. */
      readonly again?: { readonly times: number; readonly since: Date };
    }[];
    /** Of her organisation, taken away as a file: when and what for. */
    readonly lists: readonly TakenList[];
    readonly latestPath?: string;
    readonly olderPath?: string;
  };
  readonly 'cabinet/ways': {
    readonly email?: string;
    /** Masked. */
    readonly ticket?: string;
    readonly passwordSetAt?: Date;
    readonly passkeys: number;
    readonly links: readonly {
      readonly name: string;
      readonly linkedAt: Date;
      readonly usedAt: Date;
      readonly state: UpstreamState;
      /** Not for the only way there is. */
      readonly removePath?: string;
    }[];
    readonly addable: readonly {
      readonly name: string;
      readonly state: UpstreamState;
      readonly path: string;
      readonly registrationUrl?: string;
    }[];
    readonly notice?: NoticeCode;
  };
  readonly 'cabinet/way': Proved & {
    readonly name: string;
    readonly kind: UpstreamOffer['kind'];
    readonly state: UpstreamState;
    readonly room: string;
    /** She has just proved herself, and may leave. */
    readonly departPath?: string;
    readonly registrationUrl?: string;
    readonly problem?: FieldProblem<'password'>;
    readonly refused?: WayRefusalText;
    readonly opened?: { readonly number: string; readonly kinds: readonly MismatchKind[] };
  };
  readonly 'cabinet/remove-way': Proved & {
    readonly name: string;
    readonly room: string;
    readonly problem?: FieldProblem<'password'>;
  };
  readonly 'cabinet/sign-ins': {
    readonly hasPassword: boolean;
    readonly entries: readonly {
      readonly at: Date;
      readonly refused: boolean;
      readonly way: { readonly method: SignInMethod } | { readonly upstream: string };
      readonly portal?: string;
      readonly network?: string;
      readonly device?: string;
    }[];
    readonly latestPath?: string;
    readonly olderPath?: string;
  };
  readonly 'cabinet/email': Proved & {
    readonly email?: string;
    /** Letters to it come back. */
    readonly troubled: boolean;
    readonly typed: string;
    readonly pending?: { readonly address: string; readonly stage: 'code' | 'link' };
    readonly problem?: FieldProblem<'email' | 'password' | 'code'>;
  };
  readonly 'cabinet/delete': Proved & {
    readonly stage: 'effects' | 'code' | 'waiting';
    /** There is an address that a code can be sent to. */
    readonly byCode: boolean;
    readonly due?: Date;
    readonly problem?: FieldProblem<'email' | 'password' | 'code'>;
  };
  readonly 'cabinet/data': Proved & {
    readonly categories: readonly { readonly key: DataCategory; readonly count: number }[];
    readonly problem?: FieldProblem<'email' | 'password' | 'code'>;
  };
  readonly 'email/confirm': { readonly action: string; readonly email: string };
  readonly 'email/confirmed': {
    readonly kind: 'changed' | 'added';
    readonly join?: { readonly path: string; readonly unfinished: boolean };
  };
  readonly 'email/undo': { readonly action: string; readonly email: string };
  readonly 'email/gone': Empty;
  readonly 'cabinet/home': {
    readonly accountId: string;
    readonly name?: { readonly full: string };
    readonly membership: MembershipState | 'none';
    readonly organisation?: OrganisationContact;
    readonly email?: string;
    /** Ready to be shown: 4-4-4-4, masked or whole. */
    readonly ticket?: string;
    readonly ticketShown: boolean;
    /** Where the card itself is (E-18). */
    readonly ticketState?: TicketState;
    /** Letters to the address do not arrive. */
    readonly mailTrouble: boolean;
    /** For whoever is no member and has not applied. */
    readonly join?: { readonly path: string; readonly unfinished: boolean };
    /** Instead: the application she is asked to correct. */
    readonly returned?: ReturnedApplication;
    /** Set while a deletion can be called off. */
    readonly deletionDue?: Date;
    readonly notice?: NoticeCode;
  };
  readonly 'cabinet/sessions': {
    readonly sessions: readonly {
      readonly device: string;
      readonly network: string;
      readonly signedInAt: Date;
      readonly current: boolean;
      readonly action: string;
    }[];
    readonly endOthersAction: string;
  };
  readonly 'cabinet/password': {
    readonly action: string;
    readonly problem?: FieldProblem<'current' | 'fresh' | 'repeated'>;
    readonly done?: 'changed' | 'set';
  };
  readonly 'cabinet/set-password': {
    readonly action: string;
    readonly proof: 'recent' | 'sign-in';
    /** There is an address or a ticket to type it beside. */
    readonly useful: boolean;
    readonly problem?: FieldProblem<'current' | 'fresh' | 'repeated'>;
  };
  readonly 'cabinet/documents': {
    readonly applications: readonly {
      readonly purpose: 'joining' | 'enrolment';
      readonly organisation: string;
      readonly state: ApplicationState;
      readonly reason?: string;
      readonly signedAt: Date;
      readonly stateSince: Date;
      /** Of the signed text. */
      readonly path?: string;
    }[];
    readonly documents: readonly DocumentSummary[];
    readonly suggested: readonly {
      readonly type: ConsentType;
      readonly title: string;
      readonly why: 'new' | 'new_version' | 'change';
      readonly path: string;
    }[];
    readonly notice?: NoticeCode;
  };
  readonly 'cabinet/document': DocumentSummary & {
    readonly blocks: readonly Block[];
    readonly protocol?: SigningProtocol & { readonly sha256: string };
    readonly checkAction?: string;
    readonly pdf?: string;
    readonly check?: 'same' | 'different';
    readonly withdrawPath?: string;
  };
  readonly 'cabinet/withdraw': {
    readonly type: ConsentType;
    readonly documentPath: string;
    readonly action: string;
  };
  readonly 'cabinet/consent': {
    readonly type: ConsentType;
    readonly action: string;
    /** union_messages only, by the names of the fields. */
    readonly ticked: Readonly<Record<string, boolean>>;
    readonly problem?: FieldProblem<'email' | 'union'>;
  };
  readonly 'cabinet/consent-text': {
    readonly type: ConsentType;
    readonly title: string;
    readonly blocks: readonly Block[];
    readonly action: string;
    /** Where the terms are to be read that have to be accepted first, and which those are. */
    readonly terms?: string;
    readonly termsVersion: string;
    readonly problem?: FieldProblem<'terms'>;
  };
  readonly 'cabinet/consent-code': {
    readonly title: string;
    readonly sent: boolean;
    readonly address: string;
    readonly action: string;
    readonly againAction: string;
    readonly textPath: string;
    readonly problem?: FieldProblem<'code'>;
  };
  readonly 'cabinet/portals': {
    readonly portals: readonly (ClientName & {
      readonly receives: readonly {
        readonly claim: ClaimName;
        readonly told: boolean;
        /** She may change it. */
        readonly optional: boolean;
      }[];
      /** Also while she is away. */
      readonly offline: boolean;
      readonly since: Date;
      readonly claimsAction: string;
      readonly action: string;
    })[];
  };
};
