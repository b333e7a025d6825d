/** How things stand: numbers, switches, portals, letters. Nobody's personal data. */
import type { AddressTroubles, DocumentCount, PortalRow } from '../../../adapters/census/census.ts';
import type { Urgency, WaitingLetters } from '../../letters/urgency.ts';
import type { Label } from '../../operations/label.ts';
import type { Chart } from '../../statistics/chart.ts';
import type { Period } from '../../statistics/periods.ts';
import type { Series } from '../../statistics/series.ts';
import type { UpstreamState } from '../../upstreams/upstreams.ts';
import type { NoticeCode } from '../texts.ts';
import type { FieldProblem } from './shared.ts';

export type OperatorFrame = {
  /** She answers for portals, and has no business with people. */
  readonly administratorOnly: boolean;
};

export type ChartView = {
  readonly kind: 'ways' | 'portals' | 'refusals' | 'line' | 'letters';
  readonly chart: Omit<Chart, 'marks' | 'pieces'> & {
    readonly marks: readonly { readonly x: number; readonly label: string }[];
  };
  readonly series: readonly (Pick<Series, 'colour' | 'total'> & { readonly label: Label })[];
  readonly total: number;
  /** The fullest column. */
  readonly peak: { readonly label: string; readonly count: number };
  /** Those columns in which something happened. */
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[];
};

type Door = {
  readonly name: string;
  /** The worst that any process sees. */
  readonly state: UpstreamState;
};

type TurnedDoor = Door & {
  readonly id: string;
  readonly kind: 'esia' | 'oidc' | 'oauth2';
  /** An operator's word, whatever its health. */
  readonly on: boolean;
  /** Absent: nobody has ever turned it. */
  readonly turned?: { readonly since: Date; readonly by?: string; readonly reason?: string };
};

export type OperationScreens = {
  readonly 'operator/dashboard/now': OperatorFrame & {
    readonly at: Date;
    readonly period: Period;
    readonly periods: readonly { readonly period: Period; readonly path: string }[];
    readonly processes: number;
    readonly signIns: number;
    readonly refusals: number;
    readonly hashing: { readonly inFlight: number; readonly queued: number };
    readonly applications: { readonly onTheWay: number; readonly underReview: number };
    readonly addressTroubles: AddressTroubles;
    readonly letters: readonly { readonly urgency: Urgency; readonly jobs: number }[];
    readonly oldestLetter?: Date;
    readonly doors: readonly Door[];
    readonly charts: readonly ChartView[];
  };
  readonly 'operator/doors/list': OperatorFrame & {
    readonly doors: readonly (TurnedDoor & { readonly path: string })[];
    readonly notice?: NoticeCode;
  };
  readonly 'operator/doors/door': OperatorFrame & {
    readonly door: TurnedDoor;
    readonly action: string;
    readonly typed: { readonly reason: string };
    readonly problem?: FieldProblem<'reason'>;
  };
  readonly 'operator/portals/list': OperatorFrame & {
    readonly portals: readonly PortalRow[];
    readonly morePath?: string;
    /** When people and documents were counted last; absent: never. */
    readonly countedAt?: Date;
    readonly documents: readonly DocumentCount[];
    /** Where an administrator reviews applications. */
    readonly reviewUrl?: string;
    readonly notice?: NoticeCode;
  };
  readonly 'operator/letters/queue': OperatorFrame & {
    readonly waiting: readonly (Pick<WaitingLetters, 'jobs' | 'postponed' | 'oldestAt'> & {
      readonly urgency: Urgency;
    })[];
    readonly postponed: number;
    /** Within the last week, by the service that keeps the mailbox. */
    readonly services: readonly {
      readonly service: string;
      readonly left: number;
      readonly refused: number;
    }[];
    readonly reasons: readonly { readonly code: string; readonly count: number }[];
    readonly addressTroubles: AddressTroubles;
    readonly notice?: NoticeCode;
  };
};
