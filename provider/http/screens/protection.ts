/** «Защита входа»: what an account is protected by, and how that is changed. */
import type { DeviceKind } from '../../events/protection.ts';
import type { NoticeCode } from '../texts.ts';
import type { PasskeyActions } from './interaction.ts';
import type { FieldProblem } from './shared.ts';

type Device = {
  readonly name: string;
  readonly addedAt: Date;
  readonly usedAt?: Date;
  readonly removePath: string;
};

/** By what she proves herself before she may change anything; what she does not have is absent. */
export type ProofForms = {
  readonly passkey?: PasskeyActions;
  readonly appAction?: string;
  readonly recoveryAction?: string;
  readonly mail?: { readonly email: string; readonly sendAction: string; readonly codeAction?: string };
  readonly signInPath?: string;
  readonly lostPath?: string;
};

export type ProtectionScreens = {
  readonly 'cabinet/protection': {
    /** She works with the data of many: what she still lacks for that, or nothing any more. */
    readonly staff?: 'lacking' | 'ready';
    /** Where she works, or was going to. */
    readonly workPath?: string;
    /** Absent when she has proved herself: what can be changed, can be changed now. */
    readonly proof?: ProofForms;
    readonly passkeys: readonly (Device & { readonly syncable: boolean })[];
    readonly codeApps: readonly Device[];
    readonly recoveryCodes: number;
    readonly alwaysAsked: boolean;
    readonly mayAskAlways: boolean;
    /** From when on a mailed code will do, as somebody has asked for it. */
    readonly mailCountsAt?: Date;
    readonly addPasskey: PasskeyActions;
    readonly typedName: string;
    readonly problem?: FieldProblem<'code' | 'recovery' | 'mailed' | 'name'>;
    readonly notice?: NoticeCode;
  };
  readonly 'cabinet/code-app': {
    readonly picture: string;
    /** In groups of four. */
    readonly secret: string;
    readonly typedName: string;
    readonly problem?: FieldProblem<'code' | 'name'>;
    readonly action: string;
  };
  /** Shown once. */
  readonly 'cabinet/recovery-codes': {
    readonly codes: readonly string[];
    readonly email: string;
    readonly host: string;
    readonly madeAt: Date;
    readonly file: string;
  };
  readonly 'cabinet/remove-factor': {
    readonly kind: DeviceKind;
    readonly name: string;
    readonly problem?: FieldProblem<'form'>;
    readonly action: string;
  };
  readonly 'cabinet/lost-factor': {
    /** Masked. */
    readonly email: string;
    readonly mailCountsAt?: Date;
    readonly sendAction: string;
    readonly codeAction?: string;
    readonly problem?: FieldProblem<'code'>;
  };
};
