/** An incident at the operators' desk: everybody signed out, keys changed, who is affected, and what was done. */
import type { ForcedReset } from '../../../adapters/incident-store/incident-store.ts';
import type { NoticeCode } from '../texts.ts';
import type { TrailEntry } from './operators.ts';
import type { FieldProblem } from './shared.ts';

export type IncidentField = 'sign_out_word' | 'keys_word' | 'from' | 'until' | 'network' | 'client';

export type IncidentScreens = {
  readonly 'operator/incident/home': {
    /** People are not hers to see. */
    readonly administratorOnly?: boolean;
    readonly typed: { readonly word: string; readonly leaked: boolean };
    readonly span: {
      readonly from: string;
      readonly until: string;
      readonly network: string;
      readonly client: string;
    };
    readonly lastSignOut?: Date;
    readonly resets: readonly Omit<ForcedReset, 'begunBy'>[];
    readonly entries: readonly TrailEntry[];
    readonly olderPath?: string;
    readonly problems: readonly FieldProblem<IncidentField>[];
    /** The keys cannot be changed before. */
    readonly readyAt?: Date;
    /** In minutes: too new to be replaced once more unless she says so. */
    readonly keysAge?: number;
    readonly notice?: NoticeCode;
  };
  readonly 'operator/incident/trail': {
    readonly administratorOnly?: boolean;
    /** Views of personal data, too. */
    readonly isAll: boolean;
    readonly entries: readonly TrailEntry[];
    readonly olderPath?: string;
  };
  readonly 'operator/incident/signed-out': { readonly path: string };
  readonly 'operator/incident/affected': {
    readonly administratorOnly?: boolean;
    readonly span: {
      readonly from: Date;
      readonly until: Date;
      readonly network?: string;
      readonly client?: string;
    };
    readonly count: number;
    /** The operator's own account is among them. */
    readonly includesHer: boolean;
    readonly isMost: boolean;
    readonly path: string;
    readonly typed: { readonly note: string; readonly word: string };
    readonly problem?: FieldProblem<'note' | 'word'>;
  };
};
