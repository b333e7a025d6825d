/** What each page must be told. A page has no other locals but these and what render.ts gives to all. */
import type { MembershipState } from '../../adapters/account-store/account-store.ts';
import type { ApplicationState } from '../../adapters/application-store/application-store.ts';
import type {
  ConsentType,
  DocumentType,
  PaperProtocol,
  SigningProtocol,
} from '../../adapters/document-store/document-store.ts';
import type { Variant } from '../../adapters/draft-store/draft-store.ts';
import type { MessageChannel } from '../../adapters/message-channels/message-channels.ts';
import type { Block } from '../documents/paragraphs.ts';
import type { ClaimName, DataCategory, FaultText, NoticeCode, ProblemCode } from './texts.ts';

/** A relying party as a page names it. */
type ClientName = { readonly name: string; readonly uri?: string; readonly owner?: string };

/** Why a form is shown again. `minutes` counts in plural forms. */
type FieldProblem<Field extends string> = {
  readonly field: Field | 'form';
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, string | number>>;
};

type OrganisationContact = {
  readonly shortName: string;
  readonly region?: string;
  readonly phone?: string;
  readonly email?: string;
};

type By = 'email' | 'ticket';
type Empty = Readonly<Record<string, never>>;
type SignOut = { readonly client?: ClientName; readonly action: string; readonly xsrf: string };

type TypedPerson = {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  readonly birthdate: string;
  readonly union_pd?: 'yes' | undefined;
  readonly union_messages?: 'yes' | undefined;
};

type Employment = 'worker' | 'student' | 'pensioner' | 'other';

type TypedApplication = {
  readonly purpose: 'joining' | 'enrolment';
  readonly sex?: 'male' | 'female' | undefined;
  readonly phone: string;
  readonly organisation_query: string;
  readonly unit: string;
  readonly employment?: Employment | undefined;
};

type OrganisationShown = {
  readonly id: string;
  readonly shortName: string;
  readonly name: string;
  readonly town?: string | undefined;
  readonly region: string;
  readonly inn?: string | undefined;
};

type DocumentsToSign = {
  readonly documents: readonly {
    readonly id: string;
    readonly type: 'application' | 'union_pd' | 'union_messages' | 'finfort_pd';
    readonly title: string;
    readonly opened: boolean;
  }[];
  /** Newer than what the person accepted: to be accepted before the signature. */
  readonly terms?: { readonly version: string };
  readonly problem?: FieldProblem<'terms'>;
};

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

