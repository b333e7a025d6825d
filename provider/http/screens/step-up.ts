/** Pages of a second proof: her session is not enough, or she wants to be asked each time. */
import type { Demand } from '../../interactions/raised.ts';
import type { InteractionScreens, Outage, PasskeyActions } from './interaction.ts';
import type { ClientName, FieldProblem } from './shared.ts';

type SignInScreen = InteractionScreens['interaction/sign-in'];

export type StepUpScreens = {
  /** The proofs that she has, and that would do. */
  readonly 'interaction/step-up': {
    readonly client: ClientName;
    /** For the level of a portal, because she wants it each time, or because only a device of hers will do. */
    readonly demand: Demand;
    readonly upstreams: SignInScreen['upstreams'];
    readonly outages: readonly Outage[];
    readonly refusal?: NonNullable<SignInScreen['refusal']>;
    readonly problem?: FieldProblem<'code'>;
    readonly passkey?: PasskeyActions;
    /** Posts code. */
    readonly appAction?: string;
    /** `email`: masked. */
    readonly mail?: { readonly action: string; readonly email: string };
    readonly recoveryPath?: string;
    /** Where only a device will do and she may have lost hers, or has none: `paper`, her codes let her add one. */
    readonly newDevice?: { readonly action: string; readonly paper: boolean };
    /** Nothing but her mailbox may be left to her. */
    readonly lostPath?: string;
    /** Only where it is a wish. */
    readonly laterAction?: string;
    readonly cancelAction: string;
  };
  readonly 'interaction/step-up-code': {
    readonly client: ClientName;
    /** Masked. */
    readonly email: string;
    readonly problem?: FieldProblem<'code'>;
    readonly action: string;
    readonly repeatAction: string;
    readonly backPath: string;
  };
  readonly 'interaction/recovery-code': {
    readonly client: ClientName;
    readonly left: number;
    readonly problem?: FieldProblem<'code'>;
    readonly action: string;
    readonly backPath: string;
  };
  readonly 'interaction/lost-factor': {
    readonly client: ClientName;
    /** Masked. */
    readonly email: string;
    /** Asked for already: from then on a mailed code will do. */
    readonly mailCountsAt?: Date;
    readonly sendAction: string;
    /** A code is on its way. */
    readonly codeAction?: string;
    readonly problem?: FieldProblem<'code'>;
    readonly backPath: string;
  };
};
