/** Pages between an authorization request and its answer, and those of signing out. */
import type { MembershipState } from '../../../adapters/account-store/account-store.ts';
import type { CaseSide, MismatchKind } from '../../../adapters/case-store/case-store.ts';
import type { EduRole } from '../../../adapters/school-register/school-register.ts';
import type { Refusal } from '../../../adapters/upstream/upstream.ts';
import type { Block } from '../../documents/paragraphs.ts';
import type { GuideId } from '../../guides/guides.ts';
import type { ClaimName, ClaimWord, NoticeCode } from '../texts.ts';
import type { ClientName, FieldProblem, OrganisationContact } from './shared.ts';

type By = 'email' | 'ticket';

/** An upstream that does not work just now. */
export type Outage = {
  /** ЕСИА has words of its own (MSG-16). `any`: the password and another upstream are there instead. */
  readonly code: `${'esia' | 'other'}_${'any' | 'password' | 'upstream' | 'nothing'}`;
  readonly name: string;
  /** Which upstreams there are instead. */
  readonly instead: string;
};

type SignOut = {
  readonly client?: ClientName;
  /** The upstream she came in through, and where her session there ends. */
  readonly remote?: { readonly name: string; readonly url: string };
  readonly action: string;
  readonly xsrf: string;
};

/** Where the answer of a device goes, and where the browser learns what to ask it for. */
export type PasskeyActions = { readonly action: string; readonly optionsAction: string };

