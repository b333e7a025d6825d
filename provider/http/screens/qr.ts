/** Pages of a sign-in that a phone answers: those of the browser that asks, and those of the phone. */
import type { ClientName, Empty, FieldProblem } from './shared.ts';

export type QrScreens = {
  /** A phone is to answer: what it scans, what it types instead, what it must name. */
  readonly 'interaction/qr': {
    readonly client: ClientName;
    readonly number: number;
    readonly code: string;
    readonly minutes: number;
    readonly address: string;
    readonly picture: string;
    readonly statePath: string;
    readonly againSeconds: number;
    readonly backPath: string;
  };
  readonly 'interaction/qr-over': {
    readonly client: ClientName;
    readonly why: 'expired' | 'refused' | 'wrong_number';
    readonly againAction: string;
    readonly backPath: string;
  };
  /** The phone's pages. */
  readonly 'qr/code': { readonly action: string; readonly problem?: FieldProblem<'code'> };
  readonly 'qr/question': {
    readonly client: ClientName;
    readonly device: string;
    readonly network: string;
    readonly choices: readonly number[];
    /** Which question this page is of. */
    readonly question: string;
    readonly action: string;
  };
  readonly 'qr/answered': { readonly kind: 'confirmed' | 'refused' | 'wrong_number' };
  readonly 'qr/gone': Empty;
};
