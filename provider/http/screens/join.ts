/** From «Создать» to the signature, and the way back in when the password is forgotten. */
import type { DocumentType } from '../../../adapters/document-store/document-store.ts';
import type { Variant } from '../../../adapters/draft-store/draft-store.ts';
import type { ReturnedApplication } from '../../applications/returned.ts';
import type { Block } from '../../documents/paragraphs.ts';
import type { NoticeCode } from '../texts.ts';
import type { Empty, FieldProblem } from './shared.ts';

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
    readonly type: DocumentType;
    readonly title: string;
    readonly opened: boolean;
  }[];
  /** Newer than what the person accepted: to be accepted before the signature. */
  readonly terms?: { readonly version: string };
  readonly problem?: FieldProblem<'terms'>;
};

export type JoinScreens = {
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
    /** What she applied with is to be corrected. */
    readonly returned?: ReturnedApplication;
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
    /** In our own register, or on its way to another. */
    readonly kept?: 'here' | 'waiting' | 'delivered';
    /** Name of the portal the person came from. */
    readonly portal?: string;
  };
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
};
