/** Pages between an authorization request and its answer, and those of signing out. */
import type { MembershipState } from '../../../adapters/account-store/account-store.ts';
import type { ClaimName, NoticeCode } from '../texts.ts';
import type { ClientName, FieldProblem, OrganisationContact } from './shared.ts';

type By = 'email' | 'ticket';

type SignOut = { readonly client?: ClientName; readonly action: string; readonly xsrf: string };

export type InteractionScreens = {
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
  readonly 'sign-out/confirm': SignOut;
  readonly 'sign-out/nobody': SignOut;
  readonly 'sign-out/done': { readonly client?: ClientName };
};