export type Screens = {
  readonly start: Empty;
  readonly error: {
    readonly code: FaultText;
    readonly requestId?: string;
    /** For the developer of the client (RFC 6749 §4.1.2.1). */
    readonly oauth?: { readonly error: string; readonly description?: string };
    readonly client?: ClientName;
  };
  readonly 'about/ways': Empty;
  readonly unsubscribe: { readonly action: string; readonly done?: false } | { readonly done: true };
  readonly 'interaction/sign-in': {
    readonly client?: ClientName;
    readonly by: By;
    /** As the person typed it. */
    readonly identifier: string;
    readonly foreignComputer?: boolean;
    readonly notice?: NoticeCode;
    readonly problem?: FieldProblem<'identifier' | 'password'>;
    readonly recoveryPath: string;
    readonly joinPath: string;
    readonly action: string;
    readonly cancelAction: string;
    readonly switchTo: Readonly<Record<By, string>>;
  };
  readonly 'interaction/consent': {
    readonly client: ClientName;
    readonly items: readonly { readonly key: ClaimName }[];
    readonly offline?: boolean;
    readonly action: string;
    readonly cancelAction: string;
  };
  readonly 'interaction/refused': {
    readonly client: ClientName;
    readonly membership: Exclude<MembershipState, 'member'> | 'none';
    readonly organisation?: OrganisationContact;
    readonly backAction: string;
    readonly joinAction: string;
  };
  readonly 'interaction/services-ended': { readonly client: ClientName; readonly backAction: string };
  readonly 'interaction/expired': {
    readonly client?: ClientName;
    readonly resume?: { readonly action: string };
  };
  readonly 'interaction/busy': {
    readonly client?: ClientName;
    /** Seconds. */
    readonly retryAfter: number;
    /** Where the sign-in form goes, and what was typed in it. */
    readonly action: string;
    readonly by: By;
    readonly identifier: string;
    readonly foreignComputer?: boolean;
  };
  readonly 'cabinet/email': {
    readonly email?: string;
    /** Letters to it come back. */
    readonly troubled: boolean;
    readonly typed: string;
    readonly pending?: { readonly address: string; readonly stage: 'code' | 'link' };
    readonly problem?: FieldProblem<'email' | 'password' | 'code'>;
  };
  readonly 'cabinet/delete': {
    readonly stage: 'effects' | 'code' | 'waiting';
    readonly due?: Date;
    readonly problem?: FieldProblem<'email' | 'password' | 'code'>;
  };
  readonly 'cabinet/data': {
    readonly categories: readonly { readonly key: DataCategory; readonly count: number }[];
    readonly problem?: FieldProblem<'email' | 'password' | 'code'>;
  };
  readonly 'email/confirm': { readonly action: string; readonly email: string };
  readonly 'email/confirmed': Empty;
  readonly 'email/undo': { readonly action: string; readonly email: string };
  readonly 'email/gone': Empty;
  readonly 'recovery/ask': {
    /** As the person typed it. */
    readonly email: string;
    readonly action: string;
    readonly signInPath: string;
    readonly problem?: FieldProblem<'email'>;
  };
  readonly 'recovery/sent': {
    readonly email: string;
    readonly minutes: number;
    readonly againPath: string;
    readonly signInPath: string;
  };
  readonly 'recovery/new-password': {
    readonly action: string;
    /** The address the link was sent to. */
    readonly email?: string;
    readonly problem?: FieldProblem<'fresh' | 'repeated'>;
  };
  readonly 'recovery/gone': { readonly againPath: string };
  readonly 'sign-out/confirm': SignOut;
  readonly 'sign-out/nobody': SignOut;
  readonly 'sign-out/done': { readonly client?: ClientName };
  readonly 'cabinet/home': {
    readonly accountId: string;
    readonly name?: { readonly full: string };
    readonly membership: MembershipState | 'none';
    readonly organisation?: OrganisationContact;
    readonly email?: string;
    /** Ready to be shown: 4-4-4-4, masked or whole. */
    readonly ticket?: string;
    readonly ticketShown: boolean;
    /** Letters to the address do not arrive. */
    readonly mailTrouble: boolean;
    /** For whoever is no member and has not applied. */
    readonly join?: { readonly path: string; readonly unfinished: boolean };
    /** Set while a deletion can be called off. */
    readonly deletionDue?: Date;
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
    readonly done?: boolean;
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
    readonly path: string;
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
      readonly receives: readonly ClaimName[];
      readonly since: Date;
      readonly action: string;
    })[];
  };
  readonly 'join/create': {
    /** As the person typed it. */
    readonly typed: { readonly email: string; readonly terms?: 'yes' };
    /** The password that will not do was typed in Russian letters. */
    readonly wrongLayout: boolean;
    readonly wayBack?: { readonly from: string; readonly client: string };
    readonly problems?: readonly FieldProblem<'email' | 'password' | 'terms'>[];
    readonly herePath: string;
    readonly signInPath: string;
    readonly recoveryPath: string;
  };
  readonly 'join/terms': {
    readonly version: string;
    readonly current: boolean;
    readonly blocks: readonly Block[];
  };
  readonly 'join/letter': {
    /** The address the letter went to, and the one in the form of correction. */
    readonly email: string;
    readonly typed: string;
    readonly foreign: boolean;
    readonly notice?: NoticeCode;
    readonly trouble?: 'refused' | 'bounced';
    readonly problems?: readonly FieldProblem<'email' | 'password' | 'terms'>[];
  };
  readonly 'join/confirm': {
    /** Masked. */
    readonly email: string;
    readonly at: Date;
    /** Empty when nobody knows. */
    readonly device: string;
    readonly network: string;
    /** In another browser than the one that asked for the account. */
    readonly elsewhere: boolean;
    readonly registration: string;
    readonly action: string;
    readonly disownAction: string;
  };
  readonly 'join/disowned': Empty;
  readonly 'join/gone': { readonly letterPath?: string };
  readonly 'join/question': {
    readonly email?: string;
    /** Where the person had stopped. */
    readonly draftPath?: string;
  };
  readonly 'join/ticket': {
    readonly typed: TypedPerson & { readonly ticket: string };
    readonly problems?: readonly FieldProblem<keyof TypedPerson | 'ticket'>[];
  };
  readonly 'join/matched': {
    readonly family: string;
    readonly given: string;
    readonly middle?: string;
    /** Ready to be shown, as the ticket. */
    readonly birthdate: string;
    readonly ticket: string;
  };
  readonly 'join/application': {
    readonly typed: TypedPerson & TypedApplication;
    readonly organisation?: (OrganisationShown & { readonly units: readonly string[] }) | undefined;
    readonly found?: readonly (OrganisationShown & { readonly admits: boolean })[];
    readonly problems?: readonly FieldProblem<keyof TypedPerson | keyof TypedApplication>[];
  };
  readonly 'join/review': DocumentsToSign & {
    readonly application: {
      readonly purpose: 'joining' | 'enrolment';
      readonly family: string;
      readonly given: string;
      readonly middle?: string;
      readonly sex: 'male' | 'female';
      readonly birthdate: string;
      readonly phone: string;
      readonly organisation: OrganisationShown;
      readonly unit?: string;
      readonly employment: Employment;
    };
    readonly messages: boolean;
  };
  readonly 'join/documents': DocumentsToSign;
  readonly 'join/document': {
    readonly blocks: readonly Block[];
    readonly version: string;
    /** Absent for the form of a document, which opens beside the page that needs it. */
    readonly back?: string;
  };
  readonly 'join/code': {
    readonly variant: Variant;
    readonly address: string;
    readonly documents: readonly string[];
    /** A code stands. */
    readonly sent: boolean;
    /** Seconds until it may be sent again. */
    readonly wait: number;
    readonly problem?: FieldProblem<'code'>;
    readonly triesLeft?: number;
  };
  readonly 'join/done': {
    readonly variant: Variant;
    /** Whom an application is addressed to. */
    readonly organisation?: string;
    readonly delivered?: boolean;
    /** Name of the portal the person came from. */
    readonly portal?: string;
  };
};

export type View = keyof Screens;