export type InteractionScreens = {
  readonly 'interaction/sign-in': {
    readonly client?: ClientName;
    readonly by: By;
    /** As the person typed it. */
    readonly identifier: string;
    readonly foreignComputer?: boolean;
    readonly notice?: NoticeCode;
    readonly problem?: FieldProblem<'identifier' | 'password'>;
    /** Whether our own password leads in. */
    readonly password: boolean;
    readonly upstreams: readonly {
      readonly id: string;
      readonly name: string;
      readonly path: string;
      readonly registrationUrl?: string;
      /** What explains this way in. */
      readonly guide?: GuideId;
    }[];
    readonly outages: readonly Outage[];
    /** Names of all that lead in, when the password does not. */
    readonly only?: string;
    /** Why an upstream, or what it told, did not let her in. */
    readonly refusal?: { readonly code: Refusal | 'account_unavailable'; readonly name: string };
    /** She is signed in, but not surely enough for this portal. */
    readonly confirming: boolean;
    /** She is signed in, but too long ago for this portal. */
    readonly tooOld?: boolean;
    readonly support: {
      readonly uri?: string;
      readonly guides: readonly { readonly for: EduRole; readonly uri: string }[];
    };
    readonly recoveryPath: string;
    readonly joinPath: string;
    readonly action: string;
    /** Absent where no key of ours leads in. */
    readonly passkey?: PasskeyActions;
    readonly cancelAction: string;
    /** Signing in by a phone. */
    readonly qrAction?: string;
    readonly switchTo: Readonly<Record<By, string>>;
  };
  /** An upstream's identity that waits for its account to be proved. */
  readonly 'interaction/link': {
    readonly client: ClientName;
    readonly upstream: string;
    readonly by: By;
    readonly identifier: string;
    readonly problem?: FieldProblem<'identifier' | 'password'>;
    readonly action: string;
    readonly cancelAction: string;
    readonly switchTo: Readonly<Record<By, string>>;
    /** Absent when no address is known to both sides. */
    readonly codeAction?: string;
    /** Absent when it is certain that she has an account. */
    readonly createAction?: string;
  };
  readonly 'interaction/link-code': {
    readonly client: ClientName;
    readonly upstream: string;
    /** Masked. */
    readonly email: string;
    readonly problem?: FieldProblem<'code'>;
    readonly action: string;
    readonly repeatAction: string;
    readonly backPath: string;
  };
  /** Two records of her differ: which kinds of data, whom to ask, when to come again. Never a value (MSG-15). */
  readonly 'interaction/mismatch': {
    readonly side: CaseSide;
    readonly number: string;
    readonly kinds: readonly MismatchKind[];
    readonly upstream: { readonly kind: 'esia' | 'oidc' | 'oauth2'; readonly name: string };
    /** Corrected already; counts from then on. */
    readonly retryAt?: Date;
    readonly backAction: string;
    /** The other ways in; absent where another way would find the same. */
    readonly signInPath?: string;
  };
  readonly 'interaction/consent': {
    readonly client: ClientName;
    /** One of our own, asked for because nobody can be sure that it is the application that asks. */
    readonly isOurs: boolean;
    readonly items: readonly {
      readonly claim: ClaimName;
      /** Hers, where it says something to a reader: as it stands, or by the name of a word of ours. */
      readonly value?: string;
      readonly word?: ClaimWord;
      /** Present for one that she may decline. */
      readonly ticked?: boolean;
    }[];
    /** Agreed to before. */
    readonly known: readonly ClaimName[];
    /** APIs that it may act at for her. */
    readonly resources: readonly { readonly uri: string; readonly scopes: readonly string[] }[];
    /** How long it may ask without her. */
    readonly offlineDays?: number;
    /** What the form offers to decline, space separated. */
    readonly optional: string;
    readonly problem?: FieldProblem<'form'>;
    readonly action: string;
    readonly cancelAction: string;
  };
  /** A document before entry, by itself. */
  readonly 'interaction/document': {
    readonly client: ClientName;
    /** What becomes of her without it. */
    readonly otherwise: 'without_claims' | 'refuse';
    /** What the portal is not told without it. */
    readonly withheld: readonly ClaimName[];
    /** Absent while she has no confirmed address: the code that signs it comes by letter. */
    readonly document?: {
      readonly title: string;
      readonly blocks: readonly Block[];
      readonly sha256: string;
    };
    /** Where the terms are to be read that have to be accepted first, and which those are. */
    readonly terms?: string;
    readonly termsVersion: string;
    readonly problem?: FieldProblem<'terms'>;
    readonly action: string;
    readonly laterAction: string;
  };
  readonly 'interaction/document-code': {
    readonly client: ClientName;
    readonly title: string;
    readonly sent: boolean;
    readonly address: string;
    readonly problem?: FieldProblem<'code'>;
    readonly action: string;
    readonly againAction: string;
    readonly textPath: string;
    readonly laterAction: string;
  };
  /** Without that document this portal is closed to her. */
  readonly 'interaction/document-needed': {
    readonly client: ClientName;
    readonly title: string;
    readonly textPath: string;
    readonly backAction: string;
  };
  readonly 'interaction/refused': {
    readonly client: ClientName;
    readonly membership: Exclude<MembershipState, 'member'> | 'none';
    readonly organisation?: OrganisationContact;
    readonly backAction: string;
    readonly joinAction: string;
  };
  /** As whom she enters ЭПОС (D-11). */
  readonly 'interaction/role': {
    readonly client: ClientName;
    /** Those that open it. */
    readonly roles: readonly EduRole[];
    /** The role of the session, when it does not. */
    readonly elsewhere?: EduRole;
    readonly action: string;
    readonly cancelAction: string;
  };
  readonly 'interaction/education-refused': {
    readonly client: ClientName;
    readonly why: 'unknown' | 'not_permitted';
    readonly backAction: string;
  };
  readonly 'interaction/not-yet-open': { readonly client: ClientName; readonly backAction: string };
  readonly 'interaction/office': {
    readonly client: ClientName;
    readonly missing: 'office' | 'undertaking';
    readonly organisation?: string;
    readonly undertakingPath?: string;
    readonly backAction: string;
  };
  /** After a one-time password. */
  readonly 'interaction/first-password': {
    readonly client: ClientName;
    readonly email: string;
    readonly organisation: string;
    readonly shortest: number;
    readonly byLetter: boolean;
    readonly action: string;
    readonly problem?: FieldProblem<'fresh' | 'repeated'>;
  };
  readonly 'interaction/first-password-code': {
    readonly client: ClientName;
    readonly email: string;
    readonly action: string;
    readonly repeatAction: string;
    readonly backPath: string;
    readonly problem?: FieldProblem<'code'>;
  };
  readonly 'interaction/already-known': { readonly client: ClientName; readonly signInPath: string };
  readonly 'interaction/staff-role': { readonly client: ClientName; readonly backAction: string };
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
  readonly 'sign-out/confirm': SignOut;
  readonly 'sign-out/nobody': SignOut;
  readonly 'sign-out/done': { readonly client?: ClientName };
};
